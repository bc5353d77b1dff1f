"""Reads the library from its files: the only place where the method's knowledge meets the disk."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from protocols.method.building import build_library
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names, build_names, english_names
from protocols.method.texts import Text

FOLDER = Path(__file__).resolve().parent / "library"
CASES = FOLDER / "cases"
RULE_CASES = CASES / "rules"
KINDS_OF_RULE_CASES = ("fires", "spares", "unknown")
TRANSLATIONS = FOLDER / "translations"
EDITION = "2026-11"
REVIEW_BY = date(2027, 11, 30)  # a year after the edition. The day is ours: no source says how long a protocol may stand unread.


@cache
def shipped_library() -> Library:
    """The library of this release. Raises ``LibraryFaults`` if it is not sound; read once per process."""
    return build_library(shipped_tables(), edition=EDITION)


# The files of this release are parsed once per process: the library is built of them, and the edition that is kept consists of them.
# Nobody writes into what they give.
@cache
def shipped_tables() -> dict[str, dict[str, Any]]:
    """The tables of this release, as ``read_tables`` gives them."""
    return read_tables()


@cache
def shipped_translations(language: str) -> dict[str, dict[str, Any]]:
    """The translations of this release into a language, as ``read_translations`` gives them."""
    return read_translations(language)


@cache
def shipped_case_files() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The worked cases of this release and the cases of its rules, as ``read_cases`` and ``read_rule_cases`` give them."""
    return read_cases(), read_rule_cases()


@cache
def shipped_names(language: str) -> Names:
    """Names in a language (``en``, ``ru``). A language without a folder gets the English; a gap in a folder raises ``LibraryFaults``."""
    if language == ENGLISH or language not in shipped_languages():
        return english_names(shipped_library(), also=case_texts())
    return build_names(shipped_library(), shipped_translations(language), language=language, also=case_texts())


def shipped_languages() -> tuple[str, ...]:
    """Languages that the library is translated into, English apart."""
    return tuple(sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir()))


def read_translations(language: str) -> dict[str, dict[str, Any]]:
    """File stem -> parsed TOML of one language; rule cases as ``rule-cases/STEM``."""
    folder = TRANSLATIONS / language
    paths = sorted(folder.rglob("*.toml"))
    return {path.relative_to(folder).with_suffix("").as_posix(): tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


def read_tables(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """File stem -> parsed TOML; conditions as ``conditions/CODE``. Translations are not among them."""
    paths = sorted(folder.glob("*.toml")) + sorted((folder / "conditions").glob("*.toml"))
    return {path.relative_to(folder).with_suffix("").as_posix(): tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


def read_cases(folder: Path = CASES) -> dict[str, dict[str, Any]]:
    """File name -> parsed TOML of the worked cases, one file for each condition."""
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.cases.toml"))}


def read_rule_cases(folder: Path = RULE_CASES) -> dict[str, dict[str, Any]]:
    """File stem -> parsed TOML of the cases of the rules, one file for each group of rules."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))}


def case_texts() -> tuple[Text, ...]:
    """What the shipped cases say, to be named and translated like the texts of the library."""
    return texts_of_cases(*shipped_case_files())


def texts_of_cases(cases: Mapping[str, Mapping[str, Any]], rule_cases: Mapping[str, Mapping[str, Any]]) -> tuple[Text, ...]:
    """What cases say (field ``says``), from their parsed files.

    Worked cases are kind ``cases``, by their code; cases of the rules are kind ``rule-cases``, as ``RULE/KIND/NUMBER`` (``em-01/fires/1``).
    """
    rows = [row for content in cases.values() for row in content["case"]]
    worked = (Text("cases", row["code"], "says", "cases", ("cases", row["code"]), row["says"]) for row in rows)
    return (*worked, *_texts_of_rule_cases(rule_cases))


def _texts_of_rule_cases(files: Mapping[str, Mapping[str, Any]]) -> Iterator[Text]:
    for stem, content in files.items():
        for rule, kind in product(content["rule"], KINDS_OF_RULE_CASES):
            for number, row in enumerate(rule.get(kind, ()), 1):
                address = (rule["code"], kind, str(number))
                yield Text("rule-cases", "/".join(address), "says", f"rule-cases/{stem}", ("rule-cases", *address), row["says"])
