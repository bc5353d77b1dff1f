"""By whom and where numbers can be narrowed."""

from dataclasses import dataclass

from clinic.courses.queries import therapists_of
from clinic.schedule.models import Site
from clinic.staff.models import Clinic


@dataclass(frozen=True, slots=True)
class Choices:
    """(number, name) of the therapists and of the sites; a clinic with one site has nothing to choose."""

    therapists: tuple[tuple[int, str], ...]
    sites: tuple[tuple[int, str], ...]


def choices_at(clinic: Clinic) -> Choices:
    """Two queries."""
    sites = tuple(Site.objects.filter(clinic=clinic).order_by("name").values_list("pk", "name"))
    return Choices(tuple(therapists_of(clinic).values_list("pk", "full_name")), sites if len(sites) > 1 else ())
