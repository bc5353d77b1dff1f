"""A form that comes when its person is signed out already is answered by a page that keeps what was typed, not by the sign-in page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url

from clinic.web.trouble import signed_out_page
from clinic.web.typed_in import typed_in


class KeepTyped:
    """Around whoever sends anonymous requests to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "POST" or not leads_to_sign_in(request, response):
            return response
        typed = typed_in(request)
        return signed_out_page(request, typed, resolve_url(settings.LOGIN_URL)) if typed else response


def leads_to_sign_in(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this answer sends somebody who is not signed in to the sign-in page; a step of signing in itself is none."""
    sign_in = resolve_url(settings.LOGIN_URL)
    leads = response.status_code == 302 and response.get("Location", "").partition("?")[0] == sign_in
    return leads and not request.path.startswith(sign_in.removesuffix("login/"))
