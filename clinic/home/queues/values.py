"""A queue: one kind of work that waits, as the first page shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from clinic.staff.permissions import Actor

SHOWN: Final = 5  # lines of one queue; the page of the queue has all of them
A_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. ``who`` it is about and ``what`` is known, and the one ``button`` with its address. ``patient`` is a number."""

    who: str
    what: str
    button: str
    url: str
    patient: int | None = None
    is_pressing: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The first lines of a queue and how many there are; ``is_more`` where they were counted only so far."""

    lines: Sequence[Line]
    count: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Whose page it is, and when."""

    actor: Actor
    now: datetime
    on: date


@dataclass(frozen=True, slots=True)
class Kind:
    """A queue before anything was read: its words, its page, for which roles, and what reads it.

    ``all_done`` is said where nothing waits. ``url_name`` is the page with everything.
    """

    code: str
    title: str | Promise
    icon: str
    how: str | Promise
    all_done: str | Promise
    url_name: str
    roles: frozenset[str]
    read: Callable[[Moment], Found]
    place: str = ""  # on that page


@dataclass(frozen=True, slots=True)
class Queue:
    """A kind of work and what waits of it."""

    kind: Kind
    found: Found

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.found.count - len(self.found.lines)


def waits_for(since: datetime, now: datetime) -> str:
    """For how long something has waited, in words: nobody waits for 0 minutes."""
    return _("for %(time)s") % {"time": timesince(since, now)} if now - since >= A_MINUTE else _("just now")
