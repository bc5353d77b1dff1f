"""Therapists with a session in the product and one at the floor. No password is asked: both sessions are written as signing in does."""

import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from clinic.benchmark.pages import SignedIn
from clinic.staff.locking import USED
from clinic.staff.models import Role, User
from clinic.staff.sessions import SessionStore
from clinic.staff.sign_ins import DEVICE, SIGNED_IN_AT


def signed_in(role: Role, count: int) -> list[SignedIn]:
    """So many people with the role, each with both sessions."""
    people = list(User.objects.filter(staff_roles__role=role).order_by("pk")[:count])
    keys = [_session_of(user) for user in people]
    floor = _floor_keys([user.pk for user in people])
    return [
        SignedIn(user.pk, f"{settings.SESSION_COOKIE_NAME}={key}", f"floor={other}")
        for user, key, other in zip(people, keys, floor, strict=True)
    ]


def _session_of(user: User) -> str:
    now = int(time.time())
    session: Any = SessionStore()
    session.update({SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash(), SIGNED_IN_AT: now, USED: now})
    session.update({BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0], DEVICE: "benchmark"})
    session.create()
    return str(session.session_key)


def _floor_keys(people: Sequence[int]) -> list[str]:
    words = [sys.executable, "-m", "clinic.benchmark.floor.sign_in", *map(str, people)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603
