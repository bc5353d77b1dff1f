"""What findings and earlier sessions take from a step: places, pressure, families, techniques, and the calm they force.

Barred percussion goes to vibration where that is open, barred vibration and breathing assistance to stroking (README, "Dose, families,
techniques"). Barred rubbing, kneading and points go to stroking too, the mildest reading. For monotony (invariant 13) percussion therefore
counts as vibration: a step that had percussion may show vibration once percussion is barred, and nothing else may ever appear.
"""

from protocols.method.findings import ForcedCalm
from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.session.bars import Bar
from protocols.method.session.choosing import choose, places_of, usual_pick
from protocols.method.session.draft import Draft, Pick, Session
from protocols.method.session.opening_steps import YIELDING, family_begun
from protocols.method.vocabulary import MIN_ROW_SECONDS


def leave_out_places(session: Session, draft: Draft) -> bool:
    """Takes the excluded places from the step. False, and the minutes counted as gone, when nothing is left of it."""
    body = session.ground.body
    for bar in session.ground.findings.places:
        hit = draft.base & bar.mask
        if hit:
            draft.reasons.append(bar.because)
            for place in body.grouped(hit):
                session.omit_place(place, bar.because)
    draft.mask = draft.base & ~session.ground.findings.out
    if not draft.mask:
        session.lose(draft.step)
        return False
    if draft.mask != draft.base:
        draft.place = body.smallest(draft.place, draft.mask)
    return True


def cap_pressure(session: Session, draft: Draft) -> None:
    """Lowers the step to the findings' ceilings (also those of parts that are left out) and the dose's; keeps the reasons that bind.

    A zone that hurt lies below them by what it takes off, so that it is worked more lightly than last time whatever held it then.
    """
    ground, before = session.ground, draft.level
    caps = [cap for cap in ground.findings.caps if cap.mask & draft.base]
    ceiling = min([session.dose.pressure_max, *(cap.level for cap in caps)])
    marked = [(place, shift) for place, shift in ground.adaptation.zone_shifts if ground.body.mask_at(place) & draft.base]
    draft.level = max(1, min(before, ceiling + min((shift for _place, shift in marked), default=0)))
    if ceiling < before:
        draft.reasons.extend(cap.because for cap in caps if cap.level == ceiling)
    draft.reasons.extend(because("marked-zone", zone=place.zone, levels=-shift) for place, shift in marked)


def force_calm(session: Session, draft: Draft) -> None:
    """Forced calm: percussion out, kneading halved in favour of stroking; a half under 15 s goes to stroking whole."""
    for row in session.ground.setting.screening.limits.calm:
        if not _touches(session, draft, row):
            continue
        draft.reasons.append(row.because)
        draft.tempo = "calm"
        if "percussion" in draft.shares:
            _move(session, draft, "percussion", row.because)
    half = draft.shares.get("kneading", 0) / 2
    if half and draft.base & session.ground.calm:
        lasts = int(draft.sure_seconds * half / 100 + 1e-9) >= MIN_ROW_SECONDS
        kept = half if lasts else 0
        why = because("kneading-halved", zone=draft.place.zone)
        draft.shares["stroking"] = draft.shares.get("stroking", 0) + draft.shares.pop("kneading") - kept
        draft.moved.setdefault("stroking", []).append(why)
        if kept:
            draft.shares["kneading"] = kept
        else:
            session.omit("family", "kneading", None, why)


def _touches(session: Session, draft: Draft, row: ForcedCalm) -> bool:
    return row.places is None or bool(session.ground.body.of_any(row.places) & draft.base)


def restrict_families(session: Session, draft: Draft) -> bool:
    """Chooses a technique for each family under the findings; a family without one gives its share away. False when no stroking is left."""
    if "percussion" in draft.shares and not session.dose.percussion:
        _move(session, draft, "percussion", because("percussion-closed", zone=draft.place.zone, heir="vibration"))
    for family in YIELDING:
        if family not in draft.shares:
            continue
        pick = choose(session.ground, draft, family)
        if pick is None:
            _move(session, draft, family, _why_barred(session, draft, family))
        else:
            draft.picks[family] = pick
    _unprepared_percussion(session, draft)
    stroking = choose(session.ground, draft, "stroking")
    if stroking is None:
        session.omit_place(draft.place, because("no-stroking", zone=draft.place.zone))
        session.lose(draft.step)
        return False
    draft.picks["stroking"] = stroking
    _tell_other_techniques(session, draft)
    return True


def _unprepared_percussion(session: Session, draft: Draft) -> None:
    if "percussion" in draft.picks and not {"rubbing", "kneading"} & draft.picks.keys():
        drop_percussion(session, draft, because("percussion-unprepared", zone=draft.place.zone))


def drop_percussion(session: Session, draft: Draft, why: Reason) -> None:
    """Takes percussion out of a step whose families are already chosen."""
    draft.picks.pop("percussion", None)
    _move(session, draft, "percussion", why)
    if "vibration" in draft.shares and "vibration" not in draft.picks:
        pick = choose(session.ground, draft, "vibration")
        if pick is not None:
            draft.picks["vibration"] = pick


def _move(session: Session, draft: Draft, family: str, why: Reason) -> None:
    """Moves a family's share to vibration (percussion only, where open) or stroking."""
    heir = "vibration" if family == "percussion" and _vibration_takes(session, draft) else "stroking"
    draft.shares[heir] = draft.shares.get(heir, 0) + draft.shares.pop(family)
    draft.moved.setdefault(heir, []).append(why)
    session.omit("family", family, None, why)


def _vibration_takes(session: Session, draft: Draft) -> bool:
    """Whether vibration is open for the share of percussion; where the step had none, only on the places that would have been struck."""
    if not family_begun(session, draft, "vibration"):
        return False
    if "vibration" not in draft.shares:
        struck = places_of(session.ground, draft, "percussion")
        draft.places["vibration"] = places_of(session.ground, draft, "vibration") & struck
    return choose(session.ground, draft, "vibration") is not None


def _why_barred(session: Session, draft: Draft, family: str) -> Reason:
    """The finding that leaves a family out of a step: a bar of the family, else of its techniques, else the pressure."""
    findings = session.ground.findings
    for bar in findings.families.get(family, ()):
        if bar.mask & draft.mask:
            return bar.because
    for technique in session.ground.body.of_family[family]:
        for bar in findings.techniques.get(technique.code, ()):
            if bar.mask & draft.mask:
                return bar.because
    return because("pressure-too-low", family=family, level=draft.level, zone=draft.place.zone)


def _tell_other_techniques(session: Session, draft: Draft) -> None:
    """Says which technique the protocol would have taken, where a finding changed it."""
    for family, pick in draft.picks.items():
        usual = usual_pick(session.ground, draft, family)
        if usual is not None and usual.technique is not pick.technique:
            for bar in _bars_on(session, draft, usual):
                session.omit("technique", usual.technique.code, None, bar.because)
                draft.moved.setdefault(family, []).append(bar.because)


def _bars_on(session: Session, draft: Draft, pick: Pick) -> list[Bar]:
    findings = session.ground.findings
    bars = [*findings.techniques.get(pick.technique.code, ()), *findings.families.get(pick.technique.family, ())]
    return [bar for bar in bars if bar.mask & draft.mask]


def reasons_for_avoided(session: Session, draft: Draft, pick: Pick) -> tuple[Reason, ...]:
    """Why a technique leaves out parts that the rest of the step works."""
    if pick.mask == draft.mask:
        return ()
    why = tuple(bar.because for bar in _bars_on(session, draft, pick))
    return why or (because("technique-not-there", technique=pick.technique.code),)


def avoided_places(session: Session, draft: Draft, pick: Pick) -> tuple[Place, ...]:
    """What a row leaves out of its zone, in the fewest words, what is never worked included."""
    body = session.ground.body
    return body.grouped(body.mask_at(draft.place) & ~pick.mask)
