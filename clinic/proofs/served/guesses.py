"""What guessing gets: passwords of one account, who has an account at all, and links."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from types import SimpleNamespace
from typing import Final
from unittest.mock import patch

from allauth.core.internal import ratelimit
from django.db import connection
from django.urls import reverse

from clinic.proofs.served import FEW
from clinic.proofs.served.scene import PASSWORD, Scene, browser
from clinic.reminders.links import behind
from clinic.schedule.queries.feeds import feed_behind
from clinic.staff.limits import unlock
from clinic.staff.models import User
from clinic.staff.queries import invitation_behind
from clinic.web.links import new_token
from patients.queries.links import link_behind

Write = Callable[[str], object]

TEN_MINUTES: Final = 600
MOST_CHECKS: Final = 25
ADDRESSES: Final = 7
MOST_DIFFERENCE: Final = 0.05
# What looks a link up; what is made up for it has the form of a right one.
LOOKED_UP: Final[Mapping[str, Callable[[str], object]]] = {
    "invitation": invitation_behind,
    "intake form": link_behind,
    "calendar": feed_behind,
    "end of messages": behind,
}


def sign_in(email: str, password: str, address: str) -> str:
    """What became of one try: in, refused before the password was looked at, or wrong."""
    answer = browser(address).post(reverse("account_login"), {"login": email, "password": password}, HTTP_ACCEPT_LANGUAGE="en")
    if answer.status_code == 302:
        return "in"
    return "refused" if b"Too many failed login attempts" in answer.content else "wrong"


@contextmanager
def counted_checks() -> Iterator[list[str]]:
    """Whose password was hashed in between."""
    done: list[str] = []
    check = User.check_password

    def noting(user: User, said: str) -> bool:
        done.append(user.email)
        return check(user, said)

    with patch.object(User, "check_password", noting):
        yield done


@contextmanager
def moved_clock() -> Iterator[Callable[[float], None]]:
    """The clock by which tries are counted stands still, but for the seconds that one says."""
    now = [time.time()]

    def move(seconds: float) -> None:
        now[0] += seconds

    clock = SimpleNamespace(time=lambda: now[0], monotonic=time.monotonic, sleep=time.sleep)
    with patch.object(ratelimit, "time", clock):
        yield move


def proved_lock_out(scene: Scene, guesses: int, write: Write) -> bool:
    """Guesses at one account from several addresses, spread over ten minutes; a colleague behind one of them gets in all the while."""
    with counted_checks() as checks, moved_clock() as move:
        for number in range(guesses):
            sign_in(scene.therapist.user.email, f"guess {number}", f"198.51.100.{number % ADDRESSES}")
            move(TEN_MINUTES / guesses)
        guessed = len(checks)
        colleague = sign_in(scene.admin.user.email, PASSWORD, "198.51.100.0")
        passkey = browser("198.51.100.0", headers={"accept": "application/json"}).get(reverse("mfa_login_webauthn")).status_code
    write(f"{guesses} guesses at one account in ten minutes from {ADDRESSES} addresses: the password was looked at {guessed} times.")
    write(f"  a colleague at one of the addresses: {colleague}; the way by a passkey: {passkey}")
    unlock(scene.therapist.user.email)
    with counted_checks() as checks:
        sign_in(scene.therapist.user.email, "wrong", "198.51.100.99")
    write(f"  Control, unlocked: the next guess is looked at {len(checks)} time.")
    return 0 < guessed <= MOST_CHECKS and (colleague, passkey, len(checks)) == ("in", 200, 1)


def proved_timing(scene: Scene, tries: int, write: Write) -> bool:
    """How long a wrong password takes for somebody who has an account and for somebody who has none, in turn."""
    known, unknown = scene.therapist.user.email, "nobody@proof.example"
    took: dict[str, list[float]] = {known: [], unknown: []}
    for number in range(tries):
        for email in (known, unknown) if number % 2 else (unknown, known):
            unlock(email)
            began = time.perf_counter()
            sign_in(email, "wrong", f"203.0.113.{number % 200}")
            took[email].append(time.perf_counter() - began)
    one, other = (median(took[email]) * 1000 for email in (known, unknown))
    apart = abs(one - other) / max(one, other)
    write(f"A wrong password, {tries} times each: {one:.1f} ms for a known account, {other:.1f} ms for none: {apart:.1%} apart.")
    return apart < MOST_DIFFERENCE or tries < FEW


def proved_links(scene: Scene, made_up: int, every: int, write: Write) -> bool:
    """Each kind of link opens; with one character changed, or made up whole, it opens nothing."""
    held = [_proved_link(kind, path, made_up, every, write) for kind, path in scene.links.items()]
    return all(held)


def _proved_link(kind: str, path: str, made_up: int, every: int, write: Write) -> bool:
    client, look_up = browser("192.0.2.50"), LOOKED_UP[kind]
    token = max(path.removesuffix(".ics").split("/"), key=len)
    changed = [token[:place] + _another(token[place]) + token[place + 1 :] for place in range(0, len(token), every)]
    opened = [client.get(path).status_code, *(client.get(path.replace(token, each)).status_code for each in changed)]
    began = time.perf_counter()
    found = sum(look_up(_like(token)) is not None for _number in range(made_up))
    took = time.perf_counter() - began
    refused = sum(status == 404 for status in opened[1:])
    write(f"Link ({kind}, {len(token)} characters): opens {opened[0]}; one character changed: {refused} of {len(changed)} refused.")
    write(f"  made up: {found} of {made_up} open something ({made_up / took:.0f} a second)")
    connection.close()
    return opened[0] == 200 and refused == len(changed) and not found and look_up(token) is not None


def _another(letter: str) -> str:
    return "A" if letter != "A" else "B"


def _like(token: str) -> str:
    """A made-up one that passes for one: the number and end of a sealed link are no secret, only its seal is."""
    return token[:-27] + secrets.token_urlsafe(20) if len(token) < 43 else new_token()
