"""Which records belong to a patient: found from the models, so that the apps above this one need not say so a second time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from django.apps import apps
from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast

from clinic.audit.verbs import KINDS

# A withdrawal belongs to a consent, that to a course, and that to a patient.
FARTHEST: Final = 3
Records = Mapping[str, tuple[str, ...]]


def records_of(people: Iterable[Model]) -> Records:
    """The numbers, by kind, of these patients' records and of all that belongs to them and the audit may name. One query."""
    people = tuple(people)
    found: dict[str, list[str]] = defaultdict(list)
    first, *more = [_numbers(model, f"{path}__in", people) for model, path in _kinds_of(type(people[0]))]
    for kind, number in first.union(*more, all=True):
        found[kind].append(number)
    return {kind: tuple(numbers) for kind, numbers in found.items()}


def about(records: Records) -> Q:
    """The lines of either table that are about one of these records."""
    lines = Q(pk__in=())
    for kind, numbers in records.items():
        lines |= Q(subject_type=kind, subject_id__in=numbers)
    return lines


@cache
def way_to(patient: type[Model], model: type[Model]) -> str:
    """The names of foreign keys from a row of the model to the patient it belongs to; empty where none lead there."""
    return "pk" if model is patient else _way(model, patient)


def _numbers(model: type[Model], path: str, people: tuple[Model, ...]) -> QuerySet[Model, tuple[str, str]]:
    rows = model._default_manager.order_by().filter(**{path: [person.pk for person in people]})
    return rows.values_list(Value(model._meta.label_lower, CharField()), Cast("pk", CharField()))


@cache
def _kinds_of(patient: type[Model]) -> tuple[tuple[type[Model], str], ...]:
    """Each kind that the audit may name with the shortest way from it to the patient."""
    named = [apps.get_model(label) for label in KINDS]
    ways = ((model, _way(model, patient)) for model in named)
    return ((patient, "pk"), *((model, way) for model, way in ways if way and model is not patient))


def _way(model: type[Model], patient: type[Model]) -> str:
    """The names of foreign keys from the model to the patient, the fewest that lead there; empty when none do."""
    reached: dict[type[Model], str] = {model: ""}
    for _step in range(FARTHEST):
        for start, way in list(reached.items()):
            for field in start._meta.concrete_fields:
                target = field.related_model
                if isinstance(target, type) and target is not start:
                    reached.setdefault(target, f"{way}__{field.name}".removeprefix("__"))
        if patient in reached:
            return reached[patient]
    return ""
