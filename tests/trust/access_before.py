"""Who may open the minute before a session, begin it, take that back, and see to an emergency."""

from collections.abc import Callable

from django.utils import timezone

from clinic.courses.actions import start_session
from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from tests.factories import a_day_at, a_patient, a_running_course, an_actor
from tests.trust.rows import Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "Namecanary")


def _a_course(clinic: Clinic) -> Course:
    patient = a_patient(clinic=clinic, family_name="Canarova", given_name="Namecanary")
    return a_running_course(patient=patient, actor=an_actor(clinic=clinic), count=2)


def a_session_to_begin(clinic: Clinic) -> Thing:
    """The next session of a course that runs, of somebody whose name occurs nowhere else."""
    return Thing({"pk": _a_course(clinic).pk, "number": 1}, CANARIES)


def a_begun_session(clinic: Clinic) -> Thing:
    """Its start."""
    course = _a_course(clinic)
    about = {"number": 1, "key": f"{course.pk:032x}", "version": course.version, "stands_in": True}
    start = start_session(course=course, on=a_day_at(clinic), now=timezone.now(), actor=an_actor(clinic=clinic), **about)  # type: ignore[arg-type]
    return Thing({"pk": start.pk}, CANARIES)


BEFORE_THINGS: dict[str, Callable[[Clinic], Thing]] = {"session-to-begin": a_session_to_begin, "begun-session": a_begun_session}
BEFORE_ROWS: dict[str, Row] = {
    # A form without the digest of its patient is a form about another patient. Every gate of the session is asked for the page.
    "day:before": Row(TREAT, {"GET": 200, "POST": 409}, thing="session-to-begin", seen=True, queries=30),
    "day:before-changes": Row(TREAT, {"POST": 409}, thing="session-to-begin"),
    "day:start": Row(TREAT, {"POST": 409}, thing="session-to-begin"),
    "day:start-taken-back": Row(TREAT, {"POST": 303}, thing="begun-session"),
    "day:emergency": Row(TREAT, {"GET": 200, "POST": 409}, thing="session-to-begin", seen=True, queries=10),
    "day:emergency-note": Row(TREAT, thing="session-to-begin", seen=True),
}
