"""Who may look at the cases of a variant, try a patient on it, change its cases, and make a case out of a course."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from protocols.models import Variant
from protocols.variants.actions import begin_variant
from tests.factories import a_course, a_patient, an_actor
from tests.trust.rows import EVERY_ROLE, Row, Thing

LEAD = (Role.CLINICAL_LEAD,)
CASE = {"condition": "neck-collar", "code": "collar-calming-for-poor-sleep"}


def a_variant(clinic: Clinic) -> Variant:
    """A draft with a name that occurs nowhere else."""
    return begin_variant(subject="conditions/neck-collar", title="Canaryvariant", actor=an_actor(clinic=clinic, roles=LEAD))


def of_its_cases(clinic: Clinic) -> Thing:
    return Thing({"pk": a_variant(clinic).pk}, ("Canaryvariant",))


def one_of_its_cases(clinic: Clinic) -> Thing:
    return Thing({"pk": a_variant(clinic).pk, **CASE}, ("Canaryvariant",))


def a_course_to_make_a_case_of(clinic: Clinic) -> Thing:
    course = a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=an_actor(clinic=clinic))
    return Thing({"pk": course.pk}, ("Canarova",))


BENCH_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "variant-cases": of_its_cases,
    "variant-case": one_of_its_cases,
    "course-for-case": a_course_to_make_a_case_of,
}
BENCH_ROWS: dict[str, Row] = {
    "testbench:try": Row(EVERY_ROLE),
    "testbench:cases": Row((Role.CLINICAL_LEAD, Role.DOCTOR), thing="variant-cases"),
    "testbench:new-case": Row(LEAD, {"GET": 302, "POST": 302}, thing="variant-cases"),
    "testbench:case": Row(LEAD, {"GET": 200, "POST": 200}, thing="variant-case"),
    "testbench:remove-case": Row(LEAD, {"POST": 303}, thing="variant-case"),
    "testbench:restore-case": Row(LEAD, {"POST": 303}, thing="variant-case"),
    "benching:as-case": Row(LEAD, {"GET": 200, "POST": 200}, thing="course-for-case", seen=True, queries=30),
}
