"""Whether a variant may become an edition: sound, in every language, nothing looser than the release, and every case as expected.

Whatever a variant holds, nothing raises here: each thing that is wrong has a place and a sentence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.web.typed import check_lines_can_be_seen
from protocols.editions.addresses import entries_of
from protocols.editions.content import TABLES, EditionContent, library_from, names_from
from protocols.editions.queries import EditionLost, content_of, edition_in_force, library_of_edition
from protocols.method.entries import Condition
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.method.parsing import LibraryFaults
from protocols.models import Variant
from protocols.shelf import shipped_library, shipped_names
from protocols.variants.changes import changes_of, content_of_variant, has_place, misshapen
from protocols.variants.fault_places import Place, place_of
from protocols.variants.strict_words import Said, words_loosened
from protocols.variants.strictness import Loosening, loosened
from protocols.variants.subjects import may_change, read_subject
from protocols.variants.trying import CaseResult, TriedCase, codes_used_twice, try_rules, try_worked, untried_rules

__all__ = ["CaseResult", "Loosening", "Place", "VariantCheck", "check_variant", "first_objection", "library_of_variant", "names_of_variant"]

MOST_HELD: Final = 24
# What a builder of the library may raise over content that is no library at all, besides its own list of faults.
PROFILE: Final = f"{TABLES}profiles:profile/"
UNREADABLE: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class VariantCheck:
    """What is to be said about a variant. ``faults`` keep it from being a library at all; ``loosened`` is what it allows more of than
    the release, ``widened`` than the edition in force (which is allowed, and told); ``cases`` are those that it has to pass.
    """

    faults: tuple[Place, ...] = ()
    loosened: tuple[Loosening, ...] = ()
    widened: tuple[Loosening, ...] = ()
    cases: tuple[CaseResult, ...] = ()
    has_changes: bool = True

    @property
    def red(self) -> tuple[CaseResult, ...]:
        """The cases that are not as expected."""
        return tuple(case for case in self.cases if case.unmet)

    @property
    def is_publishable(self) -> bool:
        """Whether a doctor may be asked to sign it."""
        return self.has_changes and bool(self.cases) and not (self.faults or self.loosened or self.red)


@dataclass(frozen=True, slots=True)
class Held:
    """A content by a digest, so that what was worked out for it is found again: by that of its tables, or of all of it."""

    digest: str
    content: EditionContent = field(compare=False, repr=False)

    @property
    def tables(self) -> "Held":
        """By what its library is made of: contents that differ in words and cases alone share their library."""
        return Held(f"{self.content.name}/{self.content.library_digest}", self.content)


def check_variant(variant: Variant) -> VariantCheck:
    """Everything that is wrong with a variant; what takes long is worked out once for the same content. Never raises for what it holds."""
    held, changes = _held(variant), changes_of(variant)
    shape = tuple(_misplaced(variant, changes))
    library, faults = _built(held.tables)
    in_force = edition_in_force(variant.clinic)
    if library is None:
        return VariantCheck((*shape, *faults), has_changes=bool(changes))
    scope = _scope(variant.subject, changes, library, in_force)
    tried, of_cases = _tried(held, scope)
    return VariantCheck(
        faults=(*shape, *_words_missing(held), *of_cases, *(_untried(tried, library) if scope is None else ())),
        loosened=(*_loosened(held.tables), *_words_loosened(held)),
        widened=_widened(held.tables, in_force),
        cases=tuple(_results(held, tried, changes, in_force)),
        has_changes=bool(changes),
    )


def library_of_variant(variant: Variant) -> Library | None:
    """The library that a variant makes; None where it is not sound."""
    return _built(_held(variant).tables)[0]


def names_of_variant(variant: Variant, language: str = "") -> Names | None:
    """Names of that library in the language of the page unless one is given, English where a translation has a gap; None without it."""
    held = _held(variant)
    if _built(held.tables)[0] is None:
        return None
    return _named(held, language or get_language() or ENGLISH)[0] or _named(held, ENGLISH)[0]


def first_objection(check: VariantCheck) -> str:
    """Why a variant cannot be published, in one sentence; "" where it can."""
    if not check.has_changes:
        return _("This variant changes nothing yet.")
    if check.faults:
        return _("The library would not be sound: %(sentence)s") % {"sentence": check.faults[0].sentence}
    if check.loosened:
        return _("This variant allows more than the library of the release. Safety can only be made stricter.")
    if check.red:
        return _("Not every case is as expected: %(case)s") % {"case": check.red[0].says}
    return "" if check.cases else _("A variant needs at least one worked case.")


# The checks, one by one --------------------------------------------------------------------------------------------------------------
def _held(variant: Variant) -> Held:
    content = content_of_variant(variant)
    return Held(content.digest, content)


def _misplaced(variant: Variant, changes: Mapping[str, Any]) -> Iterator[Place]:
    """Changes that are no entries of the subject, or nothing that could stand there. They are no part of the content."""
    base = content_of(edition_in_force(variant.clinic))
    for address, entry in changes.items():
        if not may_change(variant.subject, address):
            yield Place(address, _("This variant is about something else: this entry cannot be changed in it."))
        elif misshapen(address, entry) or not has_place(base, address):
            yield Place(address, _("This cannot stand here."))
        else:
            yield from (Place(address, sentence) for sentence in _unseen(entry))


def _unseen(value: object) -> Iterator[str]:
    """What is said of texts whose letters cannot be seen: a doctor would sign what nobody reads."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*_unseen(key), *_unseen(item))
    elif isinstance(value, list):
        for item in value:
            yield from _unseen(item)
    elif isinstance(value, str) and value:
        try:
            check_lines_can_be_seen(value)
        except ValidationError as unseen:
            yield from () if unseen.code == "nothing" else unseen.messages  # a unit may be a sign alone


@lru_cache(maxsize=MOST_HELD)
def _built(held: Held) -> tuple[Library | None, tuple[Place, ...]]:
    """The library of a content, or what keeps it from being one."""
    try:
        return library_from(held.content), ()
    except LibraryFaults as error:
        return None, tuple(place_of(fault) for fault in error.faults)
    except UNREADABLE as error:
        return None, (Place("", f"{type(error).__name__}: {error}"),)


@lru_cache(maxsize=2 * MOST_HELD)
def _named(held: Held, language: str) -> tuple[Names | None, tuple[Place, ...]]:
    """The names of a sound content in a language, or what is missing of them."""
    library = _built(held.tables)[0]
    if library is None:
        return None, ()
    try:
        return names_from(held.content, library, language), ()
    except LibraryFaults as error:
        return None, tuple(place_of(fault) for fault in error.faults)
    except UNREADABLE as error:
        return None, (Place(f"{language}/", f"{type(error).__name__}: {error}"),)


def _words_missing(held: Held) -> Iterator[Place]:
    for language in (ENGLISH, *held.content.languages):
        yield from _named(held, language)[1]


@lru_cache(maxsize=MOST_HELD)
def _loosened(held: Held) -> tuple[Loosening, ...]:
    library = _built(held)[0]
    return () if library is None else loosened(shipped_library(), library)


@lru_cache(maxsize=MOST_HELD)
def _words_loosened(held: Held) -> tuple[Loosening, ...]:
    """Words of safety that a translation no longer says as the release does."""
    library = _built(held.tables)[0]
    if library is None:
        return ()
    english = _named(held, ENGLISH)[0]
    if english is None:
        return ()
    found: list[Loosening] = []
    for language in held.content.languages:
        names = _named(held, language)[0]
        if names is not None:
            shipped = Said(shipped_library(), shipped_names(ENGLISH), shipped_names(language))
            found += words_loosened(shipped, Said(library, english, names))
    return tuple(found)


@lru_cache(maxsize=MOST_HELD)
def _widened(held: Held, in_force: str) -> tuple[Loosening, ...]:
    library = _built(held)[0]
    if library is None:
        return ()
    try:
        return loosened(library_of_edition(in_force), library)
    except EditionLost:  # this release no longer reads what the clinic worked with: nothing to be told against
        return ()


def _scope(subject: str, changes: Mapping[str, Any], library: Library, in_force: str) -> tuple[str, ...] | None:
    """Whose worked cases are tried: the conditions that the changes can act on; None for all of them, and those of the rules."""
    of, there = read_subject(subject), entries_of(content_of(in_force).parts)
    if of.kind != "condition":
        return None
    shared = {address.rpartition("/")[2] for address in changes if address.startswith(PROFILE) and address in there}
    users = (code for code, condition in library.conditions.items() if shared & set(_profiles_of(condition)))
    return tuple(dict.fromkeys((of.code, *users)))


def _profiles_of(condition: Condition) -> Iterator[str]:
    for stage in condition.stages.values():
        if stage.treatment is not None:
            yield from (step.profile for step in stage.treatment.steps)
            yield from (row.profile for form in stage.treatment.variants for row in form.profile_at)


@lru_cache(maxsize=MOST_HELD)
def _tried(held: Held, conditions: tuple[str, ...] | None) -> tuple[tuple[TriedCase, ...], tuple[Place, ...]]:
    """Every case that has to hold, tried, and what is wrong with the cases themselves."""
    library = _built(held.tables)[0]
    if library is None:
        return (), ()
    worked, faults = try_worked(held.content, library, conditions)
    twice = codes_used_twice(held.content, worked)
    if conditions is not None:
        return worked, (*faults, *twice)
    of_rules, more = try_rules(held.content, library)
    return (*worked, *of_rules), (*faults, *more, *twice)


def _untried(tried: tuple[TriedCase, ...], library: Library) -> Iterator[Place]:
    for code in untried_rules(tried, library):
        yield Place(f"{TABLES}contraindications:rule/{code}", _("No case shows whom this rule stops, or whom it spares."))


def _results(held: Held, tried: tuple[TriedCase, ...], changes: Mapping[str, Any], in_force: str) -> Iterator[CaseResult]:
    names, there = _named(held, get_language() or ENGLISH)[0], entries_of(content_of(in_force).parts)
    for case in tried:
        says = (names.of(case.kind, case.code, "says") if names else "") or case.says
        is_new = case.address not in there
        is_changed = case.address in changes and not is_new
        yield CaseResult(case.code, says, case.condition, case.stage, case.unmet, is_changed, is_new, case.address)
