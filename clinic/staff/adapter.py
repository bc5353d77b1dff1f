"""How allauth behaves here: nobody signs up, accounts are made by an administrator, and nobody locks a colleague out."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types for it
    """Failures are counted for each account at each address, and for each account over all addresses with a wider limit."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends in the language of the person it is about, whoever asked for it."""
        with translation.override(getattr(context.get("user"), "language", None) or translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def respond_user_inactive(self, request: HttpRequest, user: object) -> HttpResponse:
        """A passkey proves who somebody is, and then they may be told that their account is closed."""
        messages.error(request, _("This account is disabled. Ask an administrator of your clinic."))
        return HttpResponseRedirect(reverse("account_login"))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ``ValidationError`` before the password is looked at when there were too many failures."""
        super().pre_authenticate(request, **credentials)
        self._guess = ratelimit.consume(
            request,
            app="allauth.account",
            action="guesses_anywhere",
            config={"guesses_anywhere": settings.GUESSES_ANYWHERE},
            key=str(credentials.get("email", "")).lower(),
        )
        if not self._guess:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        self._guess.rollback()
