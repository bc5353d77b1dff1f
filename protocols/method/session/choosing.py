"""Which technique of a family a step takes.

The protocol first: an option is a technique that stage, danger map, age and percussion policy leave on at least one part of the step
(on at least half of its parts, where there is such a technique) and whose lower pressure is at most the step's level. Findings then only
thin these options out. Among what is left the order of choice is: the pressure that the step asks for, a zone that suits, the tone of the
mode, principal before auxiliary, file order. Pressure comes first so that barring one technique can never lead to a stronger one.
"""

from protocols.method.entries import Technique
from protocols.method.session.bars import STROKING_PRESSURE, percussion_pressure
from protocols.method.session.body import at_least_half
from protocols.method.session.draft import Draft, Ground, Pick
from protocols.method.session.tables import FreeTechnique, Option
from protocols.method.vocabulary import Mode, Tempo

WANTED_TONE: dict[Mode, int] = {"calming": -2, "neutral": 0, "tonic": 2}


def options_for(ground: Ground, draft: Draft, family: str, level: int, tempo: Tempo) -> tuple[Option, ...]:
    """The options of a family for this step at a pressure level and tempo, by the protocol alone."""
    key = (draft.base, family, level, tempo, draft.step.role, draft.tonic)
    if key not in ground.tables.options:
        ground.tables.options[key] = _options(ground, draft, family, level, tempo)
    return ground.tables.options[key]


def _options(ground: Ground, draft: Draft, family: str, level: int, tempo: Tempo) -> tuple[Option, ...]:
    if tempo not in ground.setting.library.families[family].tempos:
        return ()
    if family == "kneading" and level == 1 and not draft.tonic:
        return ()  # level 1 has no kneading; twitching alone, and only where the profile is tonic
    found = []
    for technique, mask in _suited(ground, draft, family, tempo):
        pressure = min(_ceiling(ground, family, level, mask), technique.pressure[1])
        if pressure >= technique.pressure[0]:
            found.append(Option(technique, mask, pressure))
    found.sort(key=lambda option: -option.pressure)  # a stable sort: equal pressures stay by rank
    return tuple(option for option in found if at_least_half(option.mask, draft.base)) or tuple(found)


def _suited(ground: Ground, draft: Draft, family: str, tempo: Tempo) -> tuple[tuple[Technique, int], ...]:
    """The techniques that library and protocol leave on some place of the step, with those places, the most suitable first."""
    key = (draft.base, family, tempo, draft.step.role)
    if key not in ground.tables.suited:
        there = ((place, one, free & draft.base) for place, one, free in _free(ground, family))
        found = sorted((_rank(ground, draft, one, tempo, place), one, mask) for place, one, mask in there if mask)
        ground.tables.suited[key] = tuple((one, mask) for _, one, mask in found)
    return ground.tables.suited[key]


def _free(ground: Ground, family: str) -> tuple[FreeTechnique, ...]:
    """The techniques of a family with the places that library and protocol leave them, in file order."""
    if family not in ground.tables.free:
        techniques = enumerate(ground.body.of_family[family])
        ground.tables.free[family] = tuple(
            (place, one, ground.body.allowed[one.code] & ~ground.protocol.against(one)) for place, one in techniques
        )
    return ground.tables.free[family]


def _ceiling(ground: Ground, family: str, level: int, mask: int) -> int:
    if family == "stroking":
        return min(level, STROKING_PRESSURE)
    return min(level, percussion_pressure(ground.setting, ground.body, mask)) if family == "percussion" else level


def _rank(ground: Ground, draft: Draft, technique: Technique, tempo: Tempo, place: int) -> tuple[bool, int, bool, int]:
    """Zone does not suit, distance from the wanted tone, auxiliary variant, place in the file."""
    suits = draft.step.role in technique.good or at_least_half(ground.body.good[technique.code] & draft.base, draft.base)
    mode = ground.setting.treatment.mode
    wanted = WANTED_TONE["calming"] if tempo == "calm" and mode == "tonic" else WANTED_TONE[mode]
    return not suits, abs(technique.tone - wanted), not technique.main, place


def usual_pick(ground: Ground, draft: Draft, family: str) -> Pick | None:
    """What the protocol alone would take for a family, or None when it has nothing for it: strongest fitting pressure, then rank."""
    key = (draft.base, family, draft.protocol_level, draft.protocol_tempo, draft.step.role, draft.tonic)
    if key not in ground.picks:
        options = options_for(ground, draft, family, draft.protocol_level, draft.protocol_tempo)
        ground.picks[key] = Pick(options[0].technique, options[0].mask, options[0].pressure) if options else None
    return ground.picks[key]


def places_of(ground: Ground, draft: Draft, family: str) -> int:
    """The places on which the protocol works a family in this step: those of its usual technique."""
    if family in draft.places:
        return draft.places[family]
    usual = usual_pick(ground, draft, family)
    return usual.mask if usual else 0


def choose(ground: Ground, draft: Draft, family: str) -> Pick | None:
    """The technique for a family under the findings, or None when the family is out.

    Only a technique that the protocol allows on all the family's places, and that no finding bars on any of them, may stand in for the
    usual one. So barring a technique can bring neither a new place nor more pressure.
    """
    places = places_of(ground, draft, family)
    mask = places & draft.mask & ~ground.findings.family_mask(family)
    if not mask:
        return None
    for option in options_for(ground, draft, family, draft.level, draft.tempo):
        if not places & ~option.mask and not places & ground.findings.technique_mask(option.technique.code):
            return Pick(option.technique, mask, option.pressure)
    return None
