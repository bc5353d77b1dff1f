"""What referrals ask of courses, which lie above them: how many of their sessions were given or are booked, and how they were felt."""

from django.db.models import Count, Q

from clinic.courses.models import Session, SessionRecord
from clinic.courses.states import SessionState
from patients.models import Patient, Referral
from patients.referrals import Counts, Felt


def counted(referral: Referral) -> Counts:
    """The sessions of every course under this referral: those with a record, and those that are booked or under way."""
    to_come = Q(state__in=(SessionState.BOOKED, SessionState.IN_PROGRESS), record=None)
    sessions = Session.objects.filter(course__referral=referral)
    return Counts(**sessions.aggregate(done=Count("record"), booked=Count("pk", filter=to_come)))


def felt(patient: Patient, condition: str) -> tuple[Felt, ...]:
    """How the patient's sessions with this condition were felt, oldest first, the last sixty of them."""
    records = SessionRecord.objects.filter(session__course__patient=patient, session__course__condition=condition)
    newest = records.order_by("-given_on", "-pk")[:60]
    return tuple(Felt(one.given_on, one.pain_before, one.pain_after, one.comfort) for one in reversed(newest))
