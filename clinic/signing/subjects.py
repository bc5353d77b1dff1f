"""Whom or what a signed document is about: the apps above say it for their kinds, since this one knows no patients."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise

from clinic.staff.models import Clinic

# The patient of this clinic whom the subject ("courses.course:7") is about, or, for a kind that is about no patient, the record itself;
# ``None`` where there is no such record there.
Resolver = Callable[[Clinic, str], models.Model | None]


@dataclass(frozen=True)
class KindOfDocument:
    """What is known about one kind: its name for people, and how its patient is found.

    ``title_of`` names the record of a kind that is about no patient; whoever opens such an entry has looked at nobody.
    """

    name: str | Promise
    patient_of: Resolver
    address_of: Callable[[str], str] | None = None
    title_of: Callable[[models.Model], str] | None = None


_KINDS: Final[dict[str, KindOfDocument]] = {}


def register_subject(
    kind: str,
    resolver: Resolver,
    name: str | Promise = "",
    *,
    address_of: Callable[[str], str] | None = None,
    title_of: Callable[[models.Model], str] | None = None,
) -> None:
    """From now on entries of this kind can be opened. Called once, when the app that signs them is ready.

    ``address_of`` answers the page of a subject, to which the page of an entry leads back. ``title_of`` is given for a kind that is
    about no patient: it names the record that the resolver found.
    """
    _KINDS[kind] = KindOfDocument(name or kind, resolver, address_of, title_of)


def kind_of_document(kind: str) -> KindOfDocument | None:
    """What was registered for this kind, or ``None``."""
    return _KINDS.get(kind)
