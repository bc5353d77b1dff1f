"""Who opened one patient's record and who changed it: both tables as one story, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Model, QuerySet, Value

from clinic.audit.belonging import about, records_of
from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.audit.pages import page_name
from clinic.audit.queries.words import PAGE_SIZE, Shown, kind_of_look, role_names
from clinic.audit.verbs import kind_name, verb_name
from clinic.staff.models import Clinic

# On one sheet to print; more than that nobody reads, and the period can be made shorter.
MOST_AT_ONCE: Final = 2000
_LOOK, _CHANGE = "look", "change"
Rows = QuerySet[Any, tuple[datetime, str, int]]


@dataclass(frozen=True)
class Period:
    """Days at the clinic, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def at(self, clinic: Clinic) -> dict[str, datetime]:
        """The period as conditions on ``at``: days begin at midnight in the clinic's zone."""
        found = {}
        if self.since:
            found["at__gte"] = datetime.combine(self.since, time(), clinic.zone)
        if self.until:
            found["at__lt"] = datetime.combine(self.until + timedelta(days=1), time(), clinic.zone)
        return found


@dataclass(frozen=True)
class Story:
    """The lines about one patient: ``rows`` has the moment, the table and the number of each, newest first."""

    clinic: Clinic
    rows: Rows

    def shown(self, rows: Iterable[tuple[datetime, str, int]]) -> list[Shown]:
        """Some of the rows in words, in their order; nothing of what was entered, which may tell about health. Two queries."""
        rows = list(rows)
        looks = ReadLine.objects.select_related("user").in_bulk([pk for _at, table, pk in rows if table == _LOOK])
        changes = AuditLine.objects.select_related("user").in_bulk([pk for _at, table, pk in rows if table == _CHANGE])
        return [_shown_look(looks[pk]) if table == _LOOK else _shown_change(changes[pk]) for _at, table, pk in rows]


def looks_at(people: Sequence[Model], clinic: Clinic) -> QuerySet[ReadLine]:
    """Every look of this clinic at the record of a patient or at what belongs to it, and every attempt that was refused. One query at once.

    ``people`` are the patient and the records that were merged into it; there is at least one.
    """
    return ReadLine.objects.filter(about(records_of(people)), clinic=clinic)


def changes_of(people: Sequence[Model], clinic: Clinic) -> QuerySet[AuditLine]:
    """Every change of this clinic to the record of a patient or to what belongs to it. One query at once."""
    return AuditLine.objects.filter(about(records_of(people)), clinic=clinic)


def story_of(people: Sequence[Model], clinic: Clinic, period: Period) -> Story:
    """Looks and changes together. One query at once, for the records that belong to the patient."""
    these, when = about(records_of(people)), period.at(clinic)
    looks = ReadLine.objects.filter(these, clinic=clinic, **when).order_by()
    changes = AuditLine.objects.filter(these, clinic=clinic, **when).order_by()
    rows = _rows(looks, _LOOK).union(_rows(changes, _CHANGE), all=True)
    return Story(clinic, rows.order_by("-at", "-pk"))


def story_page(story: Story, number: str) -> tuple[Page[Any], list[Shown]]:
    """One page of the story, and its lines in words. Four queries."""
    page = Paginator(story.rows, PAGE_SIZE).get_page(number)
    return page, story.shown(page.object_list)


def whole_story(story: Story) -> tuple[list[Shown], bool]:
    """The newest ``MOST_AT_ONCE`` lines in words, and whether there are more. Three queries."""
    rows = list(story.rows[: MOST_AT_ONCE + 1])
    return story.shown(rows[:MOST_AT_ONCE]), len(rows) > MOST_AT_ONCE


def _rows(lines: QuerySet[Any], table: str) -> Rows:
    return lines.values_list("at", Value(table, CharField()), "pk")


def _shown_look(line: ReadLine) -> Shown:
    return Shown(
        at=line.at,
        who=line.user.full_name,
        roles=role_names(line.roles),
        what=kind_of_look(line.kind),
        where=page_name(line.page),
        subject="",
        details="",
        is_refused=line.kind == Look.REFUSED,
    )


def _shown_change(line: AuditLine) -> Shown:
    return Shown(
        at=line.at,
        who=line.user.full_name if line.user else "",
        roles=role_names(line.roles),
        what=verb_name(line.verb),
        where=kind_name(line.subject_type),
        subject="",
        details="",
    )
