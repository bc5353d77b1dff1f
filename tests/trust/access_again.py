"""Who may plan the next course of a patient on one page, and read what was kept. See access.py."""

from collections.abc import Callable

from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.clinic.again.returning import a_last_course
from tests.factories import a_course, a_member, a_patient
from tests.trust.rows import FORM, Row, Thing

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "555 0199", "canary-in-the-notes")


def _last(clinic: Clinic) -> Course:
    actor = Actor(a_member(clinic=clinic), clinic, frozenset({str(Role.THERAPIST)}))
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", notes="canary-in-the-notes")
    return a_last_course(patient=patient, actor=actor, count=3)


def somebody_who_comes_again(clinic: Clinic) -> Thing:
    return Thing({"pk": _last(clinic).patient_id}, CANARIES)


def a_kept_course(clinic: Clinic) -> Thing:
    last = _last(clinic)
    return Thing({"pk": a_course(patient=last.patient, count=3).pk}, CANARIES)


AGAIN_THINGS: dict[str, Callable[[Clinic], Thing]] = {"comes-again": somebody_who_comes_again, "course-kept-again": a_kept_course}
AGAIN_ROWS: dict[str, Row] = {
    # One page instead of five: the record and its papers seven, referrals and the last course with how it ended nine, and what is free,
    # which is known from eight tables besides people, rooms, rules and wishes. Each of the pages it stands for asks the same of its part.
    "again:plan": Row(PLAN, FORM, thing="comes-again", seen=True, queries=32),
    "again:saved": Row(PLAN, thing="course-kept-again", seen=True),
}
