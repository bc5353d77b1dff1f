"""The audit pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinic.audit import queries
from clinic.audit.permissions import READERS
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest


@roles_allowed(*READERS)
@require_GET
def audit_list(request: StaffRequest) -> HttpResponse:
    """Who changed what at this clinic."""
    choices = queries.choices_at(request.clinic)
    filters = queries.filters_from(request.GET, choices)
    page = queries.changes_page(request.actor, filters, request.GET.get("page", "1"))
    shown = queries.shown_changes(page.object_list, request.actor)
    return render(request, "audit/list.html", {"choices": choices, "filters": filters, "page": page, "lines": shown})


@roles_allowed(*READERS)
@require_GET
def audit_reads(request: StaffRequest) -> HttpResponse:
    """Who looked at which patient of this clinic, and who was refused."""
    choices = queries.look_choices_at(request.clinic)
    filters = queries.look_filters_from(request.GET, choices)
    page, looks = queries.reads_page(request.actor, filters, request.GET.get("page", "1"))
    shown = queries.shown_reads(looks, request.actor)
    return render(request, "audit/reads.html", {"choices": choices, "filters": filters, "page": page, "lines": shown})
