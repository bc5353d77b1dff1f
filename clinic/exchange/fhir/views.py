"""Pages that hand out a course or a patient as FHIR, and a protocol of the library."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.audit.actions import read_seen
from clinic.audit.models import Look
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.views.common import condition_or_404
from clinic.exchange.fhir.actions import as_file, export_course, export_patient
from clinic.exchange.fhir.checking import NotFhir
from clinic.exchange.fhir.protocols import plan_definition
from clinic.exchange.fhir.queries import held_of_course, held_of_patient
from clinic.staff.identity import identity_proved_again
from clinic.staff.permissions import every_role_allowed, roles_allowed
from clinic.staff.requests import StaffRequest
from patients.models import Patient
from patients.queries import patient_or_404
from patients.views import who
from protocols.editions.queries import library_in_force

FHIR_JSON = "application/fhir+json"


@roles_allowed(*PLAN)
@identity_proved_again
@require_http_methods(["GET", "POST"])
def course(request: StaffRequest, pk: int) -> HttpResponse:
    """What the file of a course will hold; sent, the file."""
    found = course_or_404(request.clinic, pk)
    shown = {"course": found, "course_name": presenter_of(found).condition(found), "held": held_of_course(found)}
    return _page_or_file(
        request,
        found.patient,
        shown,
        lambda: _file(export_course(course=found, at=timezone.now(), actor=request.actor), f"course-{found.pk}"),
    )


@roles_allowed(*PLAN)
@identity_proved_again
@require_http_methods(["GET", "POST"])
def patient(request: StaffRequest, pk: int) -> HttpResponse:
    """What the file of a patient will hold; sent, the file."""
    found = patient_or_404(request.clinic, pk)
    return _page_or_file(
        request,
        found,
        {"held": held_of_patient(found)},
        lambda: _file(export_patient(patient=found, at=timezone.now(), actor=request.actor), f"patient-{found.pk}"),
    )


def _page_or_file(request: StaffRequest, person: Patient, shown: dict[str, Any], make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page, and after its button the file: both are looks, the file as one that was exported. Nobody gets half of a file."""
    context = {**who(request, person), **shown}
    if request.method == "POST":
        try:
            made = make()
        except NotFhir as broken:
            read_seen(actor=request.actor, patient=person)
            return render(request, "exchange/fhir.html", context | {"trouble": broken.sentence}, status=500)
        read_seen(actor=request.actor, patient=person, kind=Look.EXPORTED)
        return made
    if request.method == "GET":
        read_seen(actor=request.actor, patient=person)
    return render(request, "exchange/fhir.html", context)


@every_role_allowed
@require_safe
def protocol(request: StaffRequest, code: str) -> HttpResponse:
    """A protocol as a PlanDefinition. It is about nobody, so nothing is asked and nothing noted."""
    entry = condition_or_404(library_in_force(request.clinic), code)
    return _file(as_file(plan_definition(request.clinic, entry, at=timezone.now())), f"protocol-{entry.code}")


def _file(content: bytes, name: str) -> HttpResponse:
    """As a download, whose name says nothing about anybody."""
    return HttpResponse(content, content_type=FHIR_JSON, headers={"Content-Disposition": f'attachment; filename="{name}.fhir.json"'})
