"""Two clinics with everybody who may come, and the record of one row: what the access matrix sends its requests to."""

import functools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.audit.models import ReadLine
from clinic.reminders.links import token_for
from clinic.reminders.states import Purpose
from clinic.schedule.actions.feeds import make_own_feed
from clinic.staff.middleware import CHOSEN_CLINIC
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from clinic.staff.sign_ins import SIGNED_IN_AT
from tests.clinic.reminders.answering_scene import a_date, a_message
from tests.factories import a_clinic, a_member, a_patient, a_user, an_intake_link, proof_of
from tests.trust.asking import Browser
from tests.trust.rows import Row, Thing

# By one name their pages are the same wherever what they may see is the same, and the same markup is read once.
NAME_OF_ALL = "Kim Somebody"
NOBODY: frozenset[str] = frozenset()
EVERYTHING = frozenset(str(role) for role in Role.values)


@dataclass(frozen=True)
class Person:
    """Somebody who asks: what they are, and their browser. ``here``: at the clinic of the record, as far as Tactus knows now."""

    who: str
    roles: frozenset[str]
    here: bool
    browser: Browser
    signed_in: bool = True

    def may(self, row: Row) -> bool:
        """Whether one of the person's roles is among those of the row."""
        return not self.roles.isdisjoint(row.allowed_roles)


@dataclass(frozen=True)
class Town:
    """Two clinics, and everybody who may come. Made once for all rows; what a row changes of it is taken back."""

    here: Clinic
    elsewhere: Clinic
    people: tuple[Person, ...]


@dataclass(frozen=True)
class House:
    """The record of one row at the clinic that is ``here``; ``looked`` is the last look that making it left, ``before`` all as it was."""

    people: tuple[Person, ...]
    thing: Thing
    url: str
    looked: int
    before: str

    def take_back(self) -> None:
        """What an answer changed is as it was before."""
        connection.needs_rollback = False
        transaction.savepoint_rollback(self.before)


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


def a_town() -> Town:
    """Everybody: those whom no clinic knows, those with links, and each role at the one clinic and at the other."""
    here, elsewhere = a_clinic(name="Lindenhof"), a_clinic(name="Rosengarten")
    for clinic in (here, elsewhere):
        # An administrator who stays, so that the record's own role can be taken away.
        a_member(clinic=clinic, roles=(Role.ADMIN,))
    people = (*nobodies(here), *colleagues(elsewhere, here=False), a_wanderer(here, elsewhere), *colleagues(here, here=True))
    return Town(here, elsewhere, people)


def a_house(town: Town, thing: Thing, name: str) -> House:
    """The record of a row, and everybody who may come."""
    return House(town.people, thing, reverse(name, kwargs=dict(thing.kwargs)), last_look(), transaction.savepoint())


def nobodies(clinic: Clinic) -> Iterator[Person]:
    disabled = a_member(clinic=clinic, roles=(Role.ADMIN, Role.THERAPIST), full_name=NAME_OF_ALL)
    client = browser(disabled)
    disabled.is_active = False
    disabled.save()
    yield Person("anonymous", NOBODY, here=False, browser=Browser(), signed_in=False)
    yield Person("with a patient's links", NOBODY, here=False, browser=a_browser_with_links(clinic), signed_in=False)
    yield Person("disabled", NOBODY, here=False, browser=client, signed_in=False)
    yield Person("without a role", NOBODY, here=False, browser=browser(a_user(full_name=NAME_OF_ALL)))


def a_browser_with_links(clinic: Clinic) -> Browser:
    """What is left in the browser of a patient who opened the intake and said the date of birth, opened a message, and subscribed."""
    patient = a_patient(clinic=clinic)
    far_ahead = clinic.today() + timedelta(days=200)  # where no row books the same room
    intake, message = an_intake_link(patient=patient), a_message(a_date(clinic=clinic, patient=patient, day=far_ahead))
    therapist = Actor(a_member(clinic=clinic), clinic, frozenset({str(Role.THERAPIST)}))
    _feed, calendar = make_own_feed(shows_initials=True, actor=therapist)
    client, born = Client(), patient.born_on
    opened = [
        client.post(reverse("intake-link:open", args=[intake]), {"day": born.day, "month": born.month, "year": born.year}),
        client.get(reverse("intake-link:questions", args=[intake])),
        client.get(reverse("answer:open", args=[token_for(message, Purpose.ANSWER)])),
        client.get(reverse("feeds:calendar", args=[calendar])),
    ]
    assert [answer.status_code for answer in opened] == [303, 200, 200, 200]
    return Browser({name: cookie.value for name, cookie in client.cookies.items()})


def colleagues(clinic: Clinic, *, here: bool) -> Iterator[Person]:
    for role in Role.values:
        who = role if here else f"{role} elsewhere"
        user = a_member(clinic=clinic, roles=(role,), full_name=NAME_OF_ALL)
        yield Person(who, frozenset({str(role)}), here=here, browser=browser(user))


def a_wanderer(here: Clinic, elsewhere: Clinic) -> Person:
    """Somebody with every role at both clinics, who works at the other one now: what is here is not there."""
    user = a_member(clinic=here, roles=Role.values, full_name=NAME_OF_ALL)
    a_member(clinic=elsewhere, roles=Role.values, user=user)
    return Person("at both, now elsewhere", EVERYTHING, here=False, browser=browser(user, **{CHOSEN_CLINIC: elsewhere.pk}))


def browser(user: User, **more: Any) -> Browser:
    """Somebody signed in. Only the session is made, as signing in makes it: its line in the audit is no matter of these tests."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            SIGNED_IN_AT: int(time.time()),
            **proof_of(user),
            **more,
        }
    )
    session.save()
    return Browser({settings.SESSION_COOKIE_NAME: str(session.session_key)})


def last_look() -> int:
    """The number of the last look that was left; 0 when there is none."""
    return ReadLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
