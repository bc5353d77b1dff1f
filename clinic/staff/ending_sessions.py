"""Where somebody is signed in, and ending it there. An ended session is nobody's at its next request."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.staff.locking import USED
from clinic.staff.models import BrowserSession, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.recording import record
from clinic.staff.sign_ins import DEVICE, SIGNED_IN_AT, is_too_old


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser where a person is signed in. ``mark`` names it in an address and is no key to it; ``device`` may be empty."""

    mark: str
    device: str
    since: datetime
    used_at: datetime
    is_this_one: bool


def open_sessions(user: User, this_key: str | None) -> list[OpenSession]:
    """Where the person is signed in now, this browser first, then the one last used. One query."""
    found = [_described(row, held, this_key) for row, held in _of(user)]
    return sorted(found, key=lambda each: (not each.is_this_one, -each.used_at.timestamp()))


@transaction.atomic
def end_session(*, user: User, mark: str, actor: Actor | None) -> None:
    """Ends one session of one's own; ``actor`` is ``None`` for somebody without a role. Raises ``ActionDenied`` for one that has ended."""
    _end(user, (row for row, _held in _of(user) if mark_of(row.session_key) == mark), actor)


@transaction.atomic
def end_other_sessions(*, user: User, this_key: str | None, actor: Actor | None) -> None:
    """Ends every session of one's own but this one. Raises ``ActionDenied`` where there is none."""
    _end(user, (row for row, _held in _of(user) if row.session_key != this_key), actor)


def mark_of(session_key: str) -> str:
    """A name for a session that opens nothing."""
    return hashlib.sha256(f"clinic.staff.session:{session_key}".encode()).hexdigest()[:16]


def _end(user: User, rows: Iterable[BrowserSession], actor: Actor | None) -> None:
    keys = [row.session_key for row in rows]
    if actor is not None and actor.user != user:
        raise ActionDenied(_("Only the person or an administrator may do this."))
    if not keys:
        raise ActionDenied(_("This session has ended already."))
    BrowserSession.objects.filter(session_key__in=keys).delete()
    record(actor=actor, verb="ended-sessions", subject=user, details={"sessions": len(keys)})


def _of(user: User) -> Iterator[tuple[BrowserSession, dict[str, Any]]]:
    """The rows that open something: neither too old, nor from before the password changed or everything was ended."""
    for row in user.browser_sessions.filter(expire_date__gt=timezone.now()):
        held = row.get_decoded()
        if held.get(HASH_SESSION_KEY) == user.get_session_auth_hash() and not is_too_old(held.get(SIGNED_IN_AT), time.time()):
            yield row, held


def _described(row: BrowserSession, held: dict[str, Any], this_key: str | None) -> OpenSession:
    since = held[SIGNED_IN_AT]
    used = held.get(USED) or since  # 0 while the screen is locked
    return OpenSession(
        mark_of(row.session_key), str(held.get(DEVICE, "")), _moment(since), _moment(used), is_this_one=row.session_key == this_key
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
