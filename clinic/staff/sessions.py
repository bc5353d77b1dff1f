"""The session engine (``SESSION_ENGINE``): Django's rows in the database, each with the person who is signed in there.

So everybody can be shown where they are signed in, and a row that is deleted ends that session at its next request.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """Keeps ``BrowserSession`` rows."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The model of the rows; asked late, because settings name this module before there are models."""
        from clinic.staff.models import BrowserSession

        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for this content, with its person; nobody before signing in."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row
