"""What a file will hold, counted before anybody asks for it."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from clinic.courses.models import Course, MeasureValue
from clinic.courses.outcomes.values import TAKEN_BACK
from patients.models import Patient

Line = tuple[str, int]


def held_of_course(course: Course) -> tuple[Line, ...]:
    """What of one course goes into the file, with its number. Two queries."""
    return _held(Course.objects.filter(pk=course.pk), ())


def held_of_patient(patient: Patient) -> tuple[Line, ...]:
    """What of one patient goes into the file, with its number. Four queries."""
    courses = Course.objects.filter(patient=patient)
    head = ((_("Courses"), courses.count()), (_("Referrals"), patient.referrals.count()))
    return _held(courses, head)


def _held(courses: QuerySet[Course], head: Iterable[Line]) -> tuple[Line, ...]:
    counted = courses.order_by().aggregate(
        planned=Count("sessions", distinct=True),
        booked=Count("sessions__booking", distinct=True),
        given=Count("sessions__record", distinct=True),
        agreed=Count("consents", distinct=True),
        charts=Count("body_charts", distinct=True),
    )
    measured = MeasureValue.objects.filter(course__in=courses, replaced_by=None).exclude(moment=TAKEN_BACK).count()
    return (
        *head,
        (_("Sessions of the plan"), counted["planned"]),
        (_("Places in the calendar"), counted["booked"]),
        (_("Sessions that were given"), counted["given"]),
        (_("Measures"), measured),
        (_("Body charts, as counts"), counted["charts"]),
        (_("Consents"), counted["agreed"]),
    )
