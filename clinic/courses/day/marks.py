"""What must be seen of a session before the door opens, each in a few words with its sign: red cannot start, amber asks for something."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from clinic.courses.day.queries.today import FeltLately, SessionKnown
from clinic.courses.gates import is_therapeutic, is_unsigned
from clinic.courses.models import MILD, Course
from clinic.courses.pinned import library_of, names_of
from clinic.courses.states import CourseState
from clinic.web.marks import OUTCOMES, SIDES
from patients.states import ReferralState
from protocols.method.names import Names
from protocols.method.places import Place

STOP: Final = "stop"
ASK: Final = "ask"
TELL: Final = "tell"
DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to know. ``tone``: stop (cannot start), ask (something is to be done first), tell, done."""

    tone: str
    icon: str
    words: str | Promise


GOING: Final = Mark(TELL, "play", gettext_lazy("In progress"))
GIVEN: Final = Mark(DONE, "check", pgettext_lazy("session", "Given"))
UNSIGNED: Final = Mark(ASK, "pen-line", gettext_lazy("Given, not signed"))
UNRESOLVED: Final = Mark(ASK, "circle-question-mark", gettext_lazy("Who came?"))
MISSED: Final = Mark(TELL, "user-x", pgettext_lazy("session", "Missed"))
CANCELLED: Final = Mark(TELL, "calendar-x", pgettext_lazy("session", "Cancelled late"))
QUESTIONS: Final = Mark(ASK, "message-circle-question-mark", gettext_lazy("Ask today's questions"))
REACTION: Final = Mark(ASK, "triangle-alert", gettext_lazy("Read the last reaction"))
PROPOSAL: Final = Mark(ASK, "sliders-horizontal", gettext_lazy("A change is proposed"))
MEASURES: Final = Mark(ASK, "ruler", gettext_lazy("Measures are due"))
CLASH: Final = Mark(STOP, "triangle-alert", gettext_lazy("Needs another place"))
CANNOT_COME: Final = Mark(ASK, "message-circle-x", pgettext_lazy("patient", "Cannot come"))
CONFIRMED: Final = Mark(TELL, "check-check", pgettext_lazy("date", "Confirmed"))
NEW_PATIENT: Final = Mark(TELL, "sparkle", gettext_lazy("New patient"))
FIRST: Final = Mark(TELL, "sparkle", gettext_lazy("First session"))
REVIEW: Final = Mark(TELL, "stethoscope", pgettext_lazy("session", "Review"))
LAST: Final = Mark(TELL, "flag", gettext_lazy("Last session"))
HEAVY: Final = Mark(TELL, "weight", pgettext_lazy("session", "Heavy"))

_STATES: Final[dict[str, Callable[[], str]]] = {
    CourseState.PAUSED: lambda: pgettext("cannot start", "paused"),
    CourseState.SUSPENDED: lambda: pgettext("cannot start", "suspended"),
    CourseState.FINISHED: lambda: pgettext("cannot start", "the course is over"),
    CourseState.ENDED: lambda: pgettext("cannot start", "the course is over"),
    CourseState.DISCARDED: lambda: pgettext("cannot start", "discarded"),
}


# Red: it cannot start -------------------------------------------------------------------------------------------------------
def stops(known: SessionKnown, day: date) -> Iterator[Mark]:
    """Why the session cannot start as it stands, the first reason only: its page names all of them."""
    why = next(_whys(known, day), "")
    if why:
        yield Mark(STOP, "octagon-x", _("Cannot start: %(why)s") % {"why": why})


def _whys(known: SessionKnown, day: date) -> Iterator[str]:
    course = known.session.course
    if said := _STATES.get(course.state):
        yield said()
    if is_unsigned(course):
        yield pgettext("cannot start", "not signed")
    if known.has_unread:
        yield pgettext("cannot start", "the intake form is not read")
    if not course.may_start and (course.planned_on == day or course.outcome not in MILD):
        yield _unready(course)
    if not known.is_agreed:
        yield pgettext("cannot start", "no consent")
    if referral := _referral(course, day):
        yield referral


def _unready(course: Course) -> str:
    return pgettext("cannot start", "an answer or a paper is missing") if course.is_waiting else str(OUTCOMES[course.outcome].word).lower()


def _referral(course: Course, day: date) -> str:
    referral = course.referral
    if referral is None or not is_therapeutic(course):
        return ""
    if referral.state == ReferralState.SIGNED and referral.valid_from <= day <= referral.valid_until:
        return ""
    return pgettext("cannot start", "the referral does not stand")


# Amber: something is to be done first -----------------------------------------------------------------------------------------
def asks(known: SessionKnown, felt: FeltLately, day: date, *, due: int) -> Iterator[Mark]:
    """What is to be asked, read or decided on the day of the session; so many measures are ``due``."""
    if felt.waits_for_name:
        yield REACTION
    if felt.is_proposed:
        yield PROPOSAL
    if known.session.course.planned_on != day:
        yield QUESTIONS
    if due:
        yield MEASURES


# What it is and what was felt ---------------------------------------------------------------------------------------------------
def tells(known: SessionKnown) -> Iterator[Mark]:
    """New, review, last."""
    session, course = known.session, known.session.course
    if session.number == 1:
        yield FIRST if known.is_known else NEW_PATIENT
    if session.number == known.review_after:
        yield REVIEW
    if session.number == course.session_count:
        yield LAST


def last_felt(course: Course, felt: FeltLately) -> str:
    """What the last session felt like, in some five words, where something was not as it should be; else ""."""
    last = felt.last
    if last is None:
        return ""
    if last.hurts:
        return _hurt_words(tuple(dict.fromkeys(hurt.place for hurt in last.hurts)), names_of(course))
    if last.pain_next_day is not None and last.pain_before is not None and last.pain_next_day > last.pain_before:
        return _("Pain the next morning: %(before)s → %(after)s") % {"before": last.pain_before, "after": last.pain_next_day}
    if last.comfort is not None and last.comfort < library_of(course).course.discomfort.low_comfort.below:
        return _("Last time comfort %(comfort)s of 10") % {"comfort": last.comfort}
    return ""


def _hurt_words(places: tuple[Place, ...], names: Names) -> str:
    more = len(places) - 1
    words = _("Hurt last time: %(place)s") % {"place": place_words(places[0], names)}
    return words + (" " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more} if more else "")


def place_words(place: Place, names: Names) -> str:
    """A zone with its side, in the reader's language."""
    name = names.of("zones", place.zone) or place.zone
    return name if place.side == "both" else f"{name} ({SIDES[place.side]})"
