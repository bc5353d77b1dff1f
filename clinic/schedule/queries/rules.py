"""What one clinic has set about its calendar, with the library's and the product's own figures where it has set nothing."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from clinic.schedule.models import AreaNorm, ScheduleRules
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from protocols.editions.queries import library_in_force


def rules_of(clinic: Clinic) -> ScheduleRules:
    """The rules of this clinic's calendar; where it has set none, the defaults, unsaved. One query."""
    return _RULES.first(clinic=clinic.pk) or ScheduleRules(clinic=clinic)


def _rules(_kind: str, *, clinic: int) -> QuerySet[ScheduleRules]:
    return ScheduleRules.objects.filter(clinic=clinic).order_by("pk")[:1]


_RULES: Final = Prepared(_rules)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a session of one procedure area takes: massage units, and minutes for which room, therapist and device stay taken after it."""

    units: float
    turnover_minutes: int


def figures_of(rules: ScheduleRules, area: str, units: float) -> Figures:
    """This clinic's figures for a procedure area of the library; ``units`` and the usual turnover where it keeps none. One query."""
    norm = _NORMS.first(clinic=rules.clinic_id, area=area) if area else None
    own_units, own_turnover = (norm.units, norm.turnover_minutes) if norm else (None, None)
    return Figures(units if own_units is None else float(own_units), rules.turnover_minutes if own_turnover is None else own_turnover)


def _norms(_kind: str, *, clinic: int, area: str) -> QuerySet[Any, Any]:
    return AreaNorm.objects.filter(clinic=clinic, area=area).order_by("pk")[:1]


_NORMS: Final = Prepared(_norms)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One procedure area: the library's figures, and the clinic's own where it has set one."""

    code: str
    units: float
    minutes: int
    norm: AreaNorm


def area_rows(clinic: Clinic) -> tuple[AreaRow, ...]:
    """Every procedure area of the library in its order, with the clinic's own norm (unsaved where there is none). One query."""
    kept = {norm.area: norm for norm in AreaNorm.objects.filter(clinic=clinic)}
    areas = library_in_force(clinic).areas.values()
    return tuple(
        AreaRow(each.code, each.units, each.minutes, kept.get(each.code) or AreaNorm(clinic=clinic, area=each.code)) for each in areas
    )
