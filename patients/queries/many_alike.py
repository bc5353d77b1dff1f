"""The look-alikes of many new people at once: the same rule as for one (``finding.look_alikes``), in few queries for the whole list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from clinic.staff.models import Clinic
from patients.models import NameKey, Patient
from patients.queries.finding import MOST_ALIKE, NUMBER_TO_FIND, LookAlike, what_is_alike
from patients.search import SHORTEST_NUMBER, digits, name_keys, name_words, sounded

AT_ONCE: Final = 500  # values in one question: every database takes as many
Details = Mapping[str, Any]


def look_alikes_of_many(clinic: Clinic, people: Sequence[Details]) -> list[tuple[LookAlike, ...]]:
    """For each of these people (names, ``born_on``, ``phone``) up to five patients who may be the same person."""
    near = _Near(clinic, people)
    known = {patient.pk: patient for patient in near.patients()}
    return [_alike(details, [known[pk] for pk in near.of(details) if pk in known]) for details in people]


def _alike(details: Details, others: Iterable[Patient]) -> tuple[LookAlike, ...]:
    found: dict[int, LookAlike] = {}
    for other in others:
        kept = other.merged_into or other
        if kept.restricted_on is None and (alike := what_is_alike(other, kept, details)):
            found.setdefault(kept.pk, alike)
    return tuple(found.values())[:MOST_ALIKE]


class _Near:
    """Numbers of patients by what they share with somebody of the list: the birth date, the end of the telephone, spellings of names."""

    def __init__(self, clinic: Clinic, people: Sequence[Details]) -> None:
        self.clinic = clinic
        self.by_day: dict[Any, list[int]] = defaultdict(list)
        self.by_phone: dict[str, list[int]] = defaultdict(list)
        self.by_key: dict[str, list[int]] = defaultdict(list)
        patients = Patient.objects.filter(clinic=clinic).order_by()
        for some in _in_parts({details["born_on"] for details in people}):
            for pk, day in patients.filter(born_on__in=some).values_list("pk", "born_on"):
                self.by_day[day].append(pk)
        wanted = {_ending(details) for details in people} - {""}
        if wanted:
            for pk, phone in patients.exclude(phone="").values_list("pk", "phone").iterator():
                if (end := digits(phone)[-NUMBER_TO_FIND:]) in wanted:
                    self.by_phone[end].append(pk)
        for some in _in_parts({key for details in people for keys in _keys(details) for key in keys}):
            for key, pk in NameKey.objects.filter(clinic=clinic, key__in=some).values_list("key", "patient"):
                self.by_key[key].append(pk)
        self.people = people

    def of(self, details: Details) -> set[int]:
        """Whoever must be compared with this person."""
        bearers: set[int] | None = None
        for keys in _keys(details):
            some = {pk for key in keys for pk in self.by_key.get(key, ())}
            bearers = some if bearers is None else bearers & some
        return {*self.by_day.get(details["born_on"], ()), *self.by_phone.get(_ending(details), ()), *(bearers or ())}

    def patients(self) -> Iterator[Patient]:
        """All who must be compared with somebody, each once."""
        for some in _in_parts({pk for details in self.people for pk in self.of(details)}):
            yield from Patient.objects.filter(pk__in=some).select_related("merged_into")


def _keys(details: Details) -> Iterator[frozenset[str]]:
    """The spellings of each word of the names."""
    return (name_keys([word]) for word in name_words(details["family_name"], details["given_name"]))


def _ending(details: Details) -> str:
    number = digits(details.get("phone", ""))[-NUMBER_TO_FIND:]
    return number if len(number) >= SHORTEST_NUMBER else ""


def _in_parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


# Inside the list --------------------------------------------------------------------------------------------------------------
def twins_of(people: Sequence[Details]) -> list[int | None]:
    """For each person the place of an earlier one in the list who may be the same; None where there is none.

    Compared are those who share the birth date, the end of the telephone, or the sound of family and given name.
    """
    seen: dict[object, list[int]] = defaultdict(list)
    found: list[int | None] = []
    for place, details in enumerate(people):
        marks = _marks(details)
        earlier = sorted({other for mark in marks for other in seen[mark]})
        twin = next((other for other in earlier if what_is_alike(_unsaved(people[other]), _unsaved(people[other]), details)), None)
        found.append(twin)
        for mark in marks:
            seen[mark].append(place)
    return found


def _marks(details: Details) -> list[object]:
    names = tuple(sorted(map(sounded, name_words(details["family_name"], details["given_name"]))))
    return [mark for mark in (("born", details["born_on"]), ("phone", _ending(details)), ("names", names)) if mark[1]]


def _unsaved(details: Details) -> Patient:
    return Patient(**{name: details[name] for name in ("family_name", "given_name", "middle_name", "born_on", "phone")})
