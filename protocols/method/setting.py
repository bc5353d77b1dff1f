"""What every planning function needs to know, in one value."""

from dataclasses import dataclass

from protocols.method.entries import Condition, Stage, Treatment
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.roles import Inputs


@dataclass(frozen=True, slots=True)
class Setting:
    """The knowledge, the chosen condition and stage, the parsed inputs, today's screening and the patient's age in whole years."""

    library: Library
    condition: Condition
    stage: Stage
    inputs: Inputs
    screening: Screening
    age: int

    @property
    def treatment(self) -> Treatment:
        """What the stage holds. Raises ``ValueError`` for a barred stage, which has none."""
        if self.stage.treatment is None:
            raise ValueError(f"stage {self.stage.code} is barred: it holds no treatment")
        return self.stage.treatment
