"""How often somebody may fail to sign in with a password, counted so that nobody can lock a colleague, or a whole clinic, out.

A browser that signed in as this person before (see ``devices``) is counted by itself: guesses from elsewhere never stop it. Any other is
counted for the account at its address, for the account over all addresses, and for the address over all accounts - in this order, so that
somebody who is stopped for one account uses up nothing of what a whole clinic behind one address has. A passkey is never counted: there is
nothing to guess.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from clinic.staff import devices

APP: Final = "allauth.account"
AT_ONE_PLACE: Final = "5/5m/key"
ANYWHERE: Final = "20/10m/key"
OF_AN_ADDRESS: Final = "60/m/ip"
UNLOCKED_FOR: Final = 24 * 60 * 60  # seconds; longer than any of the limits lasts


@dataclass(frozen=True, slots=True)
class Limit:
    """One count: its name, how many in which time, and of what."""

    name: str
    rate: str
    key: str = ""


@dataclass
class Try:
    """One try to sign in, counted before the password is looked at. ``is_allowed`` says whether it may be looked at."""

    request: HttpRequest
    email: str
    is_allowed: bool = True
    counted: list[ratelimit.RateLimitUsage] = field(default_factory=list)

    def __post_init__(self) -> None:
        for limit in limits_of(self.request, self.email):
            usage = ratelimit.consume(self.request, app=APP, action=limit.name, config={limit.name: limit.rate}, key=limit.key)
            if usage is None:
                self.is_allowed = False
                self.take_back()
                return
            self.counted.append(usage)

    def take_back(self) -> None:
        """It was no failure: it counts no longer, and those before it still do."""
        for usage in self.counted:
            usage.rollback()
        self.counted = []


def limits_of(request: HttpRequest, email: str) -> tuple[Limit, ...]:
    """What is counted when this browser tries a password for this account."""
    account, device = _account(email), devices.known_as(request, email)
    if device:
        return (Limit("failed_on_a_known_device", AT_ONE_PLACE, f"{account}:{device}"),)
    return (
        Limit("failed_at_an_address", AT_ONE_PLACE, f"{account}:{ratelimit.get_ip(request)}"),
        Limit("failed_anywhere", ANYWHERE, account),
        Limit("failed_of_an_address", OF_AN_ADDRESS),
    )


def unlock(email: str) -> None:
    """Whatever was counted for this account counts no longer, wherever it was counted."""
    cache.set(_unlocked(email), secrets.token_hex(8), UNLOCKED_FOR)


def _account(email: str) -> str:
    """The account as it is counted; after ``unlock`` it is counted under another name, which is how all is forgotten at once."""
    return f"{email.strip().lower()}:{cache.get(_unlocked(email), '')}"


def _unlocked(email: str) -> str:
    return f"sign-in-unlocked:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
