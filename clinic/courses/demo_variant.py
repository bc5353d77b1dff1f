"""A variant that the demo's clinical lead is writing: the collar zone, gentler and shorter for anxious patients. One case is red still."""

from typing import Any, Final

from clinic.staff.permissions import Actor
from protocols.editor.desk import VariantDesk
from protocols.editor.steps import with_changed_step, with_shares
from protocols.editor.values import with_origins
from protocols.models import Variant
from protocols.variants.actions import begin_variant, change_variant

TITLE: Final = "Gentler collar for anxious patients"
STAGE: Final = "calming"
SHORTER: Final = ((2, 3), (3, 2), (1, 2))  # place of the step, its new minutes: three minutes less in all


def seed_variant(lead: Actor) -> Variant:
    """The draft as its forms would have made it: less pressure, then twelve minutes instead of fifteen."""
    variant = begin_variant(subject="conditions/neck-collar", title=TITLE, actor=lead)
    gentle = {**VariantDesk(variant).stages[STAGE], "pressure_max": 2}
    variant = _changed(variant, gentle, "Pressure at most: 3 – moderate → 2 – light", lead)
    short = {**VariantDesk(variant).stages[STAGE], "minutes": {"first": 8, "full": 12, "max": 12}}
    for place, minutes in SHORTER:
        short = with_changed_step(short, place, {"minutes": minutes})
    return _changed(variant, short, "Full session: 15 min → 12 min", lead)


def _changed(variant: Variant, stage: Any, said: str, lead: Actor) -> Variant:
    desk = VariantDesk(variant)
    entry = with_origins(with_shares(stage, desk.profiles), desk.shipped_stage(STAGE))
    return change_variant(variant=variant, changes={desk.stage_address(STAGE): entry}, said=said, version=variant.version, actor=lead)
