"""Which rows go over when two records of one person become one. Apps above this one register their own rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise

from patients.models import Patient

Changed = Callable[[models.QuerySet[models.Model], datetime], models.QuerySet[models.Model]]
Going = Callable[[models.QuerySet[models.Model], Patient], models.QuerySet[models.Model]]


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows with a ``patient``, and their name for the page that compares two records.

    ``changed_since`` picks out of such rows those that were signed, given, completed or withdrawn after a moment: a merge on which
    such a thing hangs is not undone, because nobody could tell any more which of the two records it was meant for. ``going`` picks out
    those that go over to a patient, and refuses a merge that cannot be; without it all go. Rows that nobody adds (``is_added``), because
    they follow from others by themselves, hold two records together only where those others do.
    """

    model: type[models.Model]
    name: Promise | str
    changed_since: Changed
    going: Going | None = None
    is_added: bool = True

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows_of(self, patient: Patient) -> models.QuerySet[models.Model]:
        return self.model._default_manager.filter(patient=patient)

    def newest(self) -> int:
        """The number of the newest row of anybody."""
        return self.model._default_manager.aggregate(newest=models.Max("pk"))["newest"] or 0


_moved: dict[str, Moved] = {}


def register_moved(
    model: type[models.Model], name: Promise | str, *, changed_since: Changed, going: Going | None = None, is_added: bool = True
) -> None:
    """From now on these rows go over too when records are merged; called once, when an app is ready."""
    _moved[model._meta.label_lower] = Moved(model, name, changed_since, going, is_added)


def registered() -> Sequence[Moved]:
    """Every kind of rows that goes over."""
    return tuple(_moved.values())


def move_all(source: Patient, target: Patient) -> dict[str, list[int]]:
    """Gives every row of one patient to the other; label -> numbers of what went over."""
    found: dict[str, list[int]] = {}
    for each in registered():
        rows = each.rows_of(source)
        pks = sorted((each.going(rows, target) if each.going else rows).values_list("pk", flat=True))
        if pks:
            each.model._default_manager.filter(pk__in=pks).update(patient=target)
            found[each.label] = pks
    return found


def move_back(rows: Mapping[str, Sequence[int]], *, source: Patient, target: Patient) -> None:
    """Gives the listed rows of one patient to the other."""
    for label, pks in rows.items():
        _moved[label].rows_of(source).filter(pk__in=pks).update(patient=target)


def news_since(kept: Patient, rows: Mapping[str, Sequence[int]], newest: Mapping[str, int], at: datetime) -> Iterator[str]:
    """The names of what came to a kept record after a merge: rows that are new, and rows that went over and were changed since."""
    for each in registered():
        came = each.rows_of(kept).filter(pk__gt=newest.get(each.label, 0))
        changed = each.changed_since(each.rows_of(kept).filter(pk__in=rows.get(each.label, ())), at)
        if (each.is_added and came.exists()) or changed.exists():
            yield str(each.name)


def counts_of(one: Patient, other: Patient) -> list[tuple[str, int, int]]:
    """How many rows of each kind the two records hold, by name, in one query."""
    kinds = registered()
    first, *others = (_counted(number, each, (one, other)) for number, each in enumerate(kinds))
    found = {(number, patient): count for number, patient, count in first.union(*others, all=True)}
    return [(str(each.name), found.get((number, one.pk), 0), found.get((number, other.pk), 0)) for number, each in enumerate(kinds)]


def _counted(number: int, kind: Moved, patients: Sequence[Patient]) -> models.QuerySet[Any, Any]:
    rows = kind.model._default_manager.filter(patient__in=patients).order_by().values("patient")
    counted: models.QuerySet[Any, Any] = rows.annotate(kind=models.Value(number), held=models.Count("pk"))
    return counted.values_list("kind", "patient", "held")
