"""What the minute before a session shows: whose session it is, what was last time, and what keeps it from starting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clinic.courses.consents import works_where_taken_back
from clinic.courses.course_state import MENDED_AT
from clinic.courses.gates import Hindrance, hindrances
from clinic.courses.models import Course, NextDay, Session, SessionRecord
from clinic.courses.planning import case_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.lines import FindingLine, ObstacleLine, SessionView
from clinic.courses.queries import records_of, request_of, screening_of
from clinic.courses.record_content import hurts_of, rows_of
from clinic.courses.so_far import so_far
from clinic.courses.states import SessionState, SkipReason, StopReason
from clinic.web.marks import clock
from clinic.web.templatetags.marks import side_word
from protocols.method.answers import Answers
from protocols.method.findings import Screening
from protocols.method.inputs import with_implied
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import Row
from protocols.method.roles import planned_places
from protocols.method.storage import plan_from_json

ASKED_HERE = ("day", "knowledge")  # gates that this page opens itself
AT_THE_COURSE = ("state", "signature", "emergency")  # gates that the page of the course leads through


@dataclass(frozen=True, slots=True)
class Before:
    """A session that is about to begin. ``number`` is the next one of the course; ``is_asked``: today's questions were answered;
    ``booked_for``: its own day where that is still to come."""

    course: Course
    session: Session
    view: SessionView
    last: SessionRecord | None
    is_asked: bool
    booked_for: date | None = None

    @property
    def number(self) -> int:
        return self.session.number


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that keeps the session from starting: by name, why, until when, and where it is mended."""

    name: str
    why: str = ""
    until: str = ""
    address: str = ""
    words: str = ""
    outcome: str = ""
    is_question: bool = False  # of today, which this page asks itself


@dataclass(frozen=True, slots=True)
class LastTime:
    """What is worth a glance of the session before this one."""

    pk: int  # of its record
    number: int
    day: date
    comfort: int | None
    pain: tuple[int | None, int | None]
    changes: tuple[str, ...]  # what was done otherwise than planned
    hurts: tuple[str, ...]
    next_day: NextDay | None
    bad_reaction: bool
    note: str


def before_of(course: Course, presenter: Presenter, *, on: date) -> Before | None:
    """The next session of the course in words; None when all were given."""
    given = tuple(records_of(course))
    session = course.sessions.select_related("booking__therapist").filter(number=len(given) + 1).first()
    if session is None:
        return None
    view = presenter.session(plan_from_json(session.plan), stage=f"{course.condition}/{course.stage}")
    own = session.booking.day if session.booking and session.state == SessionState.BOOKED else on
    last, is_asked = given[-1] if given else None, course.planned_on == on
    return Before(course, session, view, last, is_asked=is_asked, booked_for=own if own > on else None)


def answers_before(course: Course, library: Library, *, on: date) -> Answers:
    """Everything that decides which questions this patient, this plan and this session need. Raises ``Faults`` for a record that no
    longer fits."""
    past = so_far(course, on)
    case = case_of(course.patient, request_of(course), library, on=on, so_far=past)
    answers = with_implied(library, case.condition, case.stage.code, case.inputs, case.answers)
    zones = tuple(sorted(planned_places(library, case.condition, case.stage, case.inputs, case.edits)))
    return answers.with_known({"plan.zones": zones, "plan.first-session": not past.records})


# What is in the way ---------------------------------------------------------------------------------------------------------
def blocks_of(course: Course, presenter: Presenter, *, on: date, is_given_today: bool) -> tuple[Block, ...]:
    """Everything that keeps the next session from starting on that day, by name; ``()`` when nothing does."""
    turn = [Block(_("Today's session was given. The next one can be given from tomorrow."))] if is_given_today else []
    ways = hindrances(course, on)
    named = list(screening_blocks(screening_of(course), presenter, course.outcome)) if any(way.code == "day" for way in ways) else []
    is_asked = course.planned_on == on
    return (*turn, *(named if is_asked else ()), *(_way(way, course) for way in ways if not (is_asked and named and way.code == "day")))


def _way(way: Hindrance, course: Course) -> Block:
    plans_first = way.code == "consent" and works_where_taken_back(course)
    elsewhere = ("courses:detail", _("To the course")) if way.code in AT_THE_COURSE else ("", "")
    address, words = MENDED_AT.get("day" if plans_first else way.code, elsewhere)
    return Block(way.sentence, is_question=True) if way.code in ASKED_HERE else Block(way.sentence, address=address, words=str(words))


def screening_blocks(screening: Screening, presenter: Presenter, outcome: str) -> Iterator[Block]:
    """What a screening holds against a session: findings that stop it, papers and answers that are missing."""
    view = presenter.screening(screening, outcome)
    stops = {line.title: _finding(line) for line in view.findings if line.is_open}
    yield from stops.values()
    yield from (_obstacle(line) for line in view.obstacles if line.title not in stops)
    for question in view.questions_today:
        yield Block(_("Not answered: %(question)s") % {"question": question}, is_question=True)
    if view.questions_intake:
        yield Block(
            _("Questions of the intake form are open (%(count)s).") % {"count": len(view.questions_intake)},
            address="patients:intake",
            words=_("Take the intake"),
        )


def _finding(line: FindingLine) -> Block:
    return Block(line.title, why=line.explanation, until=line.ends_when, outcome=line.outcome)


def _obstacle(line: ObstacleLine) -> Block:
    because = "" if line.because == line.title else line.because
    if line.kind == "document":
        return Block(line.title, why=because, address="patients:document-new", words=_("Record the document that you have seen"))
    return Block(line.title, why=because)


# Last time ------------------------------------------------------------------------------------------------------------------
def last_time(record: SessionRecord | None, presenter: Presenter) -> LastTime | None:
    """The last session: what was done otherwise, what hurt, how it was on the day after. None before the first one."""
    if record is None:
        return None
    plan = plan_from_json(Session.objects.only("plan").get(pk=record.session_id).plan)
    return LastTime(
        pk=record.pk,
        number=record.session.number,
        day=record.given_on,
        comfort=record.comfort,
        pain=(record.pain_before, record.pain_after),
        changes=tuple(_changes(record, plan.rows, presenter)),
        hurts=tuple(dict.fromkeys(_place(each.place, presenter) for each in hurts_of(record))),
        next_day=record.next_days.order_by("-pk").first(),
        bad_reaction=record.bad_reaction,
        note=record.note,
    )


def _changes(record: SessionRecord, planned: tuple[Row, ...], presenter: Presenter) -> Iterator[str]:
    if record.stop_reason:
        yield _("Stopped: %(reason)s") % {"reason": StopReason(record.stop_reason).label}
    given = rows_of(record)
    for row in given:
        if row.reason and row.row < len(planned):
            zone = presenter.names.of("zones", planned[row.row].zone)
            yield _("%(zone)s left out: %(reason)s") % {"zone": zone, "reason": SkipReason(row.reason).label}
    if not record.is_as_planned and given:
        told = {"given": clock(sum(row.given for row in given)), "planned": clock(sum(row.planned for row in given))}
        yield _("%(given)s of %(planned)s min given") % told


def _place(place: Place, presenter: Presenter) -> str:
    zone = presenter.names.of("zones", place.zone)
    return zone if place.side == "both" else f"{zone} ({side_word(place.side)})"
