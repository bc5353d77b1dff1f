"""How many courses keep to which edition. The app of courses says it: this one knows none."""

from collections.abc import Callable, Mapping
from typing import Final

from clinic.staff.models import Clinic

Count = Callable[[Clinic], Mapping[str, int]]
_COUNTERS: Final[list[Count]] = []


def count_courses_with(count: Count) -> None:
    """From now on this answers how many courses of a clinic that are not over keep to each edition, by digest. One query at most."""
    if count not in _COUNTERS:
        _COUNTERS.append(count)


def courses_by_edition(clinic: Clinic) -> dict[str, int]:
    """How many courses that are not over keep to each edition, by digest; an edition without any is not there."""
    found: dict[str, int] = {}
    for count in _COUNTERS:
        for digest, number in count(clinic).items():
            found[digest] = found.get(digest, 0) + number
    return found
