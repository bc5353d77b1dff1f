"""The first page of whoever does not treat, the search over everything, the sheet of keys and the terms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.audit.actions import search_seen
from clinic.home.finding import find, nearest, words_asked
from clinic.home.permissions import WORK
from clinic.home.queues.page import work_of
from clinic.home.queues.values import Moment
from clinic.staff.permissions import every_role_allowed, roles_allowed
from clinic.staff.requests import StaffRequest, today

PARTS = ("found", "suggestions")


@roles_allowed(*WORK)
@require_safe
def work(request: StaffRequest) -> HttpResponse:
    """What waits for the reader, one list for each kind of work. Whose names it shows leaves a look."""
    now = timezone.now()
    found = work_of(Moment(request.actor, now, today(request)))
    if request.method == "GET" and found.patients:
        search_seen(actor=request.actor, found=found.patients)
    return render(request, "home/work.html", {"work": found, "now": now})


@every_role_allowed
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """What was found of each kind; while somebody types, the part that the page asks for. Whose names are shown leaves a look."""
    typed = request.GET.get("q", "").strip()
    query = words_asked(typed)
    part = request.GET.get("part", "")
    found = find(query, request.actor) if query else None
    found = nearest(found) if found and part == "suggestions" else found
    if found and found.tells_people and request.method == "GET":
        search_seen(actor=request.actor, found=found.named)
    template = f"home/search.html#{part}" if part in PARTS else "home/search.html"
    return render(request, template, {"typed": typed[:100], "found": found})
