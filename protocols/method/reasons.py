"""Why. A reason is a value: a code, what it is about, and sources. Words are made from it in any language."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """``code`` is one of ``wording.SENTENCES``; ``about`` are (name, library code or number as text) pairs for that sentence.

    ``wording.in_english(reason, library)`` gives the sentence; the pages translate the same code.
    """

    code: str
    about: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = field(default=(), hash=False)  # equal reasons have equal sources; hashing them would only cost time


def because(code: str, *, sources: tuple[str, ...] = (), **about: object) -> Reason:
    """A reason with its details in a fixed order, so that equal reasons are equal."""
    return Reason(code, tuple(sorted((name, str(value)) for name, value in about.items())), sources)
