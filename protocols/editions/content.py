"""What an edition consists of: the tables of the library, their translations and their cases, each file a part. Nothing is kept here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from protocols.method.building import build_library, digest_of
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names, build_names, english_names
from protocols.shelf import (
    EDITION,
    shipped_case_files,
    shipped_languages,
    shipped_library,
    shipped_names,
    shipped_tables,
    shipped_translations,
    texts_of_cases,
)

Part = Mapping[str, Any]
TABLES: Final = "library/"
CASES: Final = "cases/"
RULE_CASES: Final = "rule-cases/"
OF_CASE_FILE: Final = ".cases.toml"


@dataclass(frozen=True, eq=False)
class EditionContent:
    """One edition. ``parts`` are parsed files by name: ``library/STEM``, ``LANGUAGE/STEM``, ``cases/CONDITION``, ``rule-cases/STEM``."""

    name: str
    parts: Mapping[str, Part]

    @property
    def texts(self) -> Mapping[str, str]:
        """Every part as the JSON text that is kept. The order of tables is kept too: it is the order of pages and of decisions.

        Written anew each time: nobody needs it but who keeps it or names it.
        """
        return {name: json.dumps(part, ensure_ascii=False, separators=(",", ":")) for name, part in sorted(self.parts.items())}

    @cached_property
    def part_digests(self) -> Mapping[str, str]:
        """sha256 (hex) of the text of each part."""
        return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in self.texts.items()}

    @cached_property
    def digest(self) -> str:
        """sha256 (hex) of the name and of every part: two editions with the same digest are the same in every letter."""
        lines = (self.name, *(f"{name} {digest}" for name, digest in self.part_digests.items()))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def library_digest(self) -> str:
        """The digest of the tables, as the library of this edition has it."""
        return digest_of(self.under(TABLES))

    def under(self, prefix: str) -> dict[str, Part]:
        """The parts whose names begin so, without that beginning; conditions after the other tables, as they lie in the folder."""
        found = {name.removeprefix(prefix): part for name, part in self.parts.items() if name.startswith(prefix)}
        return dict(sorted(found.items(), key=lambda item: ("/" in item[0], item[0])))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that the edition is translated into, English apart."""
        apart = {TABLES[:-1], CASES[:-1], RULE_CASES[:-1]}
        return tuple(sorted({name.split("/")[0] for name in self.parts} - apart))


@cache
def shipped_content() -> EditionContent:
    """The edition of this release."""
    cases, rule_cases = shipped_case_files()
    parts: dict[str, Part] = {f"{TABLES}{stem}": part for stem, part in shipped_tables().items()}
    for language in shipped_languages():
        parts |= {f"{language}/{stem}": part for stem, part in shipped_translations(language).items()}
    parts |= {f"{CASES}{name.removesuffix(OF_CASE_FILE)}": part for name, part in cases.items()}
    parts |= {f"{RULE_CASES}{stem}": part for stem, part in rule_cases.items()}
    return EditionContent(EDITION, parts)


def shipped_digest() -> str:
    """The digest of the edition of this release."""
    return shipped_content().digest


def library_from(content: EditionContent) -> Library:
    """The library of this edition. Raises ``LibraryFaults`` with every fault when it is not sound."""
    if content is shipped_content():
        return shipped_library()
    return build_library(content.under(TABLES), edition=content.name)


def names_from(content: EditionContent, library: Library, language: str) -> Names:
    """Names of this edition in a language; English where it has no such language. Raises ``LibraryFaults`` for a gap in a translation."""
    if content is shipped_content():
        return shipped_names(language)
    texts = texts_of_cases(case_files_of(content), content.under(RULE_CASES))
    if language == ENGLISH or language not in content.languages:
        return english_names(library, also=texts)
    return build_names(library, content.under(f"{language}/"), language=language, also=texts)


def case_files_of(content: EditionContent) -> dict[str, Part]:
    """The worked cases of this edition by file name, as ``read_cases`` gives those of the release."""
    return {f"{name}{OF_CASE_FILE}": part for name, part in content.under(CASES).items()}
