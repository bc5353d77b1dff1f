"""The changes by hand of one course in words: who, when, what came and went, and whether one can go back to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.courses.edit_words import all_words, edits_differ
from clinic.courses.models import Course, PlanEdit
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.queries import request_of
from protocols.method.edits import edits_from_json


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change that was kept. ``stood`` is everything that stood by hand after it; ``is_standing``: it stands so now."""

    version: int
    at: datetime
    by: str
    note: str
    come: tuple[str, ...]
    gone: tuple[str, ...]
    stood: tuple[str, ...]
    is_standing: bool
    digest: str


def history_of(course: Course, changes: Sequence[PlanEdit], presenter: InOneLanguage) -> tuple[ChangeLine, ...]:
    """The changes in words, in the order given. Raises ``NotEdits`` for a record that is not whole."""
    now = request_of(course).edits
    return tuple(_line(each, presenter, is_standing=edits_from_json(each.after) == now) for each in changes)


def _line(kept: PlanEdit, presenter: InOneLanguage, *, is_standing: bool) -> ChangeLine:
    before, after = edits_from_json(kept.before), edits_from_json(kept.after)
    found = edits_differ(before, after, presenter)
    said = (found.come, found.gone, all_words(after, presenter))
    return ChangeLine(kept.version, kept.at, kept.by.full_name, kept.note, *said, is_standing, kept.digest_after[:12])
