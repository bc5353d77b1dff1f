"""What publications of editions are told of courses: what they lock, how many keep to which edition, what they suspend; and a panel."""

from collections.abc import Mapping

from django.db.models import Count

from clinic.courses.editions.actions import suspend_what_is_forbidden
from clinic.courses.editions.actions.tightening import SUSPENDED_BY_AN_EDITION
from clinic.courses.editions.panel import EDITION_PANEL
from clinic.courses.editions.queries import OPEN
from clinic.courses.models import Course
from clinic.courses.panels import register_course_panel
from clinic.staff.models import Clinic
from patients.models import Patient
from protocols.models import Publication
from protocols.publishing.counting import count_courses_with
from protocols.publishing.holding import hold_before_publishing
from protocols.variants.listening import when_published


def courses_keep_to_editions() -> None:
    """To be called when the app is ready."""
    when_published(_listen)
    hold_before_publishing(hold_courses_of)
    count_courses_with(courses_by_edition)
    register_course_panel(EDITION_PANEL)


def _listen(publication: Publication) -> None:
    suspend_what_is_forbidden(publication)


def hold_courses_of(clinic: Clinic) -> None:
    """Locks the patients and courses that a publication may suspend, in the order in which every other action locks them. Two queries."""
    found = Course.objects.filter(clinic=clinic, state__in=SUSPENDED_BY_AN_EDITION)
    patients = Patient.objects.select_for_update(no_key=True).filter(pk__in=found.values("patient"))
    tuple(patients.order_by("pk").values_list("pk", flat=True))
    tuple(found.select_for_update().order_by("pk").values_list("pk", flat=True))


def courses_by_edition(clinic: Clinic) -> Mapping[str, int]:
    """How many courses of the clinic that are not over keep to each edition, by digest. One query."""
    counted = Course.objects.filter(clinic=clinic, state__in=OPEN).order_by().values_list("pinned").annotate(Count("pk"))
    return dict(counted)
