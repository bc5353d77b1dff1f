"""What waits for people of a clinic: referrals that end, sessions that nobody has signed. The same for messages and for pages."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from clinic.courses.models import Course, Session, SessionStart
from clinic.courses.states import CourseState
from patients.models import Referral
from patients.queries.referrals import ONCE_SIGNED
from patients.states import ReferralState

SOON: Final = timedelta(days=7)  # ahead, in which a new referral can still be asked for; and back, in which it was forgotten
LATE: Final = timedelta(hours=24)  # a session that is not signed by then is shown to the clinical lead
GIVEN_BY_NOW: Final = timedelta(hours=2)  # a session that was begun so long ago is over
WITH_SESSIONS: Final = (CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.PAUSED)


def courses_out_of_referral(on: date) -> QuerySet[Course]:
    """Courses with a session to come that their referral does not reach, on a clinic's day ``on``.

    It ends within a week (or did within the last) before the session, or has no date; or its sessions are used up. Not where another
    referral of the patient for the same condition takes over. To be narrowed to clinics.
    """
    to_come = Session.objects.filter(course=OuterRef("pk"), record=None)
    beyond = to_come.filter(Q(booking=None) | Q(booking__day__gt=OuterRef("referral__valid_until")))
    given = Session.objects.filter(course__referral=OuterRef("referral"), record__isnull=False).order_by()
    newer = Referral.objects.filter(
        patient=OuterRef("patient"), condition=OuterRef("condition"), state=ReferralState.SIGNED, valid_until__gt=on + SOON
    )
    found = Course.objects.filter(state__in=WITH_SESSIONS, referral__state__in=ONCE_SIGNED).annotate(
        given=Subquery(given.values("course__referral").annotate(found=Count("pk")).values("found"))
    )
    ends = Q(Exists(beyond), referral__valid_until__range=(on - SOON, on + SOON))
    used_up = Q(Exists(to_come), given__gte=F("referral__session_count"))
    return found.filter(ends | used_up).exclude(Exists(newer.exclude(pk=OuterRef("referral")))).defer("plan", "screening", "request")


def starts_not_signed(now: datetime) -> QuerySet[SessionStart]:
    """Sessions that were begun, are over by now, and nobody has signed. To be narrowed to clinics."""
    is_over = Q(session__booking__ends_at__lte=now) | Q(started_at__lte=now - GIVEN_BY_NOW)
    return SessionStart.objects.filter(is_over, closed_at=None)
