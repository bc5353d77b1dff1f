"""Who treats at a clinic, and what patients wish."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import QuerySet

from clinic.schedule.models import Wishes
from clinic.staff.models import Clinic, Role, User
from clinic.web.prepared import Prepared
from patients.models import Patient


def therapists_for(clinic: Clinic, *, needs: Collection[str] = (), sex: str = "") -> list[User]:
    """The therapists of this clinic who may sign in, have every qualification of ``needs`` and are of that sex ("": either), by name.

    Two queries. Qualifications and sex count as this clinic has written them in its own profile of the person.
    """
    people: list[User] = _THERAPISTS.objects(clinic=clinic.pk)
    if not needs and not sex:
        return people
    profiles = {profile.user_id: profile for profile in clinic.profiles.all()}
    fitting = {pk for pk, each in profiles.items() if set(needs) <= set(each.qualifications) and sex in ("", each.sex)}
    return [person for person in people if person.pk in fitting]


def _therapists(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
    here = User.objects.filter(staff_roles__clinic=clinic, staff_roles__role=Role.THERAPIST, is_active=True)
    return here.order_by("full_name", "pk")


_THERAPISTS: Final = Prepared(_therapists)


def wishes_of(patient: Patient) -> Wishes | None:
    """When and by whom the patient would like to be treated; ``None`` where nobody asked."""
    return _WISHES.first(patient=patient.pk)


def _wishes(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return Wishes.objects.filter(patient=patient).select_related("therapist").order_by("pk")[:1]


_WISHES: Final = Prepared(_wishes)
