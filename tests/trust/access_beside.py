"""Who may say what the hand found: whoever may plan."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_patient, an_actor
from tests.trust.rows import Row, Thing

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CURVE = {"curve_shape": "c", "convex_side": "left"}
SAID = {"palpation_reason": "palpation", "palpation_words": "A hard band", "session": "1", "version": "0"}
TENSE = {"felt-paravertebral-lumbar:left": "tense", **SAID}


def a_curve_to_feel(clinic: Clinic) -> Thing:
    patient = a_patient(clinic=clinic, family_name="Canarova")
    course = a_course(patient=patient, actor=an_actor(clinic=clinic), condition="scoliosis", stage="degree-1", inputs=CURVE, count=3)
    return Thing({"pk": course.pk}, ("Canarova",))


BESIDE_THINGS: dict[str, Callable[[Clinic], Thing]] = {"curve-to-feel": a_curve_to_feel}
BESIDE_ROWS: dict[str, Row] = {"studio:palpation": Row(PLAN, {"POST": 303}, thing="curve-to-feel", data=TENSE)}
