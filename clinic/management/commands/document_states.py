"""Draws the states of the records into docs/states.md, from the tables that the program itself obeys."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import override

from clinic.courses import states as courses
from clinic.reminders import states as reminders
from clinic.web.drawn_pages import DrawnPageCommand
from patients import states as patients
from protocols import states as protocols

PAGE: Final = Path(settings.BASE_DIR) / "docs" / "states.md"
HEAD: Final = """# States

Every record that changes its state has one table of the only ways from one state to another. Actions ask that table under a lock, and
the database refuses a state that is not in it. This page is drawn from the tables by `manage.py document_states`; a test fails when it
is behind them.
"""
Table = Mapping[str, frozenset[str]]
# Title, where the table stands, how it begins, and the table with its words.
MACHINES: Final[tuple[tuple[str, str, str, type[models.TextChoices], Table], ...]] = (
    ("Referral", "patients/states.py", "draft", patients.ReferralState, patients.REFERRAL_TRANSITIONS),
    ("Course", "clinic/courses/states.py", "draft", courses.CourseState, courses.TRANSITIONS),
    ("Session", "clinic/courses/states.py", "planned", courses.SessionState, courses.SESSION_TRANSITIONS),
    ("Intake", "patients/states.py", "draft", patients.IntakeState, patients.TRANSITIONS),
    ("Variant of the library", "protocols/states.py", "draft", protocols.VariantState, protocols.VARIANT_TRANSITIONS),
    ("Message", "clinic/reminders/states.py", "waiting", reminders.MessageState, reminders.MESSAGE_TRANSITIONS),
)


class Command(DrawnPageCommand):
    help = "Draws the states of the records into docs/states.md. With --check it only says whether the page is behind."
    behind = "the tables"

    def file(self) -> Path:
        return PAGE

    def page(self) -> str:
        return states_page()


def states_page() -> str:
    """The whole page, in English."""
    with override("en"):
        return "\n".join([HEAD, *(line for machine in MACHINES for line in _machine(*machine))]) + "\n"


def _machine(title: str, place: str, first: str, words: type[models.TextChoices], table: Table) -> Iterator[str]:
    yield f"## {title}\n\nTable: `{place}`\n\n```mermaid\nstateDiagram-v2"
    for state in words:
        yield f'    state "{state.label}" as {_plain(state.value)}'
    yield f"    [*] --> {_plain(first)}"
    for before in words:
        for after in _in_order(table[before.value], words):
            yield f"    {_plain(before.value)} --> {_plain(after)}"
    for state in words:
        if not table[state.value]:
            yield f"    {_plain(state.value)} --> [*]"
    yield "```\n\n| State | Code | Leads to |\n| --- | --- | --- |"
    for state in words:
        after = ", ".join(str(words(each).label) for each in _in_order(table[state.value], words)) or "nothing: it is over"
        yield f"| {state.label} | `{state.value}` | {after} |"
    yield ""


def _in_order(states: Iterable[str], words: type[models.TextChoices]) -> list[str]:
    found = {str(each) for each in states}
    return [state for state in words.values if state in found]


def _plain(state: str) -> str:
    """A name that the drawing takes: no hyphen."""
    return state.replace("-", "_")
