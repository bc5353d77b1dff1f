"""One difference between two plans, as a value. Swapping the plans swaps the two sides of the value and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from protocols.method.reasons import Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference(Generic[T]):
    """Something that one plan has and the other has not, or has otherwise. ``None`` on a side: it is not there.

    ``kind`` says what it is, ``subject`` its code where it has one, ``aspects`` what of it changed. The reasons stand with the side
    whose plan gives them: a limit that appeared stands in ``reasons_after``, one that went in ``reasons_before``.
    """

    kind: str
    subject: str
    before: T | None
    after: T | None
    reasons_before: tuple[Reason, ...] = ()
    reasons_after: tuple[Reason, ...] = ()
    aspects: tuple[str, ...] = ()

    @property
    def change(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def because(self) -> tuple[Reason, ...]:
        """Every reason, those of the new plan first, each once."""
        return tuple(dict.fromkeys((*self.reasons_after, *self.reasons_before)))

    def mirrored(self) -> "Difference[T]":
        """The same difference seen from the other plan."""
        return Difference(self.kind, self.subject, self.after, self.before, self.reasons_after, self.reasons_before, self.aspects)


def only_in(reasons: Iterable[Reason], others: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons that the others lack, each once, in their order."""
    known = frozenset(others)
    return tuple(dict.fromkeys(reason for reason in reasons if reason not in known))
