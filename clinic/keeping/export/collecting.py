"""Everything that is kept about one patient, row by row: what a copy of the record holds for machines. Nothing is read twice."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.db.models import Field, ForeignKey, Model

from clinic.audit.queries import Period, Story, story_of
from clinic.audit.queries.words import Shown
from clinic.keeping.erasure.queries import signatures_about
from clinic.keeping.holdings import HOLDINGS, Holding
from clinic.staff.models import User
from patients.models import Patient

ROWS_AT_ONCE: Final = 500
LINES_AT_ONCE: Final = 1000


class Collector:
    """The rows about one patient and the records merged into theirs. People of the clinic are told by name, once read."""

    def __init__(self, people: Sequence[Patient]) -> None:
        self.people, self.clinic = people, people[0].clinic
        self._names: dict[int, str] = {}

    def tables(self) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
        """Each table with its rows as JSON knows them, in the order of the list."""
        for each in HOLDINGS:
            if not each.not_copied:
                yield each.label, self._rows(each)

    def signatures(self) -> Iterator[dict[str, Any]]:
        """What was signed about the patient, with what proves it. Two queries."""
        for entry in signatures_about(self.people, self.clinic):
            yield self._row(entry, ())

    def story(self) -> Iterator[dict[str, Any]]:
        """Who opened the record and who changed it, the newest first: who, as what, when, how."""
        for line in shown_lines(story_of(self.people, self.clinic, Period())):
            yield {"at": line.at.isoformat(), "who": line.who, "roles": list(line.roles), "what": line.what, "where": line.where}

    def _rows(self, each: Holding) -> Iterator[dict[str, Any]]:
        for row in each.rows(self.people).iterator(chunk_size=ROWS_AT_ONCE):
            yield self._row(row, each.left_out)

    def _row(self, row: Model, left_out: Sequence[str]) -> dict[str, Any]:
        return {field.name: self._told(row, field) for field in row._meta.concrete_fields if field.name not in left_out}

    def _told(self, row: Model, field: "Field[Any, Any]") -> Any:
        value = getattr(row, field.attname)
        if isinstance(field, ForeignKey) and field.related_model is User and value is not None:
            return self._name(value)
        if isinstance(value, datetime | date | time):
            return value.isoformat()
        return str(value) if isinstance(value, Decimal) else value

    def _name(self, person: int) -> str:
        if person not in self._names:
            self._names |= dict(User.objects.filter(staff_roles__clinic=self.clinic).values_list("pk", "full_name"))
            self._names |= dict(User.objects.filter(pk=person).values_list("pk", "full_name"))
        return self._names[person]


def shown_lines(story: Story) -> Iterator[Shown]:
    """The lines of a story in words, some at a time."""
    for start in range(0, story.rows.count(), LINES_AT_ONCE):
        yield from story.shown(story.rows[start : start + LINES_AT_ONCE])


def spelled(parts: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """One JSON object in pieces: a value that is an iterator is written row by row, so that nothing is held as a whole."""

    def dumped(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    yield "{"
    for number, (name, value) in enumerate(parts):
        yield f"{',' if number else ''}\n{dumped(name)}: "
        if not isinstance(value, Iterator):
            yield dumped(value)
            continue
        yield "["
        for turn, row in enumerate(value):
            yield f"{',' if turn else ''}\n  {dumped(row)}"
        yield "]"
    yield "\n}\n"
