"""Mixes of techniques of a clinic's own: made from a shipped one, changed, taken away. Pure: tables in, changes by address out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from protocols.method.vocabulary import FAMILIES
from protocols.variants.subjects import OWN

TABLE: Final = "library/profiles:profile/"
WORDS: Final = "ru/profiles:profiles/"
LONGEST_CODE: Final = 40
HUNDRED: Final = 100


def is_own(code: str) -> bool:
    """Whether a profile is of the clinic's own."""
    return code.startswith(OWN)


def free_code(name: str, taken: Iterable[str]) -> str:
    """A code of the clinic's own that nothing has yet, after a name in English letters."""
    word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_CODE].strip("-") or "mix"
    used, code, number = set(taken), f"{OWN}{word}", 2
    while code in used:
        code, number = f"{OWN}{word}-{number}", number + 1
    return code


def copied(source: Mapping[str, Any], *, code: str, name: str) -> dict[str, Any]:
    """A profile of the clinic's own that is as yet the copy of another."""
    basis = f"the clinic's own, after {source['code']}"
    return {**source, "code": code, "name": name, "provenance": "general", "basis": basis, "sources": []}


def in_order(shares: Mapping[str, int]) -> dict[str, int]:
    """Shares in the clinical order of the families, without those of nothing."""
    return {family: shares[family] for family in FAMILIES if shares.get(family)}


def kept(profile: Mapping[str, Any], name_ru: str) -> dict[str, Any]:
    """The changes that keep a profile with both its names."""
    code = profile["code"]
    return {f"{TABLE}{code}": dict(profile), f"{WORDS}{code}": {"name": name_ru}}


def taken_away(code: str) -> dict[str, Any]:
    """The changes that take a profile away."""
    return {f"{TABLE}{code}": None, f"{WORDS}{code}": None}


def users_of(code: str, stages: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The codes of the stages that work with this profile, in another form of theirs too."""
    return tuple(stage for stage, row in stages.items() if code in _used(row))


def _used(stage: Mapping[str, Any]) -> set[str]:
    forms = (row for form in stage.get("variants", ()) for row in form["profile_at"])
    return {row["profile"] for row in (*stage.get("steps", ()), *forms)}
