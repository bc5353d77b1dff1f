"""Who may change a plan by hand: whoever may plan."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_patient, an_actor
from tests.trust.rows import Row, Thing

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
LIGHTER = {"do": "edit", "kind": "depth", "value": "1", "session": "2", "scope": "this", "version": "0"}


def a_plan_to_change(clinic: Clinic) -> Thing:
    course = a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=an_actor(clinic=clinic), count=3)
    return Thing({"pk": course.pk}, ("Canarova",))


STUDIO_THINGS: dict[str, Callable[[Clinic], Thing]] = {"plan-to-change": a_plan_to_change}
STUDIO_ROWS: dict[str, Row] = {
    "studio:plan": Row(PLAN, thing="plan-to-change", seen=True, queries=40),
    "studio:act": Row(PLAN, {"POST": 303}, thing="plan-to-change", data=LIGHTER),
    "studio:undo": Row(PLAN, {"POST": 422}, thing="plan-to-change"),
    "studio:redo": Row(PLAN, {"POST": 422}, thing="plan-to-change"),
    "studio:words": Row(PLAN, {"POST": 204}, thing="plan-to-change", data={"note": "A note"}),
    "studio:keep": Row(PLAN, {"POST": 303}, thing="plan-to-change"),
    "studio:drop": Row(PLAN, {"POST": 422}, thing="plan-to-change"),
    "studio:conflict": Row(PLAN, {"GET": 303}, thing="plan-to-change", seen=True, queries=40),
    "studio:settle": Row(PLAN, {"POST": 303}, thing="plan-to-change", data={"choice": "theirs"}),
}
