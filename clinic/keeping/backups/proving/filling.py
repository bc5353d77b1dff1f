"""A made-up clinic with as many rows as wanted: patients, looks at them, lines of the audit, and a few signatures."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone

from clinic.audit.chain import digest_of
from clinic.audit.models import AuditLine, ChainHead, ReadLine
from clinic.schedule.contest import Ward, a_ward
from clinic.signing.actions import record_paper
from clinic.signing.content import Content, Section
from clinic.staff.models import Role, StaffRole
from patients.models import Patient

AT_ONCE: Final = 2000
SIGNATURES: Final = 3


def a_filled_ward(rows: int) -> Ward:
    """A clinic, and so many rows of it, a third of each kind."""
    ward, each = a_ward(therapists=2, rooms=2, patients=4), rows // 3
    _insert(_patients(ward, each))
    _insert(_looks(ward, each))
    with transaction.atomic():
        _insert(_lines(ward, each))
    StaffRole.objects.create(user=ward.actor.user, clinic=ward.clinic, role=Role.DOCTOR)
    for number in range(SIGNATURES):
        _sign(ward, number)
    return ward


def _insert(rows: Iterator[models.Model]) -> None:
    while batch := list(islice(rows, AT_ONCE)):
        type(batch[0])._default_manager.bulk_create(batch)


def _patients(ward: Ward, count: int) -> Iterator[Patient]:
    given: dict[str, Any] = {"clinic": ward.clinic, "born_on": date(1980, 1, 1), "sex": "female", "registered_by": ward.actor.user}
    for number in range(count):
        yield Patient(card_number=f"F{number}", family_name=f"Family {number}", given_name=f"Given {number % 97}", **given)


def _looks(ward: Ward, count: int) -> Iterator[ReadLine]:
    then = timezone.now() - timedelta(days=1)
    for number in range(count):
        subject = {"subject_type": "patients.patient", "subject_id": str(ward.patients[number % 4].pk)}
        yield ReadLine(at=then, clinic=ward.clinic, user=ward.actor.user, roles="admin", page="patient", **subject)


def _lines(ward: Ward, count: int) -> Iterator[AuditLine]:
    """The chain goes on from where it stands; its head follows with the last line."""
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    for number in range(count):
        line = AuditLine(
            sequence=head.sequence + 1, at=timezone.now(), clinic=ward.clinic, user=ward.actor.user, roles="admin", verb="corrected",
            subject_type="patients.patient", subject_id=str(ward.patients[number % 4].pk),
            details={"fields": ["phone", "notes"], "number": number}, previous_digest=head.digest,
        )  # fmt: skip
        line.digest = digest_of(line)
        head.sequence, head.digest = line.sequence, line.digest
        yield line
    head.save()


@transaction.atomic
def _sign(ward: Ward, number: int) -> None:
    content = Content(
        "patients.referral", f"patients.referral:{number}", 1, {"number": number}, (Section("Referral", ("Back, ten times",)),)
    )
    paper = {"outside_name": "Dr Outside", "outside_licence": "", "signed_on": ward.clinic.today(), "file_digest": ""}
    record_paper(content=content, note="", actor=ward.actor, **paper)  # type: ignore[arg-type]
