"""Forms of passkeys: allauth's, with our words, and refusing politely whatever is no answer of a device."""

from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.staff.passkeys import MADE_UP
from clinic.web.typed import check_can_be_seen


def _refused() -> ValidationError:
    return ValidationError(_("Your device sent something that is no passkey. Try again."), code="no-passkey")


class CredentialField(forms.JSONField):
    """The answer of a device, as the browser wrote it down."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError`` for what is no JSON, however deep it is nested and however long its numbers are."""
        try:
            return super().to_python(value)
        except MADE_UP as wrong:
            raise _refused() from wrong


class _CarefulForm(forms.Form):
    """Reads an answer of a device without ever failing over it."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's form stands behind this one
        except MADE_UP as wrong:
            raise _refused() from wrong


class PasskeySignInForm(_CarefulForm, LoginWebAuthnForm):  # type: ignore[misc]  # allauth ships no types for it
    """Signing in by a passkey alone."""


class PasskeySecondStepForm(_CarefulForm, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class PasskeyAgainForm(_CarefulForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more before something that matters."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for a new passkey. Every one here lets in without a password, so the device must check its owner."""

    credential = CredentialField()
    name = forms.CharField(
        label=gettext_lazy("Name of this passkey"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("So that you tell it from others later, for example “Phone” or “Reception computer”."),
        validators=[check_can_be_seen],
    )
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def clean_passwordless(self) -> bool:
        """Whatever the browser sent: the device must have checked its owner."""
        return True

    def clean(self) -> Any:
        """Raises ``ValidationError`` for an answer that no device gave to the question on the page."""
        try:
            return super().clean()
        except MADE_UP as wrong:
            raise _refused() from wrong


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label=gettext_lazy("Name of this passkey"), max_length=60, validators=[check_can_be_seen])
