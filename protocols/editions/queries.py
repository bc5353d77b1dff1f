"""Editions read from where they are kept. An edition is named by its content, so what was read once stays true for good."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language

from clinic.staff.models import Clinic
from protocols.cases import WorkedCase, cases_in
from protocols.editions.content import RULE_CASES, EditionContent, case_files_of, library_from, names_from, shipped_content
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.models import Edition, EditionPart
from protocols.rule_cases import RuleCases, rule_cases_in
from protocols.shelf import shipped_library, shipped_names

MOST_HELD: Final = 12  # editions that a process keeps in memory: each takes some megabytes


class EditionLost(LookupError):
    """Only the name of this edition is known: its content was not kept. What was made with it can be read, nothing can be made anew."""


@lru_cache(maxsize=MOST_HELD)
def content_of(digest: str) -> EditionContent:
    """The content of a kept edition. Two queries when it is not in memory. Raises ``EditionLost``."""
    if digest == shipped_content().digest:
        return shipped_content()
    row = Edition.objects.filter(pk=digest).first()
    if row is None or not row.parts:
        raise EditionLost(digest)
    texts = dict(EditionPart.objects.filter(pk__in=row.parts.values()).values_list("pk", "text"))
    content = EditionContent(row.name, {name: json.loads(texts[part]) for name, part in row.parts.items()})
    if content.digest != digest:
        raise EditionLost(f"{digest}: what is kept is not what was named so")
    return content


@lru_cache(maxsize=MOST_HELD)
def library_of_edition(digest: str) -> Library:
    """The library of a kept edition. Raises ``EditionLost``."""
    return library_from(content_of(digest))


@lru_cache(maxsize=2 * MOST_HELD)
def names_of_edition(digest: str, language: str) -> Names:
    """Names of a kept edition in a language. Raises ``EditionLost``."""
    return names_from(content_of(digest), library_of_edition(digest), language)


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
