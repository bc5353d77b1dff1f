"""What a seal says about the looks that it covers: pure, so that a copy of the two tables can be checked anywhere.

A seal is a line of the chain. It names its looks one by one (as runs of numbers) and keeps a digest of them. Numbers are given out before
a transaction ends, so a look may turn up after a higher one was sealed: it stands in a gap between runs, and a later seal takes it in.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from clinic.audit.models import ReadLine

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seal:
    """The looks with the numbers in ``runs``; ``through`` is the highest number that this seal or one before it covers."""

    runs: tuple[Run, ...]
    count: int
    digest: str
    through: int

    @classmethod
    def over(cls, looks: Iterable[ReadLine], *, through: int) -> "Seal":
        """The seal over these looks, in the order of their numbers; there is at least one. ``through`` is the last seal's."""
        ordered = sorted(looks, key=lambda look: look.pk)
        return cls(runs_of(look.pk for look in ordered), len(ordered), digest_of_looks(ordered), max(through, ordered[-1].pk))

    @classmethod
    def from_details(cls, details: Mapping[str, Any]) -> "Seal":
        """The seal that a line of the chain holds."""
        runs = tuple((first, last) for first, last in details["runs"])
        return cls(runs, details["count"], details["sha256"], details["through"])

    @property
    def first(self) -> int:
        return self.runs[0][0]

    @property
    def last(self) -> int:
        return self.runs[-1][1]

    def details(self) -> dict[str, Any]:
        """As a line of the chain keeps it."""
        runs = [list(run) for run in self.runs]
        return {
            "first": self.first,
            "last": self.last,
            "count": self.count,
            "sha256": self.digest,
            "runs": runs,
            "through": self.through,
        }

    def fault(self, looks: Mapping[int, ReadLine]) -> str:
        """What is wrong with the looks that are there now, by number, in a few words; empty when each is as it was."""
        numbers = [number for first, last in self.runs for number in range(first, last + 1)]
        gone = [number for number in numbers if number not in looks]
        if gone:
            return f"look {gone[0]} is gone"
        if len(numbers) != self.count:
            return f"{self.count} looks were sealed, not {len(numbers)}"
        if digest_of_looks(looks[number] for number in numbers) != self.digest:
            return f"a look from {self.first} to {self.last} was changed"
        return ""


def canonical(look: ReadLine) -> str:
    """Everything that a look says, in one fixed spelling, on one line."""
    content = [
        look.pk,
        look.at.astimezone(UTC).isoformat(timespec="microseconds"),
        look.clinic_id,
        look.user_id,
        look.roles,
        look.subject_type,
        look.subject_id,
        look.kind,
        look.page,
        look.details,
    ]
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest_of_looks(looks: Iterable[ReadLine]) -> str:
    """SHA-256 (hex) over the canonical lines, in the order given."""
    digest = hashlib.sha256()
    for look in looks:
        digest.update(canonical(look).encode("ascii") + b"\n")
    return digest.hexdigest()


def runs_of(numbers: Iterable[int]) -> tuple[Run, ...]:
    """Ascending numbers as unbroken runs: 1, 2, 3, 7 are (1, 3) and (7, 7)."""
    return united((number, number) for number in numbers)


def united(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs in any order as few as can be; runs that touch or overlap become one."""
    found: list[Run] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def gaps_in(runs: Iterable[Run], *, above: int, through: int) -> Iterator[Run]:
    """The numbers greater than ``above``, up to ``through``, that no run covers."""
    expected = above + 1
    for first, last in united(runs):
        if first > expected:
            yield expected, min(first - 1, through)
        expected = max(expected, last + 1)
    if expected <= through:
        yield expected, through
