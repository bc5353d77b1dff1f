"""What one address answers to whom: the shape of the access matrix."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clinic.staff.models import Role
from clinic.staff.permissions import PUBLIC, SIGNED_IN

CLOSED = "closed"
EVERY_ROLE = tuple(Role.values)
AUDIT = (Role.AUDITOR, Role.ADMIN, Role.CLINICAL_LEAD)


@dataclass(frozen=True)
class Thing:
    """A record made for one row."""

    kwargs: Mapping[str, Any]
    canaries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """What one address answers. ``library`` rows are allauth's: whoever may open them gets no error, more is not said.

    ``shared`` rows name an entry that every clinic has, such as a rule: people of another clinic see it too.
    ``repeats``: why the same form sent twice does its work twice, and that is meant.
    ``own``: words of this form that are fields of records elsewhere, which no form may set ("*": all, kept unread).
    ``noted``: the file that GET gives out leaves a line in the chain of the audit, besides the look.
    """

    roles: tuple[str, ...]
    answers: Mapping[str, int] = field(default_factory=lambda: {"GET": 200})
    thing: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    queries: int = 8
    library: bool = False
    seen: bool = False
    looks: int = 1
    shared: bool = False
    noted: bool = False
    repeats: str = ""
    own: tuple[str, ...] = ()

    @property
    def allowed_roles(self) -> tuple[str, ...]:
        return EVERY_ROLE if {PUBLIC, SIGNED_IN} & set(self.roles) else self.roles


FORM = {"GET": 200, "POST": 422}
