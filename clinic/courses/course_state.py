"""Where a course stands, in words for its page: what is in the way of the next session, what changed, what may be done, how it came so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.consents import works_where_taken_back
from clinic.courses.gates import Hindrance, barred_words, hindrances, is_therapeutic, is_unsigned, resuming_hindrances
from clinic.courses.models import OVER, Course, CourseMove, CourseReview, SessionMove
from clinic.courses.other_edition_words import is_by_an_edition, kept_words
from clinic.courses.presentation import Presenter
from clinic.courses.proposals import records_told
from clinic.courses.queries import moves_of, newest_screening, reviews_of_course, session_moves_of, state_of_session
from clinic.courses.screening_words import News, difference_in_words
from clinic.courses.sign_off_gates import news_of, submitting_hindrances
from clinic.courses.states import TRANSITIONS, CourseReason, CourseState, SessionState

# Where each gate is mended: the name of an address of the course, and the words of the link.
MENDED_AT: Final[dict[str, tuple[str, str | Promise]]] = {
    "day": ("courses:today", gettext_lazy("Ask today's questions")),
    "knowledge": ("courses:today", gettext_lazy("Ask today's questions")),
    "consent": ("courses:consent", gettext_lazy("Ask for consent")),
    "referral": ("courses:edit", gettext_lazy("Change the plan")),
    "scope": ("courses:edit", gettext_lazy("Change the plan")),
    "edition": ("editions:move", gettext_lazy("Look at the difference, and move the course")),
    "reaction": ("day:proposal", gettext_lazy("Read and acknowledge")),
    "gap": ("courses:edit", gettext_lazy("Change the plan")),
    "plan": ("courses:edit", gettext_lazy("Change the plan")),
}
WAITING: Final[dict[str, str | Promise]] = {
    CourseState.AWAITING: gettext_lazy("the doctor's signature"),
    CourseState.SIGNED: gettext_lazy("the first session"),
    CourseState.PAUSED: gettext_lazy("the patient's return"),
}
LOST: Final = (SessionState.MISSED, SessionState.CANCELLED)
ASKED_IN: Final = (CourseState.DRAFT, CourseState.SIGNED, CourseState.RUNNING, CourseState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One hindrance with the address that mends it; both are empty where nothing on these pages does."""

    sentence: str
    address: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One line of the history of a course."""

    at: datetime
    who: str
    what: str
    reason: str
    note: str
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoursePast:
    """How a course came where it stands, for a page that asks nothing about the next session."""

    news: News | None
    question: str
    moves: tuple[MoveLine, ...]
    reviews: tuple[CourseReview, ...]


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """Everything that ``courses/_state.html`` shows beside the course itself."""

    given: tuple[Any, ...]
    next_number: int
    next_state: str
    is_of_today: bool
    is_given_today: bool
    is_overtaken: bool
    is_therapeutic: bool
    is_unsigned: bool
    in_the_way: tuple[InTheWay, ...]
    may: frozenset[str]  # start, record, ask-today, change, submit, take-back, resume, pause, end, hand-over, ask-doctor, lose
    news: News | None
    suspended_for: tuple[str, ...]
    suspended_by: str  # code of CourseReason
    question: str  # what went to the doctor with the plan, or what a doctor wrote who sent it back or stopped the course
    moves: tuple[MoveLine, ...]
    reviews: tuple[CourseReview, ...]


def past_of(course: Course, presenter: Presenter) -> CoursePast:
    """What changed since the plan was made, what is asked, and every move and review: no gate of a session is asked for it."""
    moves = moves_of(course)
    return CoursePast(
        news=_news(course, presenter),
        question=moves[0].note if moves and _is_a_message(moves[0]) else "",
        moves=tuple(_history(moves, session_moves_of(course))),
        reviews=reviews_of_course(course),
    )


def standing_of(course: Course, presenter: Presenter, *, on: date) -> CourseStanding:
    """Where the course stands on that day of the clinic."""
    given, moves = records_told(course), moves_of(course)
    is_given_today = bool(given) and given[-1].given_on >= on
    ways, news = _ways(course, on, is_given_today=is_given_today), _news(course, presenter)
    last = moves[0] if moves else None
    upcoming = state_of_session(course, len(given) + 1)
    return CourseStanding(
        given=given,
        next_number=len(given) + 1,
        next_state=upcoming,
        is_of_today=course.planned_on == on,
        is_given_today=is_given_today,
        is_overtaken=course.is_overtaken_on(on),
        is_therapeutic=is_therapeutic(course),
        is_unsigned=is_unsigned(course),
        in_the_way=lines_of(ways, course),
        may=frozenset(_allowed(course, ways, upcoming)) - ({"submit"} if news and news.new else frozenset()),
        news=news,
        suspended_for=_found(last) if course.state == CourseState.SUSPENDED and last else (),
        suspended_by=last.reason if last else "",
        question=last.note if last and _is_a_message(last) else "",
        moves=tuple(_history(moves, session_moves_of(course))),
        reviews=reviews_of_course(course),
    )


def waits_for(course: Course, on: date) -> str:
    """What a course of a list waits for, in a few words; empty for one that waits for nothing.

    Told from the course's own row and what ``queries.courses_of`` adds to it, so that a list asks nothing for each of its lines.
    """
    if course.state == CourseState.SUSPENDED:
        return _("a new plan") if course.last_reason == CourseReason.DOCTOR else _("what suspended it to be settled")  # type: ignore[attr-defined]  # annotated
    if course.state == CourseState.RUNNING and course.is_asked:  # type: ignore[attr-defined]  # annotated
        return _("the doctor's answer")
    if course.state == CourseState.DRAFT and course.may_start and is_therapeutic(course):
        return _("being sent for sign-off")
    if course.is_overtaken_on(on):
        return _("today's questions")
    return str(WAITING.get(course.state, ""))


def _ways(course: Course, on: date, *, is_given_today: bool) -> tuple[Hindrance, ...]:
    """What stands in the way of what comes next: the next session, or to go on, or to be signed."""
    if course.state in (*OVER, CourseState.DISCARDED, CourseState.AWAITING):
        return ()
    if course.state in (CourseState.SUSPENDED, CourseState.PAUSED):
        return resuming_hindrances(course, on)
    if course.state == CourseState.DRAFT and is_therapeutic(course):
        return submitting_hindrances(course)
    turn = (Hindrance("turn", _("Today's session was given. The next one can be given from tomorrow.")),) if is_given_today else ()
    return (*turn, *hindrances(course, on))


def lines_of(ways: Iterable[Hindrance], course: Course) -> tuple[InTheWay, ...]:
    """What stands in the way, each with the address that mends it."""
    return tuple(_line(way, course) for way in ways)


def _line(way: Hindrance, course: Course) -> InTheWay:
    plans_first = way.code == "consent" and works_where_taken_back(course)
    address, words = MENDED_AT.get("day" if plans_first else way.code, ("", ""))
    return InTheWay(way.sentence, address, str(words))


def _allowed(course: Course, ways: tuple[Hindrance, ...], upcoming: str) -> Iterator[str]:
    yield from _for_the_next_session(course, ways)
    state = course.state
    if is_therapeutic(course) and state in (CourseState.DRAFT, CourseState.SUSPENDED, CourseState.RUNNING):
        yield from _sending(course, ways)
    if state == CourseState.RUNNING:
        yield from ("pause", "undo-lost" if upcoming in LOST else "lose")
    if course.started_on is not None and CourseState.ENDED in TRANSITIONS[state]:
        yield "end"
    if state not in (*OVER, CourseState.DISCARDED):
        yield from ("hand-over", "ask-doctor")


def _for_the_next_session(course: Course, ways: tuple[Hindrance, ...]) -> Iterator[str]:
    state = course.state
    if state in ASKED_IN:
        yield from ("ask-today", "change")
    if state == CourseState.AWAITING:
        yield from ("take-back", "change")
    if not ways and (state == CourseState.SIGNED or (state == CourseState.DRAFT and not is_therapeutic(course))):
        yield "start"
    if not ways and state == CourseState.RUNNING:
        yield "record"
    if not ways and state in (CourseState.PAUSED, CourseState.SUSPENDED):
        yield "resume"


def _sending(course: Course, ways: tuple[Hindrance, ...]) -> Iterator[str]:
    """A running course is only sent when its plan is no longer the doctor's; the others when nothing keeps a doctor from signing."""
    if course.state == CourseState.RUNNING and not any(way.code in ("scope", "signature") for way in ways):
        return
    if not submitting_hindrances(course):
        yield "submit"


def _is_a_message(move: CourseMove) -> bool:
    """To the doctor with a question, or from a doctor: a question, a refusal, a change that is wanted, a signature that is revoked."""
    return move.after == CourseState.AWAITING or move.reason == CourseReason.DOCTOR


def _news(course: Course, presenter: Presenter) -> News | None:
    newest = newest_screening(course) if course.state not in (*OVER, CourseState.DISCARDED) else None
    found = news_of(course, newest)
    return difference_in_words(found, presenter, since=newest.made_at) if newest and found else None


# The history ------------------------------------------------------------------------------------------------------------------
def _history(moves: tuple[CourseMove, ...], of_sessions: tuple[SessionMove, ...]) -> Iterator[MoveLine]:
    lines = [_course_line(move) for move in moves]
    lines += [_session_line(move) for move in of_sessions if move.after != SessionState.DONE]
    yield from sorted(lines, key=lambda line: line.at, reverse=True)


def _course_line(move: CourseMove) -> MoveLine:
    reason = str(CourseReason(move.reason).label) if move.reason in CourseReason.values else ""
    return MoveLine(move.at, _name(move), str(CourseState(move.after).label), reason, move.note, _found(move))


def _session_line(move: SessionMove) -> MoveLine:
    about = {"number": move.session.number, "state": SessionState(move.after).label}
    return MoveLine(move.at, _name(move), _("Session %(number)s: %(state)s") % about, "", move.note)


def _name(move: CourseMove | SessionMove) -> str:
    return move.by.full_name if move.by else _("by itself")


def _found(move: CourseMove) -> tuple[str, ...]:
    """What suspended the course, in words; a record that fits no plan any more in the words of the check."""
    if is_by_an_edition(move):
        return kept_words(move.course, move.details)
    return (*barred_words(move.course, move.details.get("found", ())), *(str(fault) for fault in move.details.get("faults", ())))
