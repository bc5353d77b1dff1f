"""Who may open what a course brought about: its measures over time, the form with what is due, and corrections."""

from collections.abc import Callable
from decimal import Decimal

from clinic.courses.models import Course
from clinic.courses.outcomes.actions.measures import Measured, keep_measures
from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_day_at, a_patient, an_actor
from tests.trust.rows import FORM, Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova",)


def a_measured_course(clinic: Clinic) -> Course:
    return a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=an_actor(clinic=clinic))


def a_value_of(clinic: Clinic) -> Thing:
    """One value of a course."""
    course, day = a_measured_course(clinic), a_day_at(clinic)
    said = [Measured("fatigue", Decimal(6), moment="start")]
    (value,) = keep_measures(course=course, said=said, measured_on=day, on=day, actor=an_actor(clinic=clinic))
    return Thing({"pk": value.pk}, CANARIES)


OUTCOMES_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "measured-course": lambda clinic: Thing({"pk": a_measured_course(clinic).pk}, CANARIES),
    "measure-value": a_value_of,
}
OUTCOMES_ROWS: dict[str, Row] = {
    "outcomes:course": Row(TREAT, thing="measured-course", seen=True),
    "outcomes:measure": Row(TREAT, FORM, thing="measured-course", seen=True),
    "outcomes:correct": Row(TREAT, FORM, thing="measure-value", seen=True),
}
