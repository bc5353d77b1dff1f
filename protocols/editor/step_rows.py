"""The steps of a stage as rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm
from protocols.editor.forms.steps import StepForm
from protocols.presentation.shares import Share, family_shares
from protocols.wording_codes import WORDS


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step with its form. ``weight`` is its length in percent of the longest; ``is_own``: no shipped step is like it."""

    number: int
    zone: str
    side: str
    side_word: str
    part: str
    minutes: float
    weight: float
    profile: str
    shares: tuple[Share, ...]
    later: int
    is_own: bool
    is_first: bool
    is_last: bool
    is_refused: bool
    form: VersionedForm | None


def step_rows(desk: VariantDesk, stage: str, bound: Mapping[int, VersionedForm], opened: int) -> tuple[StepRow, ...]:
    """The steps in their order. ``bound`` are the forms that were refused, by place; ``opened`` is the place of the step to be changed."""
    forms = dict(bound)
    own = desk.stages[stage]
    if opened not in forms and 0 <= opened < len(own["steps"]):
        forms[opened] = StepForm(desk=desk, stage=own, step=own["steps"][opened], place=f"step-{opened + 1}")
    return tuple(_row(desk, stage, place, forms.get(place), is_refused=place in bound) for place in range(len(own["steps"])))


def _row(desk: VariantDesk, stage: str, place: int, form: VersionedForm | None, *, is_refused: bool) -> StepRow:
    own: Mapping[str, Any] = desk.stages[stage]
    longest = max(row["minutes"] for row in own["steps"])
    row, profile = own["steps"][place], desk.profiles.get(own["steps"][place]["profile"], {})
    return StepRow(
        number=place + 1,
        zone=desk.reader.zone(row["zone"]),
        side=row["side"],
        side_word=WORDS[row["side"]](),
        part=WORDS[row["part"]](),
        minutes=row["minutes"],
        weight=round(100 * row["minutes"] / longest, 1),
        profile=desk.reader.names.of("profiles", row["profile"]) or row["profile"],
        shares=family_shares(profile.get("shares", {}), desk.reader.names),
        later=row.get("from_session", 1),
        is_own=dict(row) not in [dict(other) for other in desk.shipped_stage(stage).get("steps", ())],
        is_first=place == 0,
        is_last=place == len(own["steps"]) - 1,
        is_refused=is_refused,
        form=form,
    )
