"""A copy of the record for the patient: what is in it, and the file."""

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.keeping.export.actions import hand_out_copy
from clinic.keeping.export.permissions import HAND_OUT
from clinic.keeping.holdings import by_part, counted, people_of
from clinic.staff.identity import identity_proved_again
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from patients.queries import patient_or_404
from patients.views import patient_seen, who


@roles_allowed(*HAND_OUT)
@identity_proved_again
@require_safe
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """How much of what the copy would hold. The proof is asked for here: after a file, the page that asked would stay on the screen."""
    patient = patient_seen(request, pk)
    at_once, at_last = counted(people_of(patient))
    parts = by_part({label: at_once.get(label, 0) + at_last.get(label, 0) for label in {**at_once, **at_last}})
    return render(request, "keeping/copy.html", {"parts": parts, **who(request, patient)})


@roles_allowed(*HAND_OUT)
@require_POST
@identity_proved_again
def copy(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file. Whoever asks for it proves again who they are; it leaves a look and an audit line."""
    patient = patient_or_404(request.clinic, pk)
    made = hand_out_copy(patient=patient, at=timezone.now(), actor=request.actor)
    return FileResponse(made.file, as_attachment=True, filename=f"record-{patient.pk}.zip", content_type="application/zip")
