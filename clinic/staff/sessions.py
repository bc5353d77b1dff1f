"""The session engine (``SESSION_ENGINE``): Django's rows in the database, each with the person who is signed in there.

So everybody can be shown where they are signed in, and a row that is deleted ends that session at its next request.
"""

import re
from datetime import datetime
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from clinic.web.prepared import Prepared


def _session(_kind: str, *, key: str, now: datetime) -> QuerySet[Any, Any]:
    from clinic.staff.models import BrowserSession

    return BrowserSession.objects.filter(session_key=key, expire_date__gt=now)


_SESSION: Final = Prepared(_session)
KEY: Final = re.compile("[0-9a-z]{8,40}")


class SessionStore(DatabaseStore):
    """Keeps ``BrowserSession`` rows."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The model of the rows; asked late, because settings name this module before there are models."""
        from clinic.staff.models import BrowserSession

        return BrowserSession

    def _validate_session_key(self, key: Any) -> bool:
        """Only what may be a key of ours is asked for: a browser can send anything, and PostgreSQL refuses some of it with an error."""
        return isinstance(key, str) and bool(KEY.fullmatch(key))

    def _get_session_from_db(self) -> Any:
        """Asked by every page, so it is composed once."""
        found = _SESSION.objects(key=self.session_key, now=timezone.now()) if self.session_key else ()
        if not found:
            self._session_key = None
        return found[0] if found else None

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for this content, with its person; nobody before signing in."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row
