"""The addresses of sign-in that allauth brings."""

from clinic.staff.permissions import PUBLIC, SIGNED_IN
from tests.trust.rows import CLOSED, Row

HELD_BY_ALLAUTH: dict[str, Row] = {
    **{
        name: Row((PUBLIC,), library=True)
        for name in (
            "account_login",
            "account_logout",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "mfa_authenticate",
            "mfa_login_webauthn",
        )
    },
    "account_reset_password_from_key": Row((PUBLIC,), thing="reset-link", library=True),
    **{
        name: Row((SIGNED_IN,), library=True)
        for name in (
            "account_change_password",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
        )
    },
    "mfa_edit_webauthn": Row((SIGNED_IN,), thing="passkey", library=True),
    "mfa_remove_webauthn": Row((SIGNED_IN,), thing="passkey", library=True),
    **{
        name: Row((CLOSED,), library=True)
        for name in (
            "account_signup",
            "account_inactive",
            "account_email",
            "account_email_verification_sent",
            "account_set_password",
            "account_confirm_login_code",
        )
    },
    "account_confirm_email": Row((CLOSED,), thing="email-link", library=True),
}
