"""What referrals ask of courses, which lie above them: how many of their sessions were given or are booked, and how they were felt."""

from typing import Any, Final

from django.db.models import QuerySet

from clinic.courses.models import Session, SessionRecord
from clinic.courses.states import SessionState
from clinic.web.prepared import Prepared
from patients.models import Patient, Referral
from patients.referrals import Counts, Felt

TO_COME: Final = (SessionState.BOOKED, SessionState.IN_PROGRESS)


def counted(referral: Referral) -> Counts:
    """The sessions of every course under this referral: those with a record, and those that are booked or under way."""
    rows = _COUNTED.rows("", referral=referral.pk)
    done = sum(record is not None for _state, record in rows)
    return Counts(done, booked=sum(record is None and state in TO_COME for state, record in rows))


def _sessions(_kind: str, *, referral: int) -> QuerySet[Any, Any]:
    return Session.objects.filter(course__referral=referral).order_by().values_list("state", "record")


_COUNTED: Final = Prepared(_sessions)


def felt(patient: Patient, condition: str) -> tuple[Felt, ...]:
    """How the patient's sessions with this condition were felt, oldest first, the last sixty of them."""
    records = SessionRecord.objects.filter(session__course__patient=patient, session__course__condition=condition)
    newest = records.order_by("-given_on", "-pk")[:60]
    return tuple(Felt(one.given_on, one.pain_before, one.pain_after, one.comfort) for one in reversed(newest))
