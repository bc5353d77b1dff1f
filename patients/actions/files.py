"""What keeps uploaded files: the file first, then its row, and no file without a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from patients import stored_files
from patients.models import Attachment, Document
from patients.permissions import check_can_record_documents
from patients.uploads import Upload

SETTLED_SECONDS: Final = 24 * 60 * 60  # by then a transaction that was under way is over
MOST_FILES: Final = 20  # of one document


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An upload that lies on the disk already, and waits for its row."""

    upload: Upload
    stored_as: str


@contextmanager
def kept_file(upload: Upload | None) -> Iterator[KeptFile | None]:
    """Lays the upload on the disk for a transaction inside of this block; takes it away again unless a row names it at the end.

    What this cannot see to (the machine stops, the database is gone), ``remove_orphan_files`` mends at night.
    """
    if upload is None:
        yield None
        return
    stored_as = stored_files.store(upload.content)
    try:
        yield KeptFile(upload, stored_as)
    finally:
        if not Attachment.objects.filter(stored_as=stored_as).exists():
            stored_files.remove(stored_as)


@transaction.atomic
def attach_file(*, document: Document, file: KeptFile, actor: Actor) -> Attachment:
    """Adds a file to a document: the scan of what was seen. Raises ``ActionDenied`` for a withdrawn document and for too many files."""
    check_can_record_documents(actor)
    locked = Document.objects.select_for_update(of=("self",)).select_related("patient").get(pk=document.pk)
    if locked.is_withdrawn:
        raise ActionDenied(_("This document is withdrawn. Record it anew to add a file."))
    if locked.attachments.count() >= MOST_FILES:
        raise ActionDenied(_("A document has at most %(most)s files.") % {"most": MOST_FILES})
    upload = file.upload
    attachment = Attachment.objects.create(
        patient=locked.patient, document=locked, name=upload.name, content_type=upload.content_type, size=len(upload.content),
        sha256=upload.sha256, stored_as=file.stored_as, uploaded_by=actor.user,
    )  # fmt: skip
    said = {"patient": locked.patient_id, "document": locked.pk, "sha256": upload.sha256, "bytes": len(upload.content)}
    record(actor=actor, verb="attached-file", subject=attachment, details=said)
    return attachment


def remove_orphan_files() -> int:
    """Removes files that no row names and that have lain there for a day; answers how many. Safe to run at any time and twice."""
    orphans = [name for name in stored_files.stored_before(SETTLED_SECONDS) if not Attachment.objects.filter(stored_as=name).exists()]
    for name in orphans:
        stored_files.remove(name)
    return len(orphans)
