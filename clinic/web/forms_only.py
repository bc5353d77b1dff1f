"""An address that takes a form and nothing else, opened like a page: by reloading, by signing in again, by choosing a language there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve


class FormsOnly:
    """Around whoever answers 405 with nothing to read: a person gets a page that leads to the one the form is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or getattr(response, "content", False):
            return response
        page = render(request, "405.html", {"back": page_before(request.path_info)}, status=405)
        page["Allow"] = response["Allow"]
        return page


def page_before(path: str) -> str:
    """The nearest address above this one at which there is something; "/" where there is nothing else."""
    above = path.rstrip("/").rpartition("/")[0]
    return f"{above}/" if not above or _is_address(f"{above}/") else page_before(above)


def _is_address(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
