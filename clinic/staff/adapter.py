"""How allauth behaves here: nobody signs up, accounts are made by an administrator, and nobody locks a colleague out."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.staff.limits import Try, unlock


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types for it
    """Failures are counted by ``limits``, in the place of allauth's own counts."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many failed login attempts. Wait ten minutes, sign in with a passkey, or set a new password by “Forgot your password?”: "
            "that opens the account at once."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends in the language of the person it is about, whoever asked for it."""
        with translation.override(getattr(context.get("user"), "language", None) or translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Not the same empty form once more, which looks as if nothing had happened."""
        return reverse("account")

    def respond_user_inactive(self, request: HttpRequest, user: object) -> HttpResponse:
        """A passkey proves who somebody is, and then they may be told that their account is closed."""
        messages.error(request, _("This account is disabled. Ask an administrator of your clinic."))
        return HttpResponseRedirect(reverse("account_login"))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ``ValidationError`` before the password is looked at when there were too many failures."""
        self._try = Try(request, str(credentials.get("email", "")))
        if not self._try.is_allowed:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right."""
        self._try.take_back()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """The password was set anew by a letter to its person."""
        unlock(str(credentials.get("email", "")))
