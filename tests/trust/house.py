"""Two clinics with everybody who may come, and the record of one row: what the access matrix sends its requests to."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.audit.models import ReadLine
from clinic.staff.models import Clinic, Role, User
from tests.factories import a_clinic, a_member, a_user
from tests.trust.access import THINGS
from tests.trust.rows import Row, Thing

# By one name their pages are the same wherever what they may see is the same, and the same markup is read once.
NAME_OF_ALL = "Kim Somebody"


@dataclass(frozen=True)
class Person:
    """Somebody who asks: what they are, and their browser."""

    who: str
    role: str
    here: bool
    client: Client

    @property
    def signed_in(self) -> bool:
        return self.who not in {"anonymous", "disabled"}


@dataclass(frozen=True)
class House:
    """Two clinics with people of every kind, and the record of one row at the first; ``looked`` is the last look left by making it."""

    people: tuple[Person, ...]
    thing: Thing
    url: str
    looked: int


@functools.cache
def url_names() -> tuple[str, ...]:
    """Every name in the URLconf; an address without a name gets its pattern, and so has no row."""
    return tuple(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _names(entry.url_patterns, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}"


def a_house(row: Row, name: str, *, of: tuple[str, ...] = ()) -> House:
    """The record of the row, and everybody who may come; ``of``: only people of these roles at the clinic of the record."""
    here, elsewhere = a_clinic(name="Lindenhof"), a_clinic(name="Rosengarten")
    for clinic in (here, elsewhere):
        # An administrator who stays, so that the record's own role can be taken away.
        a_member(clinic=clinic, roles=(Role.ADMIN,))
    thing = THINGS[row.thing](here) if row.thing else Thing({})
    everybody = [] if of else [*nobodies(here), *colleagues(elsewhere, here=False)]
    people = [*everybody, *colleagues(here, here=True, roles=of or tuple(Role.values))]
    return House(tuple(people), thing, reverse(name, kwargs=dict(thing.kwargs)), last_look())


def nobodies(clinic: Clinic) -> Iterator[Person]:
    disabled = a_member(clinic=clinic, roles=(Role.ADMIN, Role.THERAPIST), full_name=NAME_OF_ALL)
    client = browser(disabled)
    disabled.is_active = False
    disabled.save()
    yield Person("anonymous", "", here=False, client=Client())
    yield Person("disabled", "", here=False, client=client)
    yield Person("without a role", "", here=False, client=browser(a_user(full_name=NAME_OF_ALL)))


def colleagues(clinic: Clinic, *, here: bool, roles: tuple[str, ...] = tuple(Role.values)) -> Iterator[Person]:
    for role in roles:
        who = role if here else f"{role} elsewhere"
        yield Person(who, role, here=here, client=browser(a_member(clinic=clinic, roles=(role,), full_name=NAME_OF_ALL)))


def browser(user: User) -> Client:
    """Somebody signed in. Only the session is made, as signing in makes it: its line in the audit is no matter of these tests."""
    client = Client(raise_request_exception=True)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


def last_look() -> int:
    """The number of the last look that was left; 0 when there is none."""
    return ReadLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
