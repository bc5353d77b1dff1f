"""The library in one language, as the pages read it."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clinic.staff.models import Clinic
from protocols.editions.queries import IN_FORCE, library_in_force, names_in_force
from protocols.grounds import GENERAL
from protocols.method.entries import Effect, Scalar
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.presentation.addresses import address
from protocols.shelf import shipped_library, shipped_names
from protocols.wording_conditions import typeset
from protocols.wording_effects import EffectWords

CITED: Final = re.compile(r"\b[mvc]-\d+[a-z]?\b")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as a line: title, its page here, and whether it is only general knowledge."""

    code: str
    title: str
    url: str
    is_general: bool


class LibraryReader(EffectWords):
    """Names and sentences of the library in one language. Effects say which answer names their places."""

    def where(self, effect: Effect) -> str:
        """The zones of an effect, or the question whose answer names them."""
        fact = effect.fact or effect.zones_from
        if effect.zones or fact is None:
            return super().where(effect)
        return _("the places named in the answer to “%(question)s”") % {"question": self.question(fact)}

    def question(self, fact: str) -> str:
        """The question of a fact, without its question mark inside a sentence."""
        return self.names.of("facts", fact, "question").rstrip("?")

    def fact_value(self, fact: str, value: Scalar) -> str:
        """A value of a fact in words, with its unit where it is a number."""
        entry = self.library.facts[fact]
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, str):
            return self.names.value("facts", fact, value, entry.values) if entry.values else self.zone(value)
        unit = self.names.of("facts", fact, "unit")
        return f"{number(value)} {unit}".rstrip()

    def sources(self, codes: tuple[str, ...]) -> tuple[SourceLine, ...]:
        """Sources by their codes, with titles."""
        rows = (self.library.sources[code] for code in codes)
        return tuple(SourceLine(row.id, row.title, address("source", row.id), row.id in GENERAL) for row in rows)

    def cited(self, text: str) -> tuple[SourceLine, ...]:
        """The sources that a text of the library names by their codes."""
        return self.sources(tuple(dict.fromkeys(code for code in CITED.findall(text) if code in self.library.sources)))


def number(value: float) -> str:
    """A number as the language writes it, without zeros after the point."""
    return str(number_format(int(value) if float(value).is_integer() else value))


def page_reader(clinic: Clinic) -> LibraryReader:
    """The library that this clinic works with, in the language of the page that is being made."""
    return reader_of(library_in_force(clinic), names_in_force(clinic))


def reader_in(language: str) -> LibraryReader:
    """The library of this release in one language."""
    return reader_of(shipped_library(), shipped_names(language))


@lru_cache(maxsize=4 * IN_FORCE)
def reader_of(library: Library, names: Names) -> LibraryReader:
    """A library in one language, with comparison signs as people write them."""
    texts = {key: tuple(map(typeset, words)) if isinstance(words, tuple) else typeset(words) for key, words in names.texts.items()}
    return LibraryReader(library, replace(names, texts=texts))
