"""A record of the right kind for every address, as the access matrix makes them, for ``manage.py verify fuzz``: it follows links of the
demo, and where none leads to an address it asks it with these."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Course
from clinic.proofs.fuzz_pages import Form, Scene
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.factories import a_course, a_day_at, a_member, a_patient, a_signed_course, an_actor, an_intake_link
from tests.trust.access import ROWS, THINGS
from tests.trust.house import Person, Town, a_town, browser
from tests.trust.rows import CLOSED, Row

ONE: str = "somebody"


def scenes(*, skipped: frozenset[str], most: int) -> Iterator[Scene]:
    """One scene for each kind of record; it is there until the next one is asked for. ``skipped``: names of URLs nobody asks for."""
    with taken_back():
        Clinic.objects.update(name=Concat(Value("The demo's "), "name"))  # the town has a clinic of that name
        town = a_town()
        for made in [*_scenes_of_the_matrix(town, skipped), *(lambda own=own: own(town.here) for own in OWN)][:most]:
            with taken_back():
                yield made()


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever was made in between is gone afterwards."""
    with transaction.atomic():
        yield
        connection_heals()
        transaction.set_rollback(True)


def connection_heals() -> None:
    """A failure inside must not keep the records of the next scene from being made."""
    transaction.get_connection().needs_rollback = False


def _scenes_of_the_matrix(town: Town, skipped: frozenset[str]) -> Iterator[Callable[[], Scene]]:
    rows = [(row.thing, name) for name, row in ROWS.items() if row.thing and CLOSED not in row.roles and name not in skipped]
    for thing, pairs in groupby(sorted(rows), key=lambda pair: pair[0]):
        yield _of_the_matrix(town, thing, [name for _thing, name in pairs])


def _of_the_matrix(town: Town, thing: str, names: list[str]) -> Callable[[], Scene]:
    def made() -> Scene:
        record = THINGS[thing](Clinic.objects.get(pk=town.here.pk))
        people = {person.who: cookies(person) for person in town.people}
        scene = Scene(people)
        for name in names:
            path = reverse(name, kwargs=dict(record.kwargs))
            scene.asks(name, path, who=who_may(ROWS[name], town), form=the_form(ROWS[name], path))
        return scene

    return made


def cookies(person: Person) -> str:
    """What the browser of this person sends."""
    return "; ".join(f"{name}={value}" for name, value in person.browser.cookies.items())


def who_may(row: Row, town: Town) -> set[str]:
    """Those of the town whom the row lets in."""
    if {PUBLIC, SIGNED_IN} & set(row.roles):
        return {person.who for person in town.people if person.here or (PUBLIC in row.roles and not person.signed_in)}
    return {person.who for person in town.people if person.here and person.may(row)}


def the_form(row: Row, path: str) -> Form | None:
    """What the row's own POST sends, if it takes one."""
    if "POST" not in row.answers:
        return None
    sent = [(key, str(word)) for key, words in row.data.items() for word in (words if isinstance(words, (list, tuple)) else [words])]
    return Form(path, "POST", tuple(sent))


# What the access matrix holds to be closed, or asks without the step before ---------------------------------------------------
def behind_a_link(clinic: Clinic) -> Scene:
    """The pages of a patient who opened the link of the form and said the date of birth."""
    patient = a_patient(clinic=clinic)
    token, client = an_intake_link(patient=patient), Client()
    born = {"day": patient.born_on.day, "month": patient.born_on.month, "year": patient.born_on.year}
    assert client.post(reverse("intake-link:open", args=[token]), born).status_code == 303
    scene = Scene({ONE: "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())})
    for page in ("questions", "details", "declaration", "kept", "language", "thanks"):
        scene.asks(f"intake-link:{page}", reverse(f"intake-link:{page}", args=[token]), who={ONE})
    return scene


def with_every_second_step(clinic: Clinic) -> Scene:
    """Somebody who has an app, recovery codes and a passkey, and was sent a link to choose a new password."""
    user = a_member(clinic=clinic)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    RecoveryCodes.activate(user)
    passkey = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}})
    scene = Scene({ONE: f"{settings.SESSION_COOKIE_NAME}={browser(user).cookies[settings.SESSION_COOKIE_NAME]}", "nobody": ""})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        scene.asks(name, reverse(name, args=[passkey.pk]), who={ONE})
    secret = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    scene.asks("account_reset_password_from_key", reverse("account_reset_password_from_key", kwargs=secret), who={"nobody"})
    for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"):
        scene.asks(name, reverse(name), who={ONE})
    return scene


def courses_that_moved_on(clinic: Clinic) -> Scene:
    """Courses in the states in which what the access matrix is refused for a draft may be done."""
    today = a_day_at(clinic)
    states: dict[str, dict[str, Any]] = {
        "restore": {"state": "discarded"},
        "resume": {"state": "paused", "started_on": today},
        "withdraw-submission": {"state": "awaiting"},
    }
    user = a_member(clinic=clinic, roles=Role.values)
    scene = Scene({ONE: f"{settings.SESSION_COOKIE_NAME}={browser(user).cookies[settings.SESSION_COOKIE_NAME]}"})
    signed = a_signed_course(actor=an_actor(clinic=clinic))
    scene.asks("courses:start", reverse("courses:start", args=[signed.pk]), who={ONE})
    for name, fields in states.items():
        course = a_course(patient=a_patient(clinic=clinic))
        Course.objects.filter(pk=course.pk).update(**fields)
        scene.asks(f"courses:{name}", reverse(f"courses:{name}", args=[course.pk]), who={ONE})
    return scene


OWN: tuple[Callable[[Clinic], Scene], ...] = (behind_a_link, with_every_second_step, courses_that_moved_on)
