"""Nothing is signed while the clock of the machine lies behind the newest entry (H17)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from clinic.audit.actions import record
from clinic.audit.models import AuditLine
from clinic.signing.actions import OutsidePaper, record_paper
from clinic.signing.models import Signature
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.signing.making import a_chain, a_content


def sign_at(actor: Actor, at: datetime) -> Signature:
    with transaction.atomic():
        paper = OutsidePaper(outside_name="Dr Elsewhere", outside_licence="", signed_on=date(2020, 1, 1), file_digest="")
        return record_paper(content=a_content(), note="", actor=actor, at=at, **paper)


@pytest.mark.first_everywhere
@pytest.mark.parametrize(("seconds", "is_signed"), [(-3600, False), (-3, False), (-1, True), (0, True), (3600, True)])
def test_a_clock_that_ran_back_by_more_than_two_seconds_signs_nothing(doctor: Actor, seconds: int, is_signed: bool) -> None:
    (first,) = a_chain(doctor, 1)
    at = first.signed_at + timedelta(seconds=seconds)
    if is_signed:
        assert sign_at(doctor, at).sequence == 2
        return
    with pytest.raises(ActionDenied, match="clock of this machine has run back"):
        sign_at(doctor, at)
    assert Signature.objects.count() == 1


def test_the_newest_line_of_the_audit_shows_too_that_the_clock_ran_back(doctor: Actor) -> None:
    """Of another clinic, too: there is one clock. The last signature may be of yesterday, and the audit has a line a minute."""
    record(actor=doctor, verb="signed-in", subject=doctor.user, details={})
    line = AuditLine.objects.latest("sequence")
    with pytest.raises(ActionDenied, match="run back"):
        sign_at(doctor, line.at - timedelta(seconds=3))
    assert sign_at(doctor, line.at - timedelta(seconds=1)).pk
