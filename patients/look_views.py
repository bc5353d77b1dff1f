"""Who opened a patient's record: the page, the sheet for the patient, and how an auditor finds the patient."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen, search_seen
from clinic.audit.forms import PeriodForm
from clinic.audit.models import Look
from clinic.audit.permissions import READERS, can_see_details
from clinic.audit.queries import MOST_AT_ONCE, Story, story_of, story_page, whole_story
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from patients import queries
from patients.care.queries import opened_of_patient

MOST_FOUND: Final = 20


@roles_allowed(*READERS)
@require_safe
def looks(request: StaffRequest, pk: int) -> HttpResponse:
    """Every look at the record and every change to it, in the period asked for; with ``whole`` on one sheet, to print."""
    patient = queries.patient_or_404(request.clinic, pk)
    is_whole = "whole" in request.GET
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient, kind=Look.PRINTED if is_whole else Look.LOOKED)
    form = PeriodForm(request.GET)
    context = {"patient": patient, "form": form, "is_whole": is_whole, "printed_at": timezone.now()}
    # Why a record was needed may tell about health, which is not for an administrator.
    context |= {"opened": opened_of_patient(patient), "tells_words": can_see_details(request.actor)}
    if not form.is_valid():
        return render(request, "patients/looks.html", context, status=422)
    story = story_of((patient, *patient.merged_from.all()), request.clinic, form.period())
    told = _whole(story) if is_whole else _page(story, request.GET.get("page", "1"))
    return render(request, "patients/looks.html", {**context, **told, "period": form.period(), "query": form.query()})


def _page(story: Story, number: str) -> dict[str, Any]:
    page, lines = story_page(story, number)
    return {"page": page, "lines": lines}


def _whole(story: Story) -> dict[str, Any]:
    lines, is_cut = whole_story(story)
    return {"page": None, "lines": lines, "is_cut": is_cut, "most": MOST_AT_ONCE}


@roles_allowed(*READERS)
@require_safe
def find_looks(request: StaffRequest) -> HttpResponse:
    """Names and cards of patients for somebody who may read the audit but not the register. Whom a search showed is noted."""
    query = request.GET.get("q", "").strip()[:100]
    found = list(queries.patients_of(request.clinic, query)[: MOST_FOUND + 1]) if query else []
    if query and request.method == "GET":
        search_seen(actor=request.actor, found=found[:MOST_FOUND])
    context = {"query": query, "found": found[:MOST_FOUND], "has_more": len(found) > MOST_FOUND}
    return render(request, "patients/looks_find.html", context)
