"""What other apps show on a patient's page. They lie above this one, so they register a panel instead of being imported."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from clinic.staff.permissions import Actor
from patients.models import Patient

BELOW_HEALTH: Final = 80  # from this order on a panel stands below what the record says about health


@dataclass(frozen=True, slots=True)
class Panel:
    """``context`` gets the patient and the actor and returns what ``template`` needs, or None where the actor may not see it."""

    template: str
    context: Callable[[Patient, Actor], dict[str, Any] | None]
    order: int = 10  # the lowest first; equal ones as they were registered
    is_record: bool = False  # tells about health: only for whoever may open the record
    is_work: bool = False  # is about what comes next, of which a restricted record has nothing


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Adds a panel; called once, when an app is ready."""
    _panels[panel.template] = panel


class Panels(NamedTuple):
    """(template, context) of panels, in their order: those above what the record says about health, and those below."""

    above: list[tuple[str, dict[str, Any]]]
    below: list[tuple[str, dict[str, Any]]]


def panels_for(patient: Patient, actor: Actor, *, reads_record: bool) -> Panels:
    """Every panel this actor may see; those about health only where the actor may open the record."""
    is_kept_only, found = patient.restricted_on is not None, Panels([], [])
    for panel in sorted(_panels.values(), key=lambda each: each.order):
        if (panel.is_record and not reads_record) or (panel.is_work and is_kept_only):
            continue
        context = panel.context(patient, actor)
        if context is not None:
            (found.below if panel.order >= BELOW_HEALTH else found.above).append((panel.template, context))
    return found
