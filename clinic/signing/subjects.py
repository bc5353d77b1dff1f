"""Whom a signed document is about: the apps above say it for their kinds, since this one knows no patients."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise

from clinic.staff.models import Clinic

# The patient of this clinic whom the subject ("courses.course:7") is about; ``None`` where there is no such record there.
Resolver = Callable[[Clinic, str], models.Model | None]


@dataclass(frozen=True)
class KindOfDocument:
    """What is known about one kind: its name for people, and how its patient is found."""

    name: str | Promise
    patient_of: Resolver
    address_of: Callable[[str], str] | None = None


_KINDS: Final[dict[str, KindOfDocument]] = {}


def register_subject(kind: str, resolver: Resolver, name: str | Promise = "", *, address_of: Callable[[str], str] | None = None) -> None:
    """From now on entries of this kind can be opened. Called once, when the app that signs them is ready.

    ``address_of`` answers the page of a subject, to which the page of an entry leads back.
    """
    _KINDS[kind] = KindOfDocument(name or kind, resolver, address_of)


def kind_of_document(kind: str) -> KindOfDocument | None:
    """What was registered for this kind, or ``None``."""
    return _KINDS.get(kind)
