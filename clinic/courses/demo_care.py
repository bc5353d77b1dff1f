"""Who opens records in the demo: somebody stood in and said why, which waits to be judged, and a colleague was put in by hand."""

from clinic.courses.models import Course
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor
from patients.care.actions import open_record, put_into_care
from patients.care.relation import standing_to
from patients.models import BreakGlass, Patient

WORDS = "Anna is at a training today, and the patient asks on the telephone about the pain of the last session."


def seed_care(*, outsider: Actor, lead: Actor, colleague: Actor) -> None:
    """One record that the outsider opened with a reason, and one with a colleague in care; nothing where there are too few patients."""
    running = Course.objects.filter(clinic=lead.clinic, state=CourseState.RUNNING).order_by("pk")
    patients = [course.patient for course in running.select_related("patient__clinic").defer("plan", "screening", "request")]
    closed = [patient for patient in patients if not _is_in_care(outsider, patient)]
    for patient in closed[:1]:
        open_record(patient=patient, reason=BreakGlass.Reason.STANDING_IN, words=WORDS, actor=outsider)
    for patient in closed[1:2]:
        put_into_care(patient=patient, user=colleague.user, actor=lead)


def _is_in_care(actor: Actor, patient: Patient) -> bool:
    found = standing_to(actor, patient.pk)
    return found is None or found.in_care
