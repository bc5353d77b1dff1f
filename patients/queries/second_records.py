"""Two records of one person: where they contradict each other, what was merged, and what keeps a merge from being undone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from patients.merging import news_since
from patients.models import FactAnswer, Patient, PatientMerge
from patients.queries.answers import newest_replies
from patients.queries.papers import HEALTH_CHANGE
from patients.questionnaire import Reply, day_facts
from protocols.method.library import Library


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One fact to which two records give different answers. ``day`` is set for a fact of one day."""

    fact: str
    one: FactAnswer
    other: FactAnswer
    day: date | None = None

    @property
    def holding(self) -> FactAnswer | None:
        """The answer that says yes, if one does."""
        return next((each for each in (self.one, self.other) if Reply(each.reply, each.value).holds), None)


def contradictions(one: Patient, other: Patient, library: Library, *, on: date) -> tuple[Contradiction, ...]:
    """The facts whose newest answers differ, "don't know" against an answer too. ``on`` is the clinic's day.

    Of facts that hold for a day only, those of that day count; a change of health counts whenever it was, because it takes from
    older documents what they lift.
    """
    of_a_day = frozenset(day_facts(library.intake))
    first, second = newest_replies(one), newest_replies(other)
    lasting = (_differing(code, first[code], second[code]) for code in first if code in second and code not in of_a_day)
    return tuple(found for found in (*lasting, *_of_days(one, other, of_a_day, on)) if found)


def _of_days(one: Patient, other: Patient, codes: Iterable[str], on: date) -> Iterator[Contradiction | None]:
    first, second = _by_day(one, codes), _by_day(other, codes)
    for key in first.keys() & second.keys():
        if key[1] == on or key[0] == HEALTH_CHANGE:
            yield _differing(key[0], first[key], second[key], key[1])


def _by_day(patient: Patient, codes: Iterable[str]) -> dict[tuple[str, date], FactAnswer]:
    answers = FactAnswer.objects.filter(patient=patient, fact__in=codes).order_by("pk")
    return {(answer.fact, answer.answered_on): answer for answer in answers}


def _differing(code: str, one: FactAnswer, other: FactAnswer, day: date | None = None) -> Contradiction | None:
    same = (one.reply, one.value) == (other.reply, other.value)
    return None if same else Contradiction(code, one, other, day)


def merge_or_404(clinic: Clinic, patient: Patient, pk: int) -> PatientMerge:
    """This merge into this patient's record."""
    return get_object_or_404(PatientMerge.objects.select_related("kept", "merged"), kept=patient, kept__clinic=clinic, pk=pk)


def merges_of(patient: Patient) -> tuple[PatientMerge, ...]:
    """The merges into this record that stand, the newest first."""
    return tuple(_MERGES.objects(patient=patient.pk))


def _merges(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return PatientMerge.objects.filter(kept=patient, undone_at=None).select_related("merged", "merged_by")


_MERGES: Final = Prepared(_merges)


def what_hangs_on(merge: PatientMerge) -> tuple[str, ...]:
    """Names of what came to the kept record since; none where the merge can be undone."""
    moved = merge.moved
    return tuple(dict.fromkeys(news_since(merge.kept, moved["rows"], moved["newest"], merge.merged_at)))
