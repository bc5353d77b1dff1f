"""Who somebody is for one request, and whether that is enough. What a role may do to a patient or a course is said in those apps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from clinic.staff.models import Clinic, Role, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# Besides role codes, a view's ``access`` may hold one of these words.
PUBLIC = "public"
SIGNED_IN = "signed-in"


class ActionDenied(Exception):
    """Somebody may not do this, or not now. The message is one sentence for that person, already translated."""

    @property
    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Actor:
    """A person acting at one clinic with the roles held there. Passed last to every action.

    ``page`` is the name of the address that the person asked for; empty where nobody asked by a browser.
    """

    user: User
    clinic: Clinic
    roles: frozenset[str]
    page: str = field(default="", compare=False)

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


def has_role(actor: Actor | None, *roles: str) -> bool:
    """Whether the actor holds at least one of these roles at the actor's clinic; nobody holds none."""
    return actor is not None and actor.has_role(*roles)


def check_has_role(actor: Actor | None, *roles: str) -> None:
    """Raises ``ActionDenied`` when the actor holds none of these roles."""
    if not has_role(actor, *roles):
        raise ActionDenied(_("Your role at this clinic does not allow this."))


def can_manage_staff(actor: Actor | None) -> bool:
    return has_role(actor, Role.ADMIN)


def check_can_manage_staff(actor: Actor | None) -> None:
    """Raises ``ActionDenied`` for everybody but an administrator of the actor's clinic."""
    if not can_manage_staff(actor):
        raise ActionDenied(_("Only an administrator of this clinic may change its staff."))


def _declared(access: frozenset[str]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # read by AccessMiddleware; functools.wraps keeps it
        return view

    return mark


def roles_allowed(*roles: str) -> Callable[[View], View]:
    """Declares that a view is for people who hold one of these roles at their present clinic. Outermost decorator."""
    unknown = set(roles) - set(Role.values)
    if unknown or not roles:
        raise ValueError(f"roles_allowed needs some of {Role.values}, not {sorted(unknown)}")
    return _declared(frozenset(roles))


def every_role_allowed(view: View) -> View:
    """Declares that a view is for anybody with a role at the present clinic."""
    return _declared(frozenset(Role.values))(view)


def signed_in_allowed(view: View) -> View:
    """Declares that a view is for anybody who signed in, even without a role: nothing of a clinic may be on it."""
    return _declared(frozenset({SIGNED_IN}))(view)


def public(view: View) -> View:
    """Declares that a view is open to the world."""
    view.login_required = False  # type: ignore[attr-defined]  # read by Django's LoginRequiredMiddleware
    return _declared(frozenset({PUBLIC}))(view)
