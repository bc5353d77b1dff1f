"""By what this app knows that somebody is in a patient's care: put in by hand, registered, asked, or answered a referral."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.staff.models import Role
from patients.care.relation import Source, register_relation
from patients.models import CareMember, Intake, IntakeChannel, Patient, Referral, ReferralMove
from patients.states import ReferralState

# Whoever writes somebody down or takes the intake usually treats next; when nothing came of it within a month, it is over.
ARRIVAL: Final = timedelta(days=30)
# Whoever answered for a treatment is asked about it again until the longest course and the questions after it are over: a year.
ANSWERED: Final = timedelta(days=365)
DOCTORS: Final = frozenset({Role.DOCTOR.value})


def own_relations() -> None:
    """Says it once, when the app is ready."""
    register_relation("member", Source(_members, pgettext_lazy("in care", "put in by hand"), user="user", day="added_at"))
    register_relation(
        "registered", Source(_registered, pgettext_lazy("in care", "registered the patient"), "pk", "registered_by", "registered_at")
    )
    register_relation("intake", Source(_intakes, pgettext_lazy("in care", "took the intake"), user="taker", day="started_at"))
    register_relation("referral-waits", Source(_waiting, gettext_lazy("every doctor: a referral waits for an answer"), roles=DOCTORS))
    register_relation(
        "referral-answered",
        Source(_answered, pgettext_lazy("in care", "answered a referral"), "referral__patient", "by", "at", roles=DOCTORS),
    )


def _members(since: datetime) -> QuerySet[CareMember]:
    return CareMember.objects.filter(Q(removed_at=None) | Q(removed_at__gt=since))


def _registered(since: datetime) -> QuerySet[Patient]:
    return Patient.objects.filter(registered_at__gt=since - ARRIVAL)


def _intakes(since: datetime) -> QuerySet[Any]:
    """Whoever read a form, or began one. A link is made from the page of contacts, so making one brings nobody into care."""
    begun = Q(channel=IntakeChannel.STAFF, started_at__gt=since - ARRIVAL)
    read = Q(completed_at__gt=since - ARRIVAL)
    return Intake.objects.filter(Q(read) | Q(begun, completed_by=None)).annotate(taker=Coalesce("completed_by", "started_by"))


def _waiting(since: datetime) -> QuerySet[Referral]:
    lately = Q(moves__before=ReferralState.SUBMITTED, moves__at__gt=since)
    return Referral.objects.filter(Q(state=ReferralState.SUBMITTED) | Q(pk__in=Referral.objects.filter(lately).values("pk")))


def _answered(since: datetime) -> QuerySet[ReferralMove]:
    return ReferralMove.objects.filter(before=ReferralState.SUBMITTED, at__gt=since - ANSWERED, by__isnull=False)
