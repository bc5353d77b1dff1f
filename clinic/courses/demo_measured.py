"""What is known of the demo's courses beside their sessions: measures at the start and half-way, two body charts, an addendum, and one
session that is being given when the demo is made."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import timezone

from clinic.courses.actions.recording import add_addendum
from clinic.courses.actions.starting import Pressed, start_session
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.gates import fresh_hindrances
from clinic.courses.models import Course, SessionRecord
from clinic.courses.outcomes.actions.body import draw_body_chart
from clinic.courses.outcomes.actions.measures import Measured, keep_measures
from clinic.courses.outcomes.asked import is_by_eye, sides_of
from clinic.courses.outcomes.marks import Mark
from clinic.courses.outcomes.queries.measures import measures_due
from clinic.courses.queries import records_of
from clinic.courses.starts import therapists_of_session
from clinic.courses.states import AddendumReason, CourseState, SessionState
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from protocols.method.entries import Measure

MEASURED: Final = ("Зайцева", "Vogel", "Eriksen", "Nowak", "Keller", "Weiß")
CHARTED: Final = "Vogel"
PAIN_THERE: Final = (Mark("shoulder-joint", "right", "pain", 6), Mark("pectoral", "right", "tension", 5))
LESS_THERE: Final = (Mark("shoulder-joint", "right", "pain", 3), Mark("pectoral", "right", "tension", 3))
BEGINS_AT, MOVES_BY = Decimal("0.45"), Decimal("0.2")  # of the whole scale: how a measure stands at first, and by how much it gets better


def seed_measured(clinic: Clinic, *, on: date) -> None:
    """Everything but the session that is being given."""
    found = Course.objects.filter(clinic=clinic, started_on__isnull=False, patient__family_name__in=MEASURED)
    for course in found.select_related("patient", "clinic", "therapist").order_by("pk"):
        actor, records = _who_gives(course), tuple(records_of(course))
        for turn, record in enumerate((records[0], records[len(records) // 2])):
            _measure(course, record, turn, on=on, actor=actor)
            if course.patient.family_name == CHARTED:
                draw_body_chart(course=course, marks=(PAIN_THERE, LESS_THERE)[turn], on=record.given_on, actor=actor)
        if course.patient.family_name == CHARTED:
            text = "He rang in the evening: the arm is heavy, no pain. Told to keep it moving."
            add_addendum(record=records[-2], reason=AddendumReason.LATER, text=text, actor=actor)


def _who_gives(course: Course) -> Actor:
    if course.therapist is None:
        raise ValueError(f"nobody gives course {course.pk}")
    return Actor(course.therapist, course.clinic, frozenset({str(Role.THERAPIST)}))


def _measure(course: Course, record: SessionRecord, turn: int, *, on: date, actor: Actor) -> None:
    said = [value for due in measures_due(course, record.given_on) for value in _values(due.measure, due.moment, turn)]
    if said:
        keep_measures(course=course, said=said, measured_on=record.given_on, on=on, actor=actor)


def _values(measure: Measure, moment: str, turn: int) -> Iterator[Measured]:
    """What is measured in numbers gets better by a fifth of its scale until the middle of the course."""
    if is_by_eye(measure) or measure.better not in ("lower", "higher"):
        return
    way = -MOVES_BY if measure.better == "lower" else MOVES_BY
    least, most = Decimal(str(measure.min)), Decimal(str(measure.max))
    value = (least + (most - least) * (BEGINS_AT + way * turn)).quantize(Decimal(1))
    for side in sides_of(measure):
        yield Measured(measure.code, value, side=side, moment=moment)


def seed_session_in_progress(clinic: Clinic) -> None:
    """The first session booked for today that nothing stands against was begun a moment ago by whoever gives it: it is not signed yet."""
    today, now = clinic.today(), timezone.now()
    booked = {"sessions__state": SessionState.BOOKED, "sessions__booking__day": today}
    running = Course.objects.filter(clinic=clinic, state=CourseState.RUNNING, **booked)
    for found in running.select_related("patient", "clinic", "therapist").order_by("pk"):
        session = found.sessions.filter(record=None).select_related("booking__therapist").order_by("number")[0]
        actor = Actor(therapists_of_session(found, session, today)[0], clinic, frozenset({str(Role.THERAPIST)}))
        course = ask_quiet_day(found, on=today, actor=actor)
        if not fresh_hindrances(course, today):
            said: Pressed = {"key": f"{course.pk:032x}", "version": course.version, "stands_in": True}
            start_session(course=course, number=session.number, on=today, now=now, actor=actor, **said)
            return
