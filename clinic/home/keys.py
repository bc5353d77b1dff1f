"""The keys of every page and of single pages, for the sheet of keys. What a key does is said where it is obeyed, in static/js."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.courses.permissions import PLAN
from clinic.schedule.permissions import BOOK
from clinic.staff.permissions import Actor

CTRL, SHIFT, ALT = pgettext_lazy("key", "Ctrl"), pgettext_lazy("key", "Shift"), pgettext_lazy("key", "Alt")
ENTER, ESCAPE, SPACE = pgettext_lazy("key", "Enter"), pgettext_lazy("key", "Esc"), pgettext_lazy("key", "Space")
Z, DELETE = pgettext_lazy("key", "Z"), pgettext_lazy("key", "Delete")


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that are pressed together or one after the other, and what comes of it."""

    keys: tuple[str | Promise, ...]
    does: str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """The keys of one place; ``roles`` empty: for everybody."""

    title: str | Promise
    rows: tuple[Keys, ...]
    roles: frozenset[str] = frozenset()


GROUPS: Final = (
    Group(
        _("Everywhere"),
        (
            Keys(("/",), _("search everything")),
            Keys(("?",), _("this sheet")),
            Keys(("G", "H"), _("to the first page")),
            Keys(("G", "T"), _("to Today")),
            Keys(("G", "I"), _("to the inbox")),
            Keys(("G", "P"), _("to the patients")),
            Keys(("G", "C"), _("to the calendar")),
            Keys(("G", "L"), _("to the library")),
            Keys((ESCAPE,), _("close what is open")),
        ),
    ),
    Group(
        _("Search"),
        (
            Keys(("↓", "↑"), _("through what was found")),
            Keys((ENTER,), _("open it")),
            Keys((ESCAPE,), _("back to the box")),
        ),
    ),
    Group(
        _("Calendar and Today"),
        (
            Keys(("←",), _("the day or week before")),
            Keys(("→",), _("the day or week after")),
            Keys(("T",), _("today")),
        ),
        frozenset(BOOK),
    ),
    Group(
        _("Player of a session"),
        (
            Keys((SPACE,), _("pause, go on")),
            Keys(("→",), _("next row")),
            Keys(("←",), _("row before")),
            Keys(("+", "−"), _("a minute more, less")),
            Keys(("S",), _("leave the row out")),
            Keys(("H",), _("it hurts here")),
            Keys(("X",), _("stop the session")),
        ),
        frozenset(PLAN),
    ),
    Group(
        _("Planning studio"),
        (
            Keys(("↑", "↓"), _("a minute more, a minute less on a column; to the next step on a step")),
            Keys((ALT, "↑", "↓"), _("move a step")),
            Keys(("+", "−"), _("15 seconds more, less")),
            Keys((DELETE,), _("leave a step out")),
            Keys((CTRL, Z), _("undo")),
            Keys((CTRL, SHIFT, Z), _("redo")),
        ),
        frozenset(PLAN),
    ),
)


def groups_for(actor: Actor) -> tuple[Group, ...]:
    """The keys of the pages that this person opens."""
    return tuple(group for group in GROUPS if not group.roles or actor.has_role(*group.roles))
