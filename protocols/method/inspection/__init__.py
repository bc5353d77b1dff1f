"""Checks of the content: references, sums, limits and safety of every protocol. Each module notes its faults in one list."""

from typing import TYPE_CHECKING

from protocols.method.inspection.body import inspect_body
from protocols.method.inspection.course import inspect_course
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.facts import inspect_facts
from protocols.method.inspection.forms import inspect_forms
from protocols.method.inspection.hands import inspect_hands
from protocols.method.inspection.inputs import inspect_inputs
from protocols.method.inspection.outcomes import inspect_outcomes
from protocols.method.inspection.pressure import inspect_blood_pressure
from protocols.method.inspection.prose import inspect_prose
from protocols.method.inspection.reach import inspect_reach
from protocols.method.inspection.rules import inspect_rules
from protocols.method.inspection.signs import inspect_signs
from protocols.method.inspection.stages import inspect_stages
from protocols.method.inspection.steps import inspect_steps
from protocols.method.inspection.supplements import inspect_supplements
from protocols.method.parsing import FaultList

if TYPE_CHECKING:
    from protocols.method.library import Library

# The first checks find codes that nothing defines; the later ones follow those codes, so they run only on a library where all are known.
REFERENCES = (
    inspect_body,
    inspect_hands,
    inspect_supplements,
    inspect_outcomes,
    inspect_course,
    inspect_facts,
    inspect_rules,
    inspect_forms,
    inspect_inputs,
    inspect_stages,
    inspect_signs,
    inspect_prose,
)
CONSEQUENCES = (inspect_steps, inspect_reach, inspect_blood_pressure)


def inspect_library(library: "Library", faults: FaultList) -> None:
    """Note every fault of the content in ``faults``: references and numbers first, what follows from them after."""
    desk = Desk(library, faults)
    for inspect in REFERENCES:
        inspect(desk)
    if faults.faults:
        return
    for inspect in CONSEQUENCES:
        inspect(desk)
