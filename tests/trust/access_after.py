"""Rows of the access matrix for what a record means for the next session. See access.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.courses.models import Session, SessionRecord
from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_patient
from tests.trust.rows import Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "canary-in-the-record")


def a_record_of(clinic: Clinic) -> SessionRecord:
    """A session of the day before, followed by a bad reaction, with words that occur nowhere else."""
    course = a_course(patient=a_patient(clinic=clinic, family_name="Canarova"), count=3)
    session, now = course.sessions.get(number=1), timezone.now()
    Session.objects.filter(pk=session.pk).update(state="done")
    return SessionRecord.objects.create(
        session=session, given_on=clinic.today() - timedelta(days=1), recorded_at=now, recorded_by=course.planned_by,
        bad_reaction=True, note="canary-in-the-record",
    )  # fmt: skip


AFTER_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "course-felt": lambda clinic: Thing({"pk": a_record_of(clinic).session.course_id}, CANARIES),
    "record-felt": lambda clinic: Thing({"pk": a_record_of(clinic).pk}, CANARIES),
}
AFTER_ROWS: dict[str, Any] = {
    "day:proposal": Row(TREAT, {"GET": 200, "POST": 422}, thing="course-felt", seen=True, queries=25),
    "day:next-day": Row(TREAT, {"GET": 200, "POST": 422}, thing="record-felt", seen=True),
    "day:acknowledge": Row(TREAT, {"POST": 303}, thing="record-felt"),
}
