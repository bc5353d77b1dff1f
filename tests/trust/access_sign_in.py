"""Sessions of one's own, and the second step: one's own, and a colleague's who lost the device."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator

from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import SIGNED_IN
from tests.factories import a_member, a_user
from tests.trust.rows import Row, Thing


def a_colleague_with_an_app(clinic: Clinic) -> Thing:
    """Another member of the staff, who has a second step."""
    user = a_member(clinic=clinic, user=a_user(email="canary-mail@clinic.test", full_name="Canaria Namecanary"))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return Thing({"pk": user.pk}, ("canary-mail", "Namecanary"))


SIGN_IN_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "colleague-with-app": a_colleague_with_an_app,
    "no-session": lambda _clinic: Thing({"mark": "0123456789abcdef"}),
}
SIGN_IN_ROWS: dict[str, Row] = {
    "account-sessions": Row((SIGNED_IN,)),
    "account-sessions-end-others": Row((SIGNED_IN,), {"POST": 403}),
    "account-session-end": Row((SIGNED_IN,), {"POST": 403}, thing="no-session"),
    "second-step": Row((SIGNED_IN,), {"GET": 303}),
    "staff-second-step-reset": Row((Role.ADMIN,), {"POST": 302}, thing="colleague-with-app"),
}
