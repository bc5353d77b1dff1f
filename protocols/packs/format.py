"""A pack: entries of a library as one file that says where they come from, with a sum over each entry and one over all of it. Pure.

Equal packs are equal bytes: nothing in one hangs on the day or the machine that wrote it. The order of the keys of an entry is kept,
since it is the order of pages; a program that sorts keys breaks the sums.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

FORMAT: Final = "tactus-pack-1"
WHATS: Final = ("edition", "own", "variant", "choice")  # the whole edition; what is the clinic's own in it; one variant; chosen parts
MOST_BYTES: Final = 4_000_000  # the whole shipped edition takes less than two


@dataclass(frozen=True, slots=True)
class Named:
    """An edition as a pack names it."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source that an entry names, so that whoever reads the pack can look it up."""

    id: str
    title: str
    address: str = ""


@dataclass(frozen=True)
class PackEntry:
    """One entry; ``content`` None takes it away. ``subjects``: what a variant has to be about to change it; none where no clinic may."""

    address: str
    subjects: tuple[str, ...]
    content: Any

    @cached_property
    def sum(self) -> str:
        """sha256 (hex) of the address and the content."""
        return _sum(f"{self.address}\n{dumped(self.content)}")


@dataclass(frozen=True)
class Pack:
    """Everything that a pack says. ``changed``: addresses that are not as in the edition of the release that the clinic ran."""

    name: str
    what: str
    clinic: str
    base: Named
    shipped: Named
    review_by: str
    sources: tuple[Source, ...]
    changed: tuple[str, ...]
    entries: tuple[PackEntry, ...]

    @cached_property
    def sum(self) -> str:
        """sha256 (hex) of all that the pack says, the sums of its entries standing for them."""
        return _sum(dumped({**self.head, "entries": [[*entry.subjects, entry.sum] for entry in self.entries]}))

    @property
    def head(self) -> dict[str, Any]:
        """All but the entries and the sum, as JSON values."""
        return {
            "format": FORMAT,
            "name": self.name,
            "what": self.what,
            "clinic": self.clinic,
            "base": {"name": self.base.name, "digest": self.base.digest},
            "shipped": {"name": self.shipped.name, "digest": self.shipped.digest},
            "review_by": self.review_by,
            "sources": [{"id": each.id, "title": each.title, "address": each.address} for each in self.sources],
            "changed": list(self.changed),
        }

    def as_bytes(self) -> bytes:
        """The file: one line for each entry, so that two packs can be compared by any program that compares lines."""
        lines = [f"{dumped(key)}: {dumped(value)}" for key, value in {**self.head, "sha256": self.sum}.items()]
        rows = ",\n".join(_line(entry) for entry in self.entries)
        return ("{\n" + ",\n".join(lines) + ',\n"entries": [\n' + rows + "\n]\n}\n").encode()


def _line(entry: PackEntry) -> str:
    row: Mapping[str, Any] = {
        "address": entry.address,
        "subjects": list(entry.subjects),
        "sha256": entry.sum,
        "content": entry.content,
    }
    return dumped(row)


def dumped(value: Any) -> str:
    """The one JSON text of a value, without spaces, its keys in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
