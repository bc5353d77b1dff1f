"""Which subject an entry belongs to: what a variant has to be about to change it. Pure, over the entries of one edition."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from protocols.editions.addresses import split, subject_of
from protocols.editions.content import CASES
from protocols.variants.subjects import COURSE_RULES, OF_CONDITION, OWN, RULES, may_change

PROFILES: Final = "profiles"
Entries = Mapping[str, Any]


def subjects_of_entry(address: str, entries: Entries) -> tuple[str, ...]:
    """The subjects whose variants may change this entry; nothing for what no clinic changes.

    Cases and words follow what they are about. A mix of techniques of a clinic's own belongs to every condition that uses it.
    """
    part, _table, code = split(address)
    stem = part.partition("/")[2]
    if stem == PROFILES and code.startswith(OWN):
        return tuple(dict.fromkeys(f"{OF_CONDITION}{condition}" for condition in _users(code, entries)))
    if stem == "cases":
        return _of_words_of_case(code, entries)
    subject = RULES if stem == "sources" and code.startswith(OWN) else subject_of(address)
    known = subject in (RULES, COURSE_RULES) or subject.startswith(OF_CONDITION)
    return (subject,) if known and may_change(subject, address) else ()


def _users(profile: str, entries: Entries) -> Iterator[str]:
    """Conditions in which a step has this mix."""
    for address, entry in entries.items():
        if address.startswith(f"library/{OF_CONDITION}") and ":stage/" in address and isinstance(entry, Mapping):
            steps = entry.get("steps")
            if isinstance(steps, list) and any(isinstance(step, Mapping) and step.get("profile") == profile for step in steps):
                yield split(address)[0].removeprefix(f"library/{OF_CONDITION}")


def _of_words_of_case(code: str, entries: Entries) -> tuple[str, ...]:
    """The condition in whose file the case with this code stands."""
    tail = f":case/{code}"
    parts = (split(address)[0] for address in entries if address.startswith(CASES) and address.endswith(tail))
    return tuple(f"{OF_CONDITION}{part.removeprefix(CASES)}" for part in parts)[:1]


def sources_in(value: Any) -> Iterator[str]:
    """Codes of the sources that an entry names, wherever in it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "sources" and isinstance(item, list):
                yield from (each for each in item if isinstance(each, str))
            else:
                yield from sources_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from sources_in(item)
