"""The cases of the rules against the library of the release, as ``protocols.rule_verdicts`` reads them."""

from protocols import rule_verdicts
from protocols.rule_cases import RuleCase
from protocols.rule_verdicts import EXPECTATIONS
from protocols.shelf import shipped_library

__all__ = ["EXPECTATIONS", "Found", "unmet"]


class Found(rule_verdicts.Found):
    """One case, screened, with what its rule came to."""

    def __init__(self, case: RuleCase) -> None:
        super().__init__(case, shipped_library())


def unmet(case: RuleCase) -> tuple[str, ...]:
    """What the case expects and did not happen; empty when it holds."""
    return rule_verdicts.unmet(case, shipped_library())
