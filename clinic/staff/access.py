"""Who may open the views that cannot declare it themselves, and the sentence for a view that declares nothing."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from clinic.staff.permissions import PUBLIC, SIGNED_IN

_OPEN: Final = frozenset({PUBLIC})
_ANYBODY: Final = frozenset({SIGNED_IN})

# allauth's pages by URL name. What is not here does not exist for anybody: sign-up, changing the e-mail.
ALLAUTH: Final[Mapping[str, frozenset[str]]] = {
    "account_login": _OPEN,
    "account_logout": _OPEN,
    "account_reset_password": _OPEN,
    "account_reset_password_done": _OPEN,
    "account_reset_password_from_key": _OPEN,
    "account_reset_password_from_key_done": _OPEN,
    "mfa_authenticate": _OPEN,
    "mfa_login_webauthn": _OPEN,
    "account_change_password": _ANYBODY,
    "account_reauthenticate": _ANYBODY,
    "mfa_reauthenticate": _ANYBODY,
    "mfa_index": _ANYBODY,
    "mfa_activate_totp": _ANYBODY,
    "mfa_deactivate_totp": _ANYBODY,
    "mfa_view_recovery_codes": _ANYBODY,
    "mfa_generate_recovery_codes": _ANYBODY,
    "mfa_download_recovery_codes": _ANYBODY,
    "mfa_list_webauthn": _ANYBODY,
    "mfa_add_webauthn": _ANYBODY,
    "mfa_edit_webauthn": _ANYBODY,
    "mfa_remove_webauthn": _ANYBODY,
    "mfa_reauthenticate_webauthn": _ANYBODY,
}

# clinic.web lies under this app and cannot use its decorators.
WEB: Final[Mapping[str, frozenset[str]]] = {"appearance": _OPEN, "styleguide": _OPEN}

CLOSED: Final = "closed"


def access_of(view: Callable[..., Any], name: str | None) -> frozenset[str] | None:
    """The declared access of a view: roles, or one of the words of ``permissions``; ``{CLOSED}`` for an unlisted page of
    allauth; ``None`` when nothing is declared, which the middleware refuses."""
    declared: frozenset[str] | None = getattr(view, "access", None)
    if declared is not None:
        return declared
    if view.__module__.startswith("allauth."):
        return ALLAUTH.get(name or "", frozenset({CLOSED}))
    return WEB.get(name or "") if view.__module__ == "clinic.web.views" else None
