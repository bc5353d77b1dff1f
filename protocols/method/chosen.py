"""What was chosen for a course: the condition, its stage, and the answers to the condition's own questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocols.method.entries import Condition, Stage


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition, one of its stages, and parsed inputs (``inputs.parse_inputs``)."""

    condition: Condition
    stage: Stage
    inputs: Mapping[str, object]
