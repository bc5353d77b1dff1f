"""What every answer carries, whoever made it: a page, a file, a redirect to the encrypted address, or another middleware that broke.

The middlewares that know these headers stand further in and miss what is answered outside of them; here nothing is missed. What an answer
says already stays: a download says that it runs in no way (``sandbox``), a file with its content in its name that it may be kept.
"""

from collections.abc import Callable, Mapping

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django_permissions_policy import PermissionsPolicyMiddleware


def headers_of_everything() -> Mapping[str, str]:
    """Name -> value. Nobody else may show, read or keep what is answered here."""
    devices = PermissionsPolicyMiddleware.compute_header_value(dict(settings.PERMISSIONS_POLICY), name="PERMISSIONS_POLICY")
    return {
        "Content-Security-Policy": build_policy(),
        "Permissions-Policy": devices,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store, private",
    }


class StrictHeaders:
    """Outside of all that could answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.headers = headers_of_everything()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
