"""A plan that is only supposed: made as the saved one was, for the same day and after the same sessions. Nothing is kept."""

from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.planning import CourseRequest, planned
from clinic.courses.so_far import before_plan
from protocols.method.answers import Answers
from protocols.method.planning import PlannedCourse


def supposed_plan(course: Course, wanted: CourseRequest, answers: Answers) -> PlannedCourse:
    """The course as ``wanted`` under these answers. Raises ``Faults`` for inputs that do not fit and ``UnsafePlan`` as ``planned`` does."""
    return planned(course.patient, wanted, library_of(course), on=course.planned_on, so_far=before_plan(course), answers=answers)
