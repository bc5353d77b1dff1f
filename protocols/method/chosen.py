"""What was chosen for a course: the condition, its stage, the answers to the condition's own questions; and what is barred in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocols.method.entries import Condition, Stage
from protocols.method.findings import Bar


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition, one of its stages, and parsed inputs (``inputs.parse_inputs``); ``bars`` of the referral and of the patient."""

    condition: Condition
    stage: Stage
    inputs: Mapping[str, object]
    bars: tuple[Bar, ...] = ()
