"""The proof of variants proves itself: one comparison is left out, and what it would have stopped has to be seen in the plans.

Each control is a library that allows more in one place, with cases that show it. It must be stopped by the comparison, and where it is
not looked at, the plans must tell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from protocols.editions.addresses import entries_of
from protocols.editions.content import library_from, shipped_content
from protocols.golden_cases import stated_case
from protocols.method.library import Library
from protocols.proving_variant_judge import judged
from protocols.rule_cases import rule_cases
from protocols.shelf import shipped_library
from protocols.variants.changes import content_with
from protocols.variants.strictness import loosened

CASES: Final = 40
RULES: Final = "library/contraindications:rule/"


@dataclass(frozen=True, slots=True)
class Control:
    """Entries that allow more, the code of the comparison that stops them, and the stage or the rule whose cases show it."""

    code: str
    address: str
    change: Callable[[dict[str, Any]], dict[str, Any]]

    @property
    def about(self) -> tuple[str, str]:
        """The condition and the stage that its cases are of."""
        condition = self.address.partition(":")[0].rpartition("/")[2]
        return (condition, self.address.rpartition("/")[2]) if ":stage/" in self.address else ("preventive-massage", "general")


def _without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: {name: value for name, value in row.items() if name != key}


def _with(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: row | changed


def _longer(row: dict[str, Any]) -> dict[str, Any]:
    """Every step takes a fifth more."""
    steps = [step | {"minutes": step["minutes"] * 1.2} for step in row["steps"]]
    full = round(sum(step["minutes"] for step in steps))
    return row | {"steps": steps, "units": full / 10, "minutes": {"first": full, "full": full, "max": full}}


COLLAR: Final = "library/conditions/neck-collar:stage/calming"
PAINFUL: Final = "library/conditions/osteoarthritis:stage/flare"
CONTROLS: Final[Mapping[str, Control]] = {
    "a stage is pressed harder": Control("pressure-max", PAINFUL, _with(pressure_max=3)),
    "a stage takes longer": Control("minutes-full", COLLAR, _longer),
    "a stage opens another position": Control("positions", COLLAR, _with(positions=["supine", "prone"])),
    "a rule does nothing": Control("rule-effects", f"{RULES}ag-02", _with(effects=[], outcome="caution", kind="caution")),
    "a rule counts for less": Control("rule-outcome", f"{RULES}ca-03", _with(outcome="caution", kind="caution", effects=[])),
    "a rule never holds": Control("rule-when", f"{RULES}em-01", lambda row: row | {"when": {"all": [row["when"], {"not": row["when"]}]}}),
}


def missed_controls() -> tuple[str, ...]:
    """Names of the controls that the comparison let through, or that the plans did not tell."""
    shipped = shipped_library()
    return tuple(name for name, control in CONTROLS.items() if not is_noticed(control, shipped))


def is_noticed(control: Control, shipped: Library) -> bool:
    """Whether the comparison stops a control, and the plans tell it apart from the release."""
    entries = entries_of(shipped_content().parts)
    changes = {control.address: control.change(dict(entries[control.address]))}
    own = library_from(content_with(shipped_content(), changes, "control"))
    stopped = control.code in {each.code for each in loosened(shipped, own)}
    return stopped and any(judged(stated, shipped, own).problems for stated in _cases(control, shipped))


def _cases(control: Control, shipped: Library) -> list[Mapping[str, Any]]:
    code = control.address.removeprefix(RULES)
    if code in rule_cases():
        return [case.stated for case in rule_cases()[code].all]
    chance = Random(control.address)  # noqa: S311  (a proof has to come out the same again)
    condition = shipped.conditions[control.about[0]]
    return [stated_case(chance, shipped, condition, condition.stages[control.about[1]]) for _ in range(CASES)]
