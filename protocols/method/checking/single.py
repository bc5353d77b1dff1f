"""One step of a plan edited by hand, read alone: its rows against everything that bars a row. The whole plan is read before it is kept.

So that a page can say of forty techniques which of them a step may have, without reading the session forty times.
"""

from protocols.method.checking.bars import Bars
from protocols.method.checking.problems import Problem
from protocols.method.checking.protocol import Protocol
from protocols.method.checking.rows import RowCheck
from protocols.method.checking.steps import worked_alone
from protocols.method.plans import Adaptation, Dose, Row
from protocols.method.setting import Setting


class StepCheck:
    """Reads steps of session ``dose.number``. Only for a stage that has a treatment."""

    def __init__(self, setting: Setting, dose: Dose, adaptation: Adaptation) -> None:
        self.protocol = Protocol(setting, setting.treatment, dose.number)
        self.rows = RowCheck(Bars(self.protocol, adaptation), dose, edited=True)

    def problems(self, rows: tuple[Row, ...], first: int) -> tuple[Problem, ...]:
        """Every breach in the rows of one step, whose codes the library holds; ``first`` is the number of the first of them in the plan."""
        return tuple(self.rows.problems(worked_alone(tuple(enumerate(rows, first)), self.protocol)))
