"""For how long records are kept, whose time is over, and what waits for a decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import search_seen
from clinic.keeping.erasure import queries
from clinic.keeping.erasure.actions.setting import StaleRetention, set_retention
from clinic.keeping.erasure.forms import RetentionForm
from clinic.keeping.erasure.permissions import READ, SET, can_ask_for_erasure, can_set_retention
from clinic.keeping.models import Retention
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other


@roles_allowed(*READ)
@require_safe
def retention(request: StaffRequest) -> HttpResponse:
    """What the clinic has set, and the lists that follow from it."""
    return _page(request, RetentionForm(retention=queries.retention_of(request.clinic)))


@roles_allowed(*SET)
@require_POST
def times(request: StaffRequest) -> HttpResponse:
    """Sets for how long the clinic keeps what; with ``look`` the page shows what it would mean, before it is saved."""
    form = RetentionForm(request.POST, retention=queries.retention_of(request.clinic))
    is_look = "look" in request.POST
    if form.is_valid() and not is_look and _saved(request, form):
        return see_other("keeping:retention")
    return _page(request, form, is_look=is_look and form.is_valid())


def _page(request: StaffRequest, form: RetentionForm, *, is_look: bool = False) -> HttpResponse:
    kept = queries.retention_of(request.clinic)
    context = _lists(request, form.instance if is_look else kept) | {"form": form, "kept": kept, "is_look": is_look}
    return render(request, "keeping/retention.html", context, status=422 if form.is_bound and not is_look else 200)


def _lists(request: StaffRequest, shown: Retention) -> dict[str, Any]:
    over = queries.over_at(request.clinic, shown, today(request))
    page, lines = queries.overdue_page(over, shown, request.GET.get("page", "1"))
    restricted = list(queries.restricted_records(request.clinic)[:100])
    asked = list(queries.open_erasures(request.clinic)[:100])
    if request.method == "GET":
        search_seen(actor=request.actor, found=[line.patient for line in lines] + restricted + [each.patient for each in asked])
    return {
        "over": len(over),
        "page": page,
        "lines": lines,
        "restricted": restricted,
        "asked": asked,
        "may_set": can_set_retention(request.actor),
        "may_ask": can_ask_for_erasure(request.actor),
    }


def _saved(request: StaffRequest, form: RetentionForm) -> bool:
    try:
        set_retention(values=form.values(), seen=form.cleaned_data["version"], actor=request.actor)
    except StaleRetention as stale:
        form.refuse_stale(stale.sentence, stale.version)
        return False
    messages.success(request, _("The times are saved. Nothing was removed by it."))
    return True
