"""Stages that follow one another as somebody gets better, in the order of the library's stage definitions.

Only stages along which a course moves stand here: forms of a disease (atonic and spastic, degrees of a curve, programmes of the collar
zone) are no steps, and whoever chose the wrong one plans anew.
"""

from dataclasses import dataclass
from typing import Final

STEPS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "osteochondrosis-cervical": (("acute", "subacute", "remission"), ("root-pain", "remission")),
    "osteochondrosis-thoracic": (("acute", "subacute", "remission"),),
    "osteochondrosis-lumbar": (("acute", "subacute", "remission", "prevention"), ("root-pain", "remission")),
    "osteoarthritis": (("flare", "subacute", "remission"),),
    "soft-tissue-injury": (("acute", "early", "subacute", "late"),),
    "limb-fracture": (("immobilisation", "post-immobilisation", "restorative"),),
    "orthopaedic-operation": (("early", "middle", "late"),),
    "pneumonia": (("acute", "resolution", "convalescence"),),
    "pleurisy": (("acute", "resolution", "residual-adhesions"),),
    "peptic-ulcer": (("exacerbation", "early-remission", "stable-remission"),),
    "chronic-bronchitis": (("exacerbation", "subsiding"),),
    "bronchial-asthma": (("attack", "near-attack", "between-attacks"),),
    "emphysema": (("acute-or-severe", "stable"),),
    "hypotension": (("crisis", "stable"),),
    "post-infarction": (("acute-or-unstable", "early-convalescence", "outpatient"),),
    "post-stroke": (("acute-unstable", "flaccid"),),
    "facial-palsy": (("acute", "early-flaccid"),),
    "peripheral-neuritis": (("acute", "subacute-leg", "recovery-paresis-leg"), ("acute", "subacute-arm", "recovery-paresis-arm")),
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The stage that comes before and the one that follows as somebody gets better; "" where there is none."""

    before: str = ""
    after: str = ""


NO_NEIGHBOURS: Final = Neighbours()


def neighbours(condition: str, stage: str) -> Neighbours:
    """The stages beside this one: of the first row that names it."""
    row = next((row for row in STEPS.get(condition, ()) if stage in row), None)
    if row is None:
        return NO_NEIGHBOURS
    place = row.index(stage)
    return Neighbours(row[place - 1] if place else "", row[place + 1] if place + 1 < len(row) else "")
