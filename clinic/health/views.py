"""Whether this machine lives, whether it can answer people, and how the whole installation is."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_safe

from clinic.health import page
from clinic.health.permissions import READ_HEALTH
from clinic.health.probes import asking, is_ready
from clinic.staff.permissions import public, roles_allowed
from clinic.staff.requests import StaffRequest


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@public
@xframe_options_deny
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """That the process answers: it asks nothing and nobody. When this fails, start the process anew."""
    return _plain("ok\n")


@public
@xframe_options_deny
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """A word for each part within a second: 200 when people can be answered here, else 503, and then send them elsewhere."""
    words = asking.words()
    return _plain("".join(f"{name} {word}\n" for name, word in words.items()), 200 if is_ready(words) else 503)


@roles_allowed(*READ_HEALTH)
@require_safe
def health(request: StaffRequest) -> HttpResponse:
    """Each part in words with what to do, of the whole installation; as JSON for a program that signed in and asks for it."""
    found = page.health_page(timezone.now())
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(page.as_data(found))
    return render(request, "health/health.html", {"page": found})
