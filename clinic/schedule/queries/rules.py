"""What one clinic has set about its calendar, with the library's and the product's own figures where it has set nothing."""

from dataclasses import dataclass

from clinic.schedule.models import AreaNorm, ScheduleRules
from clinic.staff.models import Clinic
from protocols.shelf import shipped_library


def rules_of(clinic: Clinic) -> ScheduleRules:
    """The rules of this clinic's calendar; where it has set none, the defaults, unsaved. One query."""
    return ScheduleRules.objects.filter(clinic=clinic).first() or ScheduleRules(clinic=clinic)


def units_of(clinic: Clinic, area: str, units: float) -> float:
    """Massage units that this clinic counts for a procedure area of the library; ``units`` where it keeps no figure of its own."""
    norm = AreaNorm.objects.filter(clinic=clinic, area=area).first() if area else None
    return units if norm is None or norm.units is None else float(norm.units)


def turnover_of(clinic: Clinic, area: str) -> int:
    """Minutes that room, therapist and device stay taken after a session of this area. At most two queries."""
    norm = AreaNorm.objects.filter(clinic=clinic, area=area).first() if area else None
    if norm is not None and norm.turnover_minutes is not None:
        return norm.turnover_minutes
    return rules_of(clinic).turnover_minutes


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
    areas = shipped_library().areas.values()
    return tuple(
        AreaRow(each.code, each.units, each.minutes, kept.get(each.code) or AreaNorm(clinic=clinic, area=each.code)) for each in areas
    )
