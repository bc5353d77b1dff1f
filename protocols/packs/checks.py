"""The library's own checks over all that could be taken of a pack: which subjects make a library, and what is looser than the release."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from protocols.cases import CaseFaults, cases_in
from protocols.editions.addresses import split
from protocols.editions.content import CASES, OF_CASE_FILE, RULE_CASES, EditionContent, library_from, names_from
from protocols.method.library import Library
from protocols.method.parsing import LibraryFaults
from protocols.rule_cases import rule_cases_in
from protocols.shelf import shipped_library
from protocols.variants.changes import content_with
from protocols.variants.checking import UNREADABLE
from protocols.variants.fault_places import Place, place_of
from protocols.variants.strictness import Loosening, loosened

ROUNDS: Final = 3  # each round builds a library; whoever is to blame after that is not looked for any longer
MOST_FAULTS: Final = 30  # of one subject
Takes = Mapping[str, Mapping[str, Any]]  # subject -> address -> content


@dataclass
class Checked:
    """``faults`` of each subject that cannot be taken, and what the others would make looser than the release."""

    faults: dict[str, list[Place]] = field(default_factory=dict)
    loosened: tuple[Loosening, ...] = ()


def checked(base: EditionContent, takes: Takes) -> Checked:
    """Checks all subjects together; those with faults are put aside, and the rest is checked again. Never raises for what they hold."""
    found, left = Checked(), {subject: changes for subject, changes in takes.items() if changes}
    for _round in range(ROUNDS):
        if not left:
            return found
        content = content_with(base, _all(left), f"{base.name}-pack")
        library, faults = _built(content)
        faults += tuple(_unsound_cases(_all(left)))
        if library is not None and not faults:
            faults = tuple(_unsound_words(content, library))
        if library is not None and not faults:
            found.loosened = loosened(shipped_library(), library)
            return found
        for subject, blamed in _blamed(left, faults).items():
            found.faults[subject] = blamed[:MOST_FAULTS]
            del left[subject]
    found.faults.update((subject, [Place("", "not looked at any longer: too much of this pack is not sound")]) for subject in left)
    return found


def _all(takes: Takes) -> dict[str, Any]:
    return {address: content for changes in takes.values() for address, content in changes.items()}


def _blamed(takes: Takes, faults: tuple[Place, ...]) -> dict[str, list[Place]]:
    """Subject -> its faults; where a fault lies in none of them, all are to blame."""
    found: dict[str, list[Place]] = {}
    for fault in faults:
        guilty = [subject for subject, changes in takes.items() if _lies_in(fault.address, subject, changes)]
        for subject in guilty or list(takes):
            found.setdefault(subject, []).append(fault)
    return found


def _lies_in(address: str, subject: str, changes: Mapping[str, Any]) -> bool:
    """Whether a fault lies at one of these entries, or somewhere else in the file of the subject."""
    return address in changes or address.startswith(f"library/{subject}:")


# What can be wrong --------------------------------------------------------------------------------------------------------------
def _built(content: EditionContent) -> tuple[Library | None, tuple[Place, ...]]:
    try:
        return library_from(content), ()
    except LibraryFaults as found:
        return None, tuple(place_of(fault) for fault in found.faults)
    except UNREADABLE as wrong:
        return None, (Place("", f"{type(wrong).__name__}: {wrong}"),)


def _unsound_words(content: EditionContent, library: Library) -> Iterator[Place]:
    """What is missing or wrong in a translation."""
    for language in content.languages:
        try:
            names_from(content, library, language)
        except LibraryFaults as found:
            yield from (place_of(fault) for fault in found.faults)
        except UNREADABLE as wrong:
            yield Place("", f"{type(wrong).__name__}: {wrong}")


def _unsound_cases(changes: Mapping[str, Any]) -> Iterator[Place]:
    """Cases that are none."""
    for address, content in changes.items():
        part, _table, _code = split(address)
        reader = _reader(part, content)
        if content is None or reader is None:
            continue
        try:
            reader()
        except (CaseFaults, *UNREADABLE) as wrong:
            yield Place(address, str(wrong))


def _reader(part: str, content: Any) -> Callable[[], object] | None:
    """What reads an entry as a case; None for what is no case."""
    if part.startswith(CASES):
        return lambda: cases_in({f"{part.removeprefix(CASES)}{OF_CASE_FILE}": {"case": [content]}})
    if part.startswith(RULE_CASES):
        return lambda: rule_cases_in({part.removeprefix(RULE_CASES): {"rule": [content]}})
    return None
