"""Who may open the doctor's pages: the inbox, sign-off, reviews, and plans signed on paper."""

from collections.abc import Callable

from clinic.courses.actions import ask_doctor
from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from tests.clinic.courses.signing_desk import an_awaiting_course
from tests.factories import a_patient, a_running_course, an_actor
from tests.trust.rows import Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "canary-in-the-question")


def an_awaiting(clinic: Clinic) -> Course:
    """A plan that lies with the doctor, with a question found nowhere else."""
    actor = an_actor(clinic=clinic)
    return an_awaiting_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=actor, question=CANARIES[1])


def a_review_of(clinic: Clinic) -> Thing:
    """A question about a running course."""
    actor = an_actor(clinic=clinic)
    course = a_running_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=actor)
    return Thing({"pk": ask_doctor(course=course, question=CANARIES[1], actor=actor).pk}, CANARIES)


def a_signed_course_of(clinic: Clinic) -> Thing:
    """A running course under a doctor's signature."""
    course = a_running_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=an_actor(clinic=clinic))
    return Thing({"pk": course.pk}, CANARIES[:1])


DOCTOR_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "awaiting-course": lambda clinic: Thing({"pk": an_awaiting(clinic).pk}, CANARIES),
    "awaiting-listed": lambda clinic: (an_awaiting(clinic), Thing({}, CANARIES))[1],
    "course-review": a_review_of,
    "signed-course": a_signed_course_of,
}
DOCTOR_ROWS: dict[str, Row] = {
    # Besides what waits of each kind: how many courses keep to an older edition.
    "courses:inbox": Row((Role.DOCTOR, Role.CLINICAL_LEAD), thing="awaiting-listed", queries=9),
    # The document with all that stands in it, the history, the question, and the signature before it.
    "courses:sign-off": Row((Role.DOCTOR,), {"GET": 200, "POST": 409}, thing="awaiting-course", seen=True, queries=24),
    "courses:return": Row((Role.DOCTOR,), {"POST": 409}, thing="awaiting-course"),
    "courses:allow-findings": Row((Role.DOCTOR,), {"GET": 303, "POST": 303}, thing="awaiting-course", seen=True),
    # The document as it is now, and who signs.
    "courses:revoke": Row((Role.DOCTOR,), {"GET": 200, "POST": 409}, thing="signed-course", seen=True, queries=12),
    "courses:signed-print": Row(TREAT, {"GET": 200, "POST": 422}, thing="awaiting-course", seen=True),
    "courses:review": Row(TREAT, {"GET": 200, "POST": 422}, thing="course-review", seen=True, queries=10),  # what was measured and decided
}
