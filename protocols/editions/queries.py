"""Editions read from where they are kept. An edition is named by its content, so what was read once stays true for good."""

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language

from clinic.staff.models import Clinic
from protocols.cases import WorkedCase, cases_in
from protocols.editions.content import RULE_CASES, EditionContent, Part, case_files_of, library_from, names_from, shipped_content
from protocols.method.building import LibraryFaults
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.models import Edition, EditionPart
from protocols.rule_cases import RuleCases, rule_cases_in
from protocols.shelf import shipped_library, shipped_names

logger = logging.getLogger(__name__)

# Editions that a process keeps in memory. Measured (2026-11, with Russian names): the first one some 16 MB, each further one 2 to 3 MB,
# because what it does not change it shares with that of the release; its library takes 0.3 s to build, its names in a language 0.1 s.
# Two threads that ask at once for an edition that is in no memory yet both build it: that is only waste, since both build the same.
MOST_HELD: Final = 32
IN_FORCE: Final = 4  # editions whose pages are read at the same time: that of the clinic, one before it, that of the release
MOST_PARTS: Final = 256  # parts that editions of clinics have of their own


class EditionLost(LookupError):
    """Only the name of this edition is known: its content was not kept. What was made with it can be read, nothing can be made anew."""


def content_of(digest: str) -> EditionContent:
    """The content of a kept edition. Two queries when it is not in memory. Raises ``EditionLost``."""
    found = _read(digest)
    if found is None:
        raise EditionLost(digest)
    return found


@lru_cache(maxsize=MOST_HELD)
def _read(digest: str) -> EditionContent | None:
    """None, and not asked again, where only the name was kept: the content never comes later, since it would have another digest."""
    if digest == shipped_content().digest:
        return shipped_content()
    row = Edition.objects.filter(pk=digest).first()
    if row is None:
        raise EditionLost(digest)  # it may be kept in the next moment
    if not row.parts:
        return None
    content = EditionContent(row.name, _parts_of(row.parts))
    if content.digest != digest:
        logger.error("Edition %s: what is kept is not what was named so.", digest)
        return None
    return content


def _parts_of(kept: Mapping[str, str]) -> dict[str, Part]:
    """The parts by name, from their digests. Those that are as in this release are the very same objects, so that they take no room."""
    shipped = shipped_content()
    same = {part: shipped.parts[name] for name, part in shipped.part_digests.items()}
    texts = dict(EditionPart.objects.filter(pk__in=set(kept.values()) - same.keys()).values_list("pk", "text"))
    return {name: same[part] if part in same else _parsed(texts[part]) for name, part in kept.items()}


@lru_cache(maxsize=MOST_PARTS)
def _parsed(text: str) -> Part:
    """A part from its text. Nobody changes one: editions share it."""
    part: Part = json.loads(text)
    return part


def library_of_edition(digest: str) -> Library:
    """The library of a kept edition. Raises ``EditionLost``, also where this release no longer reads what was kept."""
    found = _library(digest)
    if found is None:
        raise EditionLost(digest)
    return found


@lru_cache(maxsize=MOST_HELD)
def _library(digest: str) -> Library | None:
    try:
        return library_from(content_of(digest))
    except LibraryFaults:
        logger.exception("Edition %s is kept and this release cannot read it.", digest)
        return None


def names_of_edition(digest: str, language: str) -> Names:
    """Names of a kept edition in a language. Raises ``EditionLost`` as ``library_of_edition`` does."""
    found = _names(digest, language)
    if found is None:
        raise EditionLost(digest)
    return found


@lru_cache(maxsize=2 * MOST_HELD)
def _names(digest: str, language: str) -> Names | None:
    try:
        return names_from(content_of(digest), library_of_edition(digest), language)
    except LibraryFaults:
        logger.exception("Edition %s is kept and this release cannot read its names (%s).", digest, language)
        return None


@lru_cache(maxsize=MOST_HELD)
def cases_of_edition(digest: str) -> tuple[WorkedCase, ...]:
    """The worked cases of a kept edition. Raises ``EditionLost``."""
    return cases_in(case_files_of(content_of(digest)))


@lru_cache(maxsize=MOST_HELD)
def rule_cases_of_edition(digest: str) -> Mapping[str, RuleCases]:
    """The cases of the rules of a kept edition, by rule. Raises ``EditionLost``."""
    return rule_cases_in(content_of(digest).under(RULE_CASES))


# What a clinic works with now ---------------------------------------------------------------------------------------------------
def edition_in_force(clinic: Clinic) -> str:
    """The digest of the edition that new plans of this clinic are made with: its own, else the shipped one. No query."""
    return clinic.edition_digest or shipped_content().digest


def library_in_force(clinic: Clinic) -> Library:
    """The library that this clinic works with now. No query for the shipped one, nor for one that was read before."""
    return library_of_edition(clinic.edition_digest) if clinic.edition_digest else shipped_library()


def names_in_force(clinic: Clinic, language: str = "") -> Names:
    """Names of the library that this clinic works with now, in the language of the page unless one is given."""
    language = language or get_language() or ENGLISH
    return names_of_edition(clinic.edition_digest, language) if clinic.edition_digest else shipped_names(language)
