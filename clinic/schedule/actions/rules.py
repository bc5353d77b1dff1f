"""What a clinic sets about its calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.schedule.models import AreaNorm, ScheduleRules
from clinic.schedule.permissions import check_can_manage_schedule
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.queries import library_in_force


@dataclass(frozen=True, slots=True)
class Norm:
    """What the clinic counts for one procedure area; ``None`` takes the library's units, or the clinic's own turnover."""

    area: str
    units: Decimal | None
    turnover_minutes: int | None

    @property
    def says_nothing(self) -> bool:
        return self.units is None and self.turnover_minutes is None


@transaction.atomic
def set_rules(*, values: Mapping[str, object], actor: Actor) -> ScheduleRules:
    """Writes the rules of the actor's clinic; ``values`` by the names of ``ScheduleRules``, what is not named stays.

    ``country`` among them is that of the clinic itself, two letters. Raises ``ActionDenied`` for everybody but administrators,
    ``ValidationError`` for a number out of bounds.
    """
    check_can_manage_schedule(actor)
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    rules = ScheduleRules.objects.filter(clinic=clinic).first() or ScheduleRules(clinic=clinic)
    changed = {name: value for name, value in values.items() if getattr(_owner(name, clinic, rules), name) != value}
    for name, value in changed.items():
        setattr(_owner(name, clinic, rules), name, value)
    rules.full_clean()
    rules.save()
    if "country" in changed:
        clinic.full_clean()
        clinic.save(update_fields=["country"])
    if changed:
        record(actor=actor, verb="set-schedule-rules", subject=clinic, details={name: str(value) for name, value in changed.items()})
    return rules


def _owner(name: str, clinic: Clinic, rules: ScheduleRules) -> Clinic | ScheduleRules:
    return clinic if name == "country" else rules


@transaction.atomic
def set_norms(*, norms: Iterable[Norm], actor: Actor) -> None:
    """Writes the clinic's own figures for these procedure areas. A norm that says nothing gives the library's figure back.

    Raises ``ActionDenied`` for everybody but administrators and for an area that the library does not have, ``ValidationError`` for
    units that are not more than none.
    """
    check_can_manage_schedule(actor)
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    kept = {norm.area: norm for norm in AreaNorm.objects.filter(clinic=clinic)}
    changed = [norm for norm in norms if _differs(norm, kept.get(norm.area))]
    for norm in changed:
        _write(clinic, norm, kept.get(norm.area))
    if changed:
        written = [f"{each.area}: {each.units} units, {each.turnover_minutes} min" for each in changed]
        record(actor=actor, verb="set-area-norms", subject=clinic, details={"norms": written})


def _differs(norm: Norm, kept: AreaNorm | None) -> bool:
    before = (kept.units, kept.turnover_minutes) if kept else (None, None)
    return before != (norm.units, norm.turnover_minutes)


def _write(clinic: Clinic, norm: Norm, kept: AreaNorm | None) -> None:
    if norm.area not in library_in_force(clinic).areas:
        raise ActionDenied(_("The library has no such procedure area."))
    row = kept or AreaNorm(clinic=clinic, area=norm.area)
    if norm.says_nothing:
        row.delete()
        return
    row.units, row.turnover_minutes = norm.units, norm.turnover_minutes
    row.full_clean()
    row.save()
