"""Who is signed in (``AUTHENTICATION_BACKENDS``): allauth's own, which every page asks for the person of its session."""

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from clinic.staff.models import User
from clinic.staff.queries import person_with_roles
from clinic.web.prepared import Prepared


class SignedInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """Asks for the person with a question that is composed once."""

    def get_user(self, user_id: int) -> User | None:
        """The person with this number who may sign in, with the roles held. One query, two for somebody without a role."""
        found = person_with_roles(user_id) or _PERSON.first(user=user_id)
        return found if found and self.user_can_authenticate(found) else None


def _person(_kind: str, *, user: int) -> QuerySet[Any, Any]:
    return User.objects.filter(pk=user)


_PERSON: Final = Prepared(_person)
