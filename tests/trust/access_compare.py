"""Who may read what was changed by hand in a course, the ledger of rules that were set aside, and two plans side by side."""

from collections.abc import Callable

from clinic.courses.models import Course, PlanEdit, RuleOverride
from clinic.staff.models import Clinic, Role
from protocols.method.edits import Edit, Edits, Override, edits_to_json
from tests.factories import a_course, a_patient, an_actor
from tests.trust.rows import Row, Thing

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
LEDGER = (Role.CLINICAL_LEAD, Role.AUDITOR)
CANARIES = ("Canarova", "Canaryword")
LESS = Edit("depth", 2, 3, value=1)


def a_course_changed_by_hand(clinic: Clinic) -> Course:
    """A course with one change that was kept, and a rule that was set aside in it."""
    actor = an_actor(clinic=clinic)
    course = a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=actor)
    after = edits_to_json(Edits((LESS,), (Override("part-order", "", "comfort", "Canaryword"),)))
    kept = PlanEdit.objects.create(
        course=course, version=course.version + 1, before={}, after=after, digest_before="0" * 64, digest_after="1" * 64, by=actor.user
    )
    RuleOverride.objects.create(edit=kept, code="part-order", first=2, last=3, reason="comfort", words="Canaryword")
    return course


def a_kept_change(clinic: Clinic) -> Thing:
    course = a_course_changed_by_hand(clinic)
    return Thing({"pk": course.pk, "version": course.version + 1}, CANARIES)


COMPARE_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "edited-course": lambda clinic: Thing({"pk": a_course_changed_by_hand(clinic).pk}, CANARIES),
    "kept-change": a_kept_change,
    "ledger": lambda clinic: Thing({}, CANARIES if a_course_changed_by_hand(clinic) else ()),
}
COMPARE_ROWS: dict[str, Row] = {
    "studio:history": Row(PLAN, thing="edited-course", seen=True),
    "compare:plans": Row(PLAN, thing="edited-course", seen=True),
    "studio:bring-back": Row(PLAN, {"POST": 303}, thing="kept-change"),
    # Two of what was set aside, what was changed later, the records and their next days; then whose names were shown.
    "studio:ledger": Row(LEDGER, thing="ledger"),
    "studio:ledger-csv": Row(LEDGER, {"POST": 200}, thing="ledger"),
}
