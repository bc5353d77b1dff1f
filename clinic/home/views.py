"""The first page of whoever does not treat, the search over everything, the sheet of keys and the terms."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import search_seen
from clinic.home import actions
from clinic.home.finding import find, nearest, words_asked
from clinic.home.keys import groups_for
from clinic.home.names import names_of_library
from clinic.home.permissions import GUIDE, WORK, can_guide
from clinic.home.queries import standing_of
from clinic.home.queues.page import work_of
from clinic.home.queues.values import Moment
from clinic.home.steps import guide_of
from clinic.home.terms import TERMS
from clinic.staff.permissions import every_role_allowed, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from clinic.web.undoing import done_with_undo

PARTS = ("found", "suggestions")


@roles_allowed(*WORK)
@require_safe
def work(request: StaffRequest) -> HttpResponse:
    """What waits for the reader, one list for each kind of work. Whose names it shows leaves a look."""
    now = timezone.now()
    found = work_of(Moment(request.actor, now, today(request)))
    if request.method == "GET" and found.patients:
        search_seen(actor=request.actor, found=found.patients)
    guide = guide_of(standing_of(request.clinic)) if can_guide(request.actor) else None
    return render(request, "home/work.html", {"work": found, "now": now, "guide": guide})


@roles_allowed(*GUIDE)
@require_safe
def first_steps(request: StaffRequest) -> HttpResponse:
    """What a new clinic needs, each step done or open by what there is."""
    return render(
        request, "home/first_steps.html", {"guide": guide_of(standing_of(request.clinic)), "backups": bool(settings.BACKUP_FOLDER)}
    )


@roles_allowed(*GUIDE)
@require_POST
def first_steps_away(request: StaffRequest) -> HttpResponse:
    """Puts the first steps away from the first page; the message offers the way back."""
    actions.put_guide_away(actor=request.actor)
    done_with_undo(request, _("The first steps are put away. You find them at the end of this page."), reverse("home:first-steps-back"))
    return see_other("home:work")


@roles_allowed(*GUIDE)
@require_POST
def first_steps_back(request: StaffRequest) -> HttpResponse:
    """Brings them back."""
    actions.bring_guide_back(actor=request.actor)
    return see_other("home:first-steps")


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


@every_role_allowed
@require_safe
def keys(request: StaffRequest) -> HttpResponse:
    """The sheet of keys; only the sheet where a page shows it over itself."""
    template = "home/keys.html#sheet" if request.GET.get("part") == "sheet" else "home/keys.html"
    return render(request, template, {"groups": groups_for(request.actor)})


@every_role_allowed
@require_safe
def terms(request: StaffRequest) -> HttpResponse:
    """What the words of the pages mean, and the names of the library in both languages."""
    return render(request, "home/terms.html", {"terms": TERMS, "names": names_of_library(request.clinic)})
