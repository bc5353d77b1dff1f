"""Who may read which course keeps to which edition of the library, and who may move one."""

from collections.abc import Callable

from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from protocols.models import Edition
from tests.factories import a_course, a_patient, an_actor
from tests.trust.rows import Row, Thing

PLAN = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
MOVERS = (Role.THERAPIST, Role.CLINICAL_LEAD)
CANARIES = ("Canarova",)


def a_course_of_another_edition(clinic: Clinic) -> Course:
    """A draft that keeps to an edition of which only the name was kept."""
    course = a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), actor=an_actor(clinic=clinic))
    older, _is_new = Edition.objects.get_or_create(pk="0" * 64, defaults={"name": "2025-01", "library_digest": "1" * 64})
    Course.objects.filter(pk=course.pk).update(pinned=older)
    return course


EDITIONS_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "course-elsewhere": lambda clinic: Thing({"pk": a_course_of_another_edition(clinic).pk}, CANARIES),
    "courses-elsewhere": lambda clinic: Thing({}, CANARIES if a_course_of_another_edition(clinic) else ()),
}
EDITIONS_ROWS: dict[str, Row] = {
    # What differs concerns each course whose edition was lost: its facts are read for it.
    "editions:courses": Row(PLAN, thing="courses-elsewhere", queries=26),
    "editions:move-all": Row(MOVERS, {"POST": 303}, thing="courses-elsewhere"),
    "editions:move": Row(PLAN, {"GET": 200, "POST": 303}, thing="course-elsewhere", seen=True, queries=30),
    "editions:back": Row(MOVERS, {"POST": 303}, thing="course-elsewhere"),
}
