"""One file with everything: a ZIP for the patient, written piece by piece. The same record gives the same bytes but for the time."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from clinic.exchange.fhir.bundles import patient_bundle
from clinic.keeping.export.collecting import Collector, spelled
from clinic.keeping.export.reading import record_pdf
from patients.models import Attachment, Patient
from patients.stored_files import FileChanged, FileMissing, stored_content

FORMAT: Final = "tactus-record-1"
IN_MEMORY: Final = 2**20  # bytes; what is larger is written to the disk
ENDING: Final[Mapping[str, str]] = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class Copy:
    """The file, open at its beginning, and how much of what is in it."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the answer closes it
        self.counts: dict[str, int] = {}


def pack(people: Sequence[Patient], *, at: datetime) -> Copy:
    """Everything about these people, one patient with merged records, in the patient's language. ``at`` is when it is said to be made."""
    patient, made = people[0], Copy()
    with override(patient.language), zipfile.ZipFile(made.file, "w", zipfile.ZIP_DEFLATED) as archive:
        local = at.astimezone(patient.clinic.zone)
        files = list(_files(people))
        _write(archive, "record.json", (piece.encode() for piece in spelled(_parts(people, at, made.counts))), local)
        bundle = json.dumps(patient_bundle(patient, at=at), ensure_ascii=False, sort_keys=True, indent=1)
        _write(archive, "fhir.json", [bundle.encode()], local)
        _write(archive, "record.pdf", [record_pdf(people, at, local.date())], local)
        missing = [name for name, attachment in files if not _add(archive, name, attachment, local)]
        _write(archive, "README.txt", [_readme(patient, local, missing).encode()], local)
        made.counts["files"] = len(files) - len(missing)
    made.file.seek(0)
    return made


def _parts(people: Sequence[Patient], at: datetime, counts: dict[str, int]) -> Iterator[tuple[str, Any]]:
    collector, clinic = Collector(people), people[0].clinic
    yield "format", FORMAT
    yield "made_at", at.isoformat()
    yield "clinic", {"name": clinic.name, "country": clinic.country, "time_zone": clinic.time_zone}
    for label, rows in collector.tables():
        yield label, _counted(rows, label, counts)
    yield "signatures", _counted(collector.signatures(), "signatures", counts)
    yield "opened_and_changed", _counted(collector.story(), "opened_and_changed", counts)


def _counted(rows: Iterator[dict[str, Any]], name: str, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    for row in rows:
        counts[name] = counts.get(name, 0) + 1
        yield row


def _files(people: Sequence[Patient]) -> Iterator[tuple[str, Attachment]]:
    for each in Attachment.objects.filter(patient__in=people).order_by("pk"):
        yield f"files/{each.pk}.{ENDING[each.content_type]}", each


def _add(archive: zipfile.ZipFile, name: str, attachment: Attachment, at: datetime) -> bool:
    """One uploaded file; False where it cannot be read any more, which the README then says."""
    try:
        content = stored_content(attachment.stored_as, attachment.sha256)
    except (FileMissing, FileChanged):
        return False
    _write(archive, name, [content], at)
    return True


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], at: datetime) -> None:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece)


def _readme(patient: Patient, at: datetime, missing: Sequence[str]) -> str:
    lines = [
        _("Copy of the record of %(name)s") % {"name": patient.full_name},
        f"{patient.clinic.name}, {at:%Y-%m-%d %H:%M} ({patient.clinic.time_zone})",
        "",
        "record.pdf   " + _("the record to read, with who opened it"),
        "record.json  " + _("everything that is kept, for other programs: one list for each table"),
        "fhir.json    " + _("the same as far as the standard HL7 FHIR R4B knows it, for other clinics and insurers"),
        "files/       " + _("the files that were uploaded, by their numbers in record.json"),
        "",
        _("This file is not encrypted. Whoever has it can read it: keep it as you keep papers about your health."),
    ]
    if missing:
        lines += ["", _("These files could not be read on the clinic’s machine: %(names)s.") % {"names": ", ".join(missing)}]
    return "\n".join(lines) + "\n"
