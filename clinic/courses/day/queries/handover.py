"""What a colleague who stands in is told about a course: its next session, what was felt lately, when it goes on."""

from dataclasses import dataclass
from datetime import date

from clinic.courses.adapted import ProposalCard, proposal_card
from clinic.courses.models import Course, Session, SessionRecord
from clinic.courses.queries import last_screening, records_of, screening_of
from clinic.courses.states import SessionState
from clinic.schedule.models import Booking
from clinic.schedule.panel import words_of
from clinic.schedule.queries.people import wishes_of
from protocols.method.findings import Screening

SHOWN = 3  # records


@dataclass(frozen=True, slots=True)
class HandedOver:
    """``records``: the newest first. ``coming`` is the next session, None when all were given; ``before`` the last one given."""

    course: Course
    screening: Screening
    records: tuple[SessionRecord, ...]
    given: int
    coming: Session | None
    before: Session | None
    booking: Booking | None
    later: int  # booked sessions after that one
    proposal: ProposalCard | None
    wishes: tuple[str, ...]


def handed_over(course: Course, on: date) -> HandedOver:
    """The course as it stands on that day. About twenty queries, however many sessions there are."""
    records = records_of(course).select_related("session", "given_by", "recorded_by").prefetch_related("next_days", "addenda")
    newest = tuple(records.order_by("-session__number")[:SHOWN])
    to_come = tuple(_to_come(course))
    dated = [session.booking for session in to_come if session.booking and session.state in (SessionState.BOOKED, SessionState.IN_PROGRESS)]
    dated = sorted((each for each in dated if each.day >= on), key=lambda each: each.starts_at)
    said = wishes_of(course.patient)
    return HandedOver(
        course=course,
        screening=last_screening(course) or screening_of(course),
        records=newest,
        given=course.session_count - len(to_come),
        coming=_with_plan(to_come[0]) if to_come else None,
        before=_with_plan(newest[0].session) if newest else None,
        booking=dated[0] if dated else None,
        later=max(len(dated) - 1, 0),
        proposal=proposal_card(course, on),
        wishes=tuple(words_of(said)) if said else (),
    )


def _to_come(course: Course) -> list[Session]:
    found = Session.objects.filter(course=course, record=None).defer("plan")
    return list(found.select_related("booking__therapist", "booking__room", "booking__clinic").order_by("number"))


def _with_plan(session: Session) -> Session:
    """Its plan is large, and only two are needed."""
    session.refresh_from_db(fields=["plan"])
    return session
