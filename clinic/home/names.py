"""What the library calls its own, in English and in Russian, for the page of words."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.staff.models import Clinic
from protocols.editions.queries import edition_in_force, library_in_force, names_of_edition

_LISTS = (("techniques", "library:techniques"), ("zones", "library:zones"), ("supplements", "library:supplements"))


def names_of_library(clinic: Clinic) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(title, address, pairs of English and Russian names) of techniques, zones and supplements, by the English name."""
    library, edition = library_in_force(clinic), edition_in_force(clinic)
    english, russian = names_of_edition(edition, "en"), names_of_edition(edition, "ru")
    titles = {"techniques": _("Techniques"), "zones": _("Zones"), "supplements": _("Supplementary methods")}
    for kind, page in _LISTS:
        pairs = [(english.of(kind, code, "name"), russian.of(kind, code, "name")) for code in getattr(library, kind)]
        yield titles[kind], reverse(page), sorted((_capital(one), _capital(other)) for one, other in pairs)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
