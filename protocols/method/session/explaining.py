"""Rows with their reasons: why this row is there, and what changed it."""

from protocols.method.plans import Row
from protocols.method.reasons import Reason, because
from protocols.method.session.draft import Draft, Pick, Session
from protocols.method.session.positions import turning
from protocols.method.session.restricting import avoided_places, reasons_for_avoided
from protocols.method.session.sequencing import family_order

Reasons = tuple[Reason, ...]
NAMED_CEILINGS = ("pressure-danger", "pressure-stage-zone", "pressure-age")


def rows_of(session: Session, drafts: list[Draft]) -> tuple[Row, ...]:
    """All rows of the session in order, each with its ``because``."""
    found: list[Row] = []
    for number, draft in enumerate(drafts):
        first, last = number == 0, number == len(drafts) - 1
        shared = (*_base(session, draft), *dict.fromkeys(draft.reasons), *turning(session, draft), *_adapted(session))
        binding = _binding(session, draft)
        for family, seconds in family_order(draft, first=first, last=last):
            found.append(_row(session, draft, number, seconds, draft.picks[family], (shared, binding)))
    return tuple(found)


def _row(session: Session, draft: Draft, number: int, seconds: int, pick: Pick, why: tuple[Reasons, Reasons]) -> Row:
    """``why``: the reasons that all rows of the step share, and those that bind a row at the step's full pressure."""
    (shared, binding), family = why, pick.technique.family
    own = (*draft.moved.get(family, ()), *reasons_for_avoided(session, draft, pick))
    return Row(
        step=number,
        part=draft.part,
        zone=draft.place.zone,
        side=draft.place.side,
        family=family,
        technique=pick.technique.code,
        seconds=seconds,
        pressure=pick.pressure,
        tempo=draft.tempo,
        position=draft.position,
        avoid=avoided_places(session, draft, pick),
        because=(*shared, *dict.fromkeys(own), *(binding if pick.pressure >= draft.level else ())),
    )


def _base(session: Session, draft: Draft) -> tuple[Reason, ...]:
    """The protocol row with its provenance, the stage, and the spots of the danger map under the hand. The same in every session."""
    ground = session.ground
    key = (draft.step.row, draft.place)
    if key not in ground.bases:
        setting = ground.setting
        stage = f"{setting.condition.code}/{setting.stage.code}"
        provenance = setting.treatment.provenance
        row = because(
            "protocol-row",
            stage=stage,
            row=draft.step.row + 1,
            profile=draft.step.profile,
            plan=provenance.plan,
            minutes=provenance.minutes,
            sources=setting.condition.sources,
        )
        mode = because("stage-mode", stage=stage, mode=setting.treatment.mode)
        ground.bases[key] = (row, mode, *_side_rule(session, draft), *_variant(session), *_spots(session, draft))
    return ground.bases[key]


def _adapted(session: Session) -> Reasons:
    """What earlier sessions change in the whole of this one; a marked zone is told at its own steps."""
    return tuple(why for why in session.ground.adaptation.because if why.code != "hurt-marked")


def _side_rule(session: Session, draft: Draft) -> Reasons:
    """Why a concave side is worked otherwise than a convex one, where the condition says so."""
    condition = session.ground.setting.condition
    if draft.step.role_side not in ("concave", "convex") or "default" not in condition.side_rule:
        return ()
    return (because("side-rule", side_rule=condition.code, sources=condition.sources),)


def _variant(session: Session) -> tuple[Reason, ...]:
    variant = session.ground.variant
    return (because("variant", variant=variant.code, document=variant.needs_document),) if variant else ()


def _spots(session: Session, draft: Draft) -> tuple[Reason, ...]:
    body, limits = session.ground.body, session.ground.setting.screening.limits
    here = body.mask_at(draft.place)
    danger = tuple(because("danger-spot", danger=row.code, sources=row.sources) for mask, row in body.spots if mask & here)
    return (*danger, *(spot.because for spot in limits.spots if body.of_any(spot.places) & here))


def _binding(session: Session, draft: Draft) -> Reasons:
    """The ceilings of stage zone, danger map or age that set the pressure of the step."""
    if session.ground.setting.library.profiles[draft.step.profile].pressure[1] <= draft.level:
        return ()
    caps = (cap for cap in session.ground.protocol.caps if cap.level == draft.level and cap.mask & draft.base)
    return tuple(cap.because for cap in caps if cap.because.code in NAMED_CEILINGS)
