"""What a load balancer asks, answered before hosts, sessions, languages and people are looked at: all of those may be down."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from clinic.health.views import live, ready

AT_THE_DOOR: Final = {"health-live": live, "health-ready": ready}


class HealthDoor:
    """Stands behind the middleware that sets headers and before all that asks for anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.views = {reverse(name): view for name, view in AT_THE_DOOR.items()}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Any other method goes the way of all others, and is refused there.
        view = self.views.get(request.path_info) if request.method in ("GET", "HEAD") else None
        return view(request) if view else self.get_response(request)
