"""Where an entry of the library stands among its pages."""

from collections.abc import Callable, Mapping
from typing import Final

from django.urls import reverse

# Entries with a page of their own, and the page of those that stand in a list, with the anchor's first word.
OWN_PAGE: Final = ("condition", "rule", "technique", "zone", "supplement", "source")
IN_LIST: Final[Mapping[str, str]] = {
    "profile": "library:techniques",
    "family": "library:techniques",
    "point": "library:supplements",
    "danger": "library:zones",
    "position": "library:zones",
    "area": "library:zones",
    "sheet": "library:measures",
    "measure": "library:measures",
    "document": "library:documents",
}


def address(kind: str, code: str) -> str:
    """The address of one entry. Raises ``KeyError`` for a kind without a page."""
    if kind in OWN_PAGE:
        return reverse(f"library:{kind}", args=[code])
    if kind == "stage":
        condition, _slash, stage = code.partition("/")
        return f"{reverse('library:condition', args=[condition])}#stage-{stage}"
    return f"{reverse(IN_LIST[kind])}#{kind}-{code}"


def linked(kind: str, codes: tuple[str, ...], name: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """(name, address) of several entries of one kind."""
    return tuple((name(code), address(kind, code)) for code in codes)
