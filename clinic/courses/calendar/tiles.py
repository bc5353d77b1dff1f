"""One booking as a tile: whose, which session of how many, and what must be seen before anything else.

A week has eighty of them, and a template costs a hundred times what a format string does, so their HTML is made here; every word
that somebody typed goes through ``escape``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from html import escape
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.courses.calendar.queries.days import Booked
from clinic.courses.states import CourseState, SessionState
from clinic.reminders.states import AnswerKind
from clinic.schedule.states import BookingState
from clinic.staff.permissions import Actor
from clinic.web.templatetags.web import icon
from patients.care.relation import by_role

ROW: Final = 5  # minutes a row of the grid
STOPPED: Final = (CourseState.SUSPENDED, CourseState.PAUSED, CourseState.ENDED, CourseState.FINISHED, CourseState.DISCARDED)
UNSIGNED: Final = (CourseState.AWAITING, CourseState.DRAFT)
SETTLED: Final = (SessionState.DONE, SessionState.MISSED, SessionState.CANCELLED)


class Flag(NamedTuple):
    """One thing to know about a booking. ``code`` gives its colour, ``icon`` its sign, the words say it."""

    code: str
    icon: str
    words: str | Promise


FLAGS: Final = {
    flag.code: flag
    for flag in (
        Flag("held", "hourglass", gettext_lazy("Held until %(clock)s")),
        Flag("clash", "triangle-alert", gettext_lazy("Needs another place")),
        Flag(AnswerKind.CANNOT_COME.value, "message-circle-x", pgettext_lazy("patient", "Cannot come")),
        Flag("open", "circle-question-mark", gettext_lazy("Unresolved")),
        Flag("stop", "octagon-x", gettext_lazy("Cannot start")),
        Flag("unsigned", "pen-line", gettext_lazy("Not signed yet")),
        Flag("ask", "message-circle-question-mark", gettext_lazy("Ask today's questions")),
        Flag("going", "play", gettext_lazy("In progress")),
        Flag("done", "check", pgettext_lazy("session", "Given")),
        Flag("missed", "user-x", pgettext_lazy("session", "Missed")),
        Flag("late", "calendar-x", pgettext_lazy("session", "Cancelled late")),
        Flag(AnswerKind.CONFIRMED.value, "check-check", pgettext_lazy("date", "Confirmed")),
        Flag("heavy", "weight", pgettext_lazy("session", "Heavy")),
        Flag("first", "sparkle", gettext_lazy("First session")),
        Flag("last", "flag", gettext_lazy("Last session")),
    )
}
BY_STATE: Final = {
    SessionState.IN_PROGRESS: "going",
    SessionState.DONE: "done",
    SessionState.MISSED: "missed",
    SessionState.CANCELLED: "late",
}


class Words:
    """Every word of the tiles in the reader's language, looked up once for a page and not once for a tile."""

    def __init__(self) -> None:
        self.flags = {code: Flag(code, flag.icon, str(flag.words)) for code, flag in FLAGS.items()}
        self.marks = {code: mark(flag) for code, flag in self.flags.items()}
        self.minutes = _("%(count)s min")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom tiles are drawn: the moment and day at the clinic, and whether plans may be read. ``words`` are those that tiles share.

    ``only_of`` is the number of a therapist who reads plans of the own dates alone, because the clinic keeps records to who is in care.
    """

    now: datetime
    today: date
    clock: int  # minutes of today
    reads_plans: bool
    by_room: bool = False
    opens: str = ""  # the beginning of the address of one booking
    can_move: bool = True
    words: Words = field(default_factory=Words)
    only_of: int = 0

    def reads(self, booked: Booked) -> bool:
        """Whether this reader may know what is planned for the session."""
        return self.reads_plans and self.only_of in (0, booked.therapist)


def mark(flag: Flag) -> str:
    """The sign and the words of a flag; the sign is drawn once on the page (``sprite``)."""
    sign = f'<svg width="14" height="14" aria-hidden="true"><use href="#f-{flag.code}"/></svg>'
    return f'<span class="tile-flag flag-{flag.code}">{sign}<span>{escape(str(flag.words))}</span></span>'


@cache
def sprite() -> SafeString:
    """The signs of the flags, for ``use``: a page with eighty tiles has each of them once."""
    drawn = "".join(f'<symbol id="f-{flag.code}" viewBox="0 0 24 24">{_inside(icon(flag.icon))}</symbol>' for flag in FLAGS.values())
    return mark_safe(f'<svg class="tile-signs" width="0" height="0" aria-hidden="true" focusable="false">{drawn}</svg>')  # noqa: S308  # ours


def _inside(drawn: str) -> str:
    return drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")]


def flag_codes(booked: Booked, reader: Reader) -> Iterator[str]:
    """What must be seen of a booking, the gravest first."""
    if booked.state == BookingState.HELD:
        yield "held"
    state = booked.session_state
    yield from _said(booked, reader, AnswerKind.CANNOT_COME)
    if state in BY_STATE:
        yield BY_STATE[SessionState(state)]
    elif state and booked.state == BookingState.BOOKED and booked.ends_at <= reader.now:
        yield "open"
    elif state:
        yield from _before_it(booked, reader)
    yield from _said(booked, reader, AnswerKind.CONFIRMED)
    if booked.is_heavy:
        yield "heavy"
    if booked.number and booked.of and state not in SETTLED:
        yield from _place_in_course(booked.number, booked.of)


def _said(booked: Booked, reader: Reader, kind: str) -> Iterator[str]:
    """What the patient said of a time that is still to come, where it was this."""
    if booked.said == kind and booked.ends_at > reader.now and booked.session_state in (None, SessionState.BOOKED):
        yield str(kind)


def _before_it(booked: Booked, reader: Reader) -> Iterator[str]:
    """What stands between a session to come and its beginning."""
    if booked.course_state in UNSIGNED:
        yield "unsigned"
    elif booked.course_state in STOPPED or not booked.may_start:
        yield "stop"
    elif booked.day == reader.today and booked.planned_on != reader.today and reader.reads(booked):
        yield "ask"


def _place_in_course(number: int, of: int) -> Iterator[str]:
    if number == of:
        yield "last"
    elif number == 1:
        yield "first"


def flags_of(booked: Booked, reader: Reader, *, is_hindered: bool = False) -> tuple[Flag, ...]:
    """The same in words; ``is_hindered``: nobody can treat then, which matters while it is still to come."""
    codes = list(flag_codes(booked, reader))
    if is_hindered and booked.ends_at > reader.now and booked.session_state not in SETTLED:
        codes.insert(0, "clash")
    return tuple(_worded(reader.words.flags[code], booked, reader) for code in codes)


def _worded(flag: Flag, booked: Booked, reader: Reader) -> Flag:
    if flag.code != "held" or booked.held_until is None:
        return flag
    there = booked.held_until.astimezone(reader.now.tzinfo)
    return Flag(flag.code, flag.icon, str(flag.words) % {"clock": f"{there:%H:%M}"})


def counter(booked: Booked) -> str:
    """``4/10``: counted from the session each time, so that it cannot drift; "" for what belongs to no course."""
    return f"{booked.number}/{booked.of}" if booked.number else ""


def clock_words(minute: int) -> str:
    """``09:05`` of minutes since midnight; a session that ends at midnight ends at 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def who(booked: Booked) -> str:
    return f"{booked.family} {booked.given}"


@dataclass(frozen=True, slots=True)
class Scale:
    """The hours that a board shows, in rows of five minutes; row 1 is the first."""

    first: int
    last: int

    def place(self, start: int, end: int) -> str:
        """The classes that put something from one minute to another."""
        start, end = max(start, self.first), min(end, self.last)
        return f"at-{(start - self.first) // ROW + 1} for-{max(-(-(end - start) // ROW), 1)}"

    @property
    def hours(self) -> tuple[tuple[str, str], ...]:
        """Each hour with its place."""
        return tuple((clock_words(minute), self.place(minute, minute + 60)) for minute in range(self.first, self.last, 60))


def tile(booked: Booked, scale: Scale, reader: Reader, *, is_hindered: bool = False) -> str:
    """The list item of one booking."""
    flags = flags_of(booked, reader, is_hindered=is_hindered)
    kinds = " ".join(f"is-{flag.code}" for flag in flags)
    place = booked.therapist_name if reader.by_room else booked.room_name
    told = " · ".join(filter(None, (dose(booked, reader), place, "" if booked.number else booked.label)))
    marks = "".join(mark(flag) if flag.code == "held" else reader.words.marks[flag.code] for flag in flags)
    shown = f'<span class="tile-flags">{marks}</span>' if marks else ""
    moved = f' data-booking="{booked.pk}"' if may_be_moved(booked, reader) else ""
    return (
        f'<li class="tile {scale.place(booked.start, booked.end)} {kinds}"{moved}><a href="{reader.opens}{booked.pk}/">'
        f'<b>{clock_words(booked.start)}</b> <span class="tile-name">{escape(who(booked))}</span> '
        f'<span class="tile-count">{counter(booked)}</span> <small>{escape(told)}</small>'
        f"{shown}</a></li>"
    )


def dose(booked: Booked, reader: Reader) -> str:
    """The hands-on minutes of the session, for those who may read plans."""
    return reader.words.minutes % {"count": booked.hands_on} if reader.reads(booked) and booked.hands_on else ""


def may_be_moved(booked: Booked, reader: Reader) -> bool:
    """Whether it is still to come and belongs to a course."""
    return reader.can_move and booked.session_state == SessionState.BOOKED and booked.starts_at > reader.now


def reader_of(actor: Actor, *, reads_plans: bool, by_room: bool = False) -> Reader:
    """For whom tiles are drawn now."""
    now = timezone.localtime(timezone=actor.clinic.zone)
    opens = reverse("calendar:booking", args=[0]).removesuffix("0/")
    only_of = actor.user.pk if by_role(actor) is None else 0
    return Reader(now, now.date(), now.hour * 60 + now.minute, reads_plans, by_room, opens, only_of=only_of)
