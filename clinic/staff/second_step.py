"""The second step that some roles must have: who has none is led to a page that sets one up, and reaches nothing else.

Asked for each request, so that a role that is given, or a step that is taken away, counts from the next one. ``SECOND_STEP_REQUIRED`` is
on in production, whatever the environment says.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.staff.locking import wants_data
from clinic.staff.models import Role
from clinic.staff.passkeys import has_second_step
from clinic.staff.queries import Membership
from clinic.web.replies import see_other_address

ROLES: Final = frozenset({Role.DOCTOR, Role.ADMIN, Role.CLINICAL_LEAD})

# What setting one up needs, by URL name. Public pages and signing out are never closed.
OPEN_WITHOUT: Final = frozenset(
    {
        "second-step",
        "lock",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
    }
)


def is_needed(held: Iterable[Membership]) -> bool:
    """Whether somebody with these roles, at whichever clinic, must have a second step."""
    return any(not ROLES.isdisjoint(each.roles) for each in held)


def is_missing(request: Any) -> bool:
    """Whether this person must set one up now."""
    return settings.SECOND_STEP_REQUIRED and is_needed(request.memberships) and not has_second_step(request.user)


def asked_for_first(request: Any) -> HttpResponse | None:
    """The way to the page that sets one up, in the place of any other page; ``None`` for who needs none or has one."""
    if request.resolver_match.view_name in OPEN_WITHOUT or not is_missing(request):
        return None
    address = reverse("second-step")
    if getattr(request, "htmx", False):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    if wants_data(request):
        return JsonResponse({"second_step": address}, status=403)
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, _("Nothing that you sent was saved."))
    return see_other_address(address)
