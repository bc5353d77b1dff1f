"""What is wrong with a library: all of it, each with file and place."""

from dataclasses import dataclass, field


class LibraryFaults(ValueError):
    """The library cannot be used. ``faults`` are sentences ``file: place: what is wrong``."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join((f"The library has {len(faults)} faults:", *faults)))
        self.faults = faults


@dataclass(slots=True)
class FaultList:
    """Faults found so far; ``raise_any`` ends a phase of the reading."""

    faults: list[str] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        """Note one fault at ``place`` (``file: table entry``)."""
        self.faults.append(f"{place}: {sentence}")

    def expect(self, ok: object, place: str, sentence: str) -> bool:
        """Note ``sentence`` unless ``ok``; returns ``ok`` so that a caller can leave early."""
        if not ok:
            self.add(place, sentence)
        return bool(ok)

    def raise_any(self) -> None:
        """Raise ``LibraryFaults`` with all faults, each once, if there is any."""
        if self.faults:
            raise LibraryFaults(tuple(dict.fromkeys(self.faults)))
