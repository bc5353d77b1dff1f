"""Condition and CarePlan: what the patient is treated for, and the course as it is planned and stands."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.models import Course, Session
from clinic.courses.states import CourseState, SessionState
from clinic.exchange.fhir.frame import OWN, Fields, Frame, concept, note
from clinic.exchange.fhir.stories import CourseStory, Words
from clinic.staff.models import User
from protocols.method.plans import SessionPlan

# Code of FHIR's request-status. A signed course may be begun at any time, which FHIR calls active.
STATUS: Final[Mapping[str, str]] = {
    CourseState.DRAFT: "draft",
    CourseState.AWAITING: "draft",
    CourseState.SIGNED: "active",
    CourseState.RUNNING: "active",
    CourseState.PAUSED: "on-hold",
    CourseState.SUSPENDED: "on-hold",
    CourseState.FINISHED: "completed",
    CourseState.ENDED: "revoked",
    CourseState.DISCARDED: "revoked",
}
# Code of FHIR's care-plan-activity-status. Who did not come may still be given that session: then it has another state again.
ACTIVITY: Final[Mapping[str, str]] = {
    SessionState.PLANNED: "not-started",
    SessionState.BOOKED: "scheduled",
    SessionState.IN_PROGRESS: "in-progress",
    SessionState.DONE: "completed",
    SessionState.MISSED: "cancelled",
    SessionState.CANCELLED: "cancelled",
}
MINUTE: Final = 60


def status_of(course: Course) -> str:
    """The status of a course; one that was begun and waits for a signature stands still and is no draft."""
    if course.state == CourseState.AWAITING and course.started_on:
        return "on-hold"
    return STATUS[course.state]


def told_for(course: Course) -> str:
    """The name of the condition that a course treats: no record of ours, so it is named by text."""
    return f"{course._meta.label_lower}:{course.pk}:condition"


def condition(story: CourseStory, frame: Frame) -> Fields:
    """What the therapist chose in the library. Tactus makes no diagnosis, so neither a clinical nor a verification status is told."""
    course, words = story.course, story.words
    name, stage = words.condition(course.condition), words.stage(course.condition, course.stage)
    fields = {
        "code": concept("condition", course.condition, name),
        "subject": frame.ref(course.patient, course.patient.full_name),
        "recordedDate": course.planned_on.isoformat(),
        "recorder": frame.ref(course.planned_by, course.planned_by.full_name),
        "stage": [{"summary": concept("stage", f"{course.condition}/{course.stage}", stage)}],
        "note": [note(_("Chosen in the library of Tactus by the person who planned the course. It is not a diagnosis."))],
    }
    return frame.resource("Condition", told_for(course), [f"{name}: {stage}"], fields)


def care_plan(story: CourseStory, frame: Frame) -> Fields:
    """The course: its state, why, by whom, and one activity for each session."""
    course, words = story.course, story.words
    title = f"{words.condition(course.condition)}: {words.stage(course.condition, course.stage)}"
    standing = str(CourseState(course.state).label)
    fields = {
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": frame.urn(course)}],
        "instantiatesUri": [f"urn:tactus:protocol:{course.condition}"],
        "status": status_of(course),
        "intent": "plan",
        "category": [concept("plan", "course", _("Course of massage"))],
        "title": title,
        "description": _standing(course, standing),
        "subject": frame.ref(course.patient, course.patient.full_name),
        "period": {
            "start": course.started_on.isoformat() if course.started_on else None,
            "end": course.finished_on.isoformat() if course.finished_on else None,
        },
        "created": frame.moment(course.planned_at),
        "author": frame.ref(course.planned_by, course.planned_by.full_name),
        "contributor": [frame.ref(course.therapist, course.therapist.full_name)] if course.therapist else [],
        "addresses": [frame.ref(told_for(course), title)],
        "supportingInfo": [*_papers(story, frame)],
        "activity": [_activity(session, plan, story, frame) for session, plan in zip(story.sessions, story.plans, strict=True)],
        "note": [note(line) for line in limits(story)],
    }
    return frame.resource("CarePlan", course, [title, _standing(course, standing)], fields)


def _papers(story: CourseStory, frame: Frame) -> list[Fields]:
    referral = [frame.ref(story.course.referral)] if story.course.referral else []
    return referral + [frame.ref(consent) for consent in story.consents]


def _standing(course: Course, standing: str) -> str:
    count = ngettext("%(count)s session", "%(count)s sessions", course.session_count) % {"count": course.session_count}
    return f"{count}. {standing}."


def limits(story: CourseStory) -> tuple[str, ...]:
    """How far a receiver may rely on the plan, in sentences."""
    course = story.course
    outcome = story.words.names.label("outcome", course.outcome)
    day = {"day": course.planned_on.isoformat(), "outcome": outcome, "edition": course.edition}
    return (
        _("Tactus supports the decisions of trained people. It is not a medical device and makes no diagnosis."),
        _("The plan stands on the answers of %(day)s: outcome “%(outcome)s”. On any other day its questions are asked again.") % day,
        _("What may not be done is kept out of the plan by Tactus and is not repeated here: do not give it from this file."),
        _("Edition of the library: %(edition)s") % day,
    )


def _activity(session: Session, plan: SessionPlan, story: CourseStory, frame: Frame) -> Fields:
    course, booking = story.course, session.booking
    therapist: User | None = booking.therapist if booking else course.therapist
    record = next((each for each in story.records if each.session_id == session.pk), None)
    span = {"start": frame.moment(booking.starts_at), "end": frame.moment(booking.ends_at)} if booking else None
    number = _("Session %(number)s of %(count)s") % {"number": session.number, "count": course.session_count}
    lost = session.state in (SessionState.MISSED, SessionState.CANCELLED)
    return {
        "outcomeReference": [frame.ref(record)] if record else [],
        "detail": {
            "kind": "ServiceRequest",
            "code": concept("plan", "session", number),
            "reasonReference": [frame.ref(told_for(course))],
            "status": ACTIVITY[session.state],
            "statusReason": concept("session", session.state, str(SessionState(session.state).label)) if lost else None,
            "scheduledPeriod": span,
            "performer": [frame.ref(therapist, therapist.full_name)] if therapist else [],
            "description": session_in_words(plan, story.words),
        },
    }


def session_in_words(plan: SessionPlan, words: Words) -> str:
    """Minutes, strongest pressure and places of a planned session; a session without steps says so."""
    if not plan.rows:
        return _("No steps: nothing is given in this session.")
    places = dict.fromkeys(words.place(row.zone, row.side) for row in plan.rows)
    minutes, seconds = divmod(plan.total_seconds, MINUTE)
    told = {"time": f"{minutes}:{seconds:02}", "level": max(row.pressure for row in plan.rows), "places": "; ".join(places)}
    return _("%(time)s min by hand; pressure up to %(level)s of 5; %(places)s") % told


def body_site(zone: str, side: str, words: Words) -> Fields:
    """A place with its side: one code for each, one name for both."""
    sides = [{"system": f"{OWN}side", "code": side}]
    return {"coding": [{"system": f"{OWN}zone", "code": zone}, *sides], "text": words.place(zone, side)}
