"""The steps of a stage as a clinic changes them, and the shares that come of them. Pure: tables in, tables out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from protocols.method.vocabulary import FAMILIES, PARTS

Step = Mapping[str, Any]
Stage = Mapping[str, Any]
Profiles = Mapping[str, Mapping[str, Any]]
HUNDRED: Final = 100


class NoSuchStep(LookupError):
    """There is no step with this number."""


def step_at(stage: Stage, place: int) -> Step:
    """The step with this place, from 0. Raises ``NoSuchStep``."""
    steps: Sequence[Step] = stage["steps"]
    if not 0 <= place < len(steps):
        raise NoSuchStep
    return steps[place]


def with_step(stage: Stage, step: Step) -> dict[str, Any]:
    """The stage with one more step, at the end of its part."""
    steps = list(stage["steps"])
    rank = PARTS.index(step["part"])
    place = next((number for number, row in enumerate(steps) if PARTS.index(row["part"]) > rank), len(steps))
    return {**stage, "steps": [*steps[:place], dict(step), *steps[place:]]}


def without_step(stage: Stage, place: int) -> dict[str, Any]:
    """The stage without this step. Raises ``NoSuchStep``."""
    step_at(stage, place)
    return {**stage, "steps": [row for number, row in enumerate(stage["steps"]) if number != place]}


def with_changed_step(stage: Stage, place: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The stage with this step changed; None among the changes takes a key away. Raises ``NoSuchStep``."""
    changed = {key: value for key, value in {**step_at(stage, place), **changes}.items() if value is not None}
    return {**stage, "steps": [changed if number == place else row for number, row in enumerate(stage["steps"])]}


def moved_step(stage: Stage, place: int, by: int) -> dict[str, Any]:
    """The stage with this step one place up (-1) or down (1); at the end of the list nothing moves. Raises ``NoSuchStep``."""
    step_at(stage, place)
    steps, other = list(stage["steps"]), place + by
    if 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
    return {**stage, "steps": steps}


def total_minutes(stage: Stage) -> float:
    """Minutes of all steps together."""
    return float(sum(row["minutes"] for row in stage["steps"]))


def shares_of(steps: Sequence[Step], profiles: Profiles) -> dict[str, int]:
    """Whole percents of each family over all steps, together 100, in the clinical order. A step with an unknown mix counts nothing."""
    minutes: Counter[str] = Counter()
    for row in steps:
        for family, percent in profiles.get(row["profile"], {}).get("shares", {}).items():
            minutes[family] += round(row["minutes"] * percent * HUNDRED)
    total = sum(minutes.values())
    if not total:
        return {}
    exact = {family: HUNDRED * minutes[family] / total for family in FAMILIES if minutes[family]}
    whole = {family: int(percent) for family, percent in exact.items()}
    left = sorted(exact, key=lambda family: (whole[family] - exact[family], FAMILIES.index(family)))
    for family in left[: HUNDRED - sum(whole.values())]:
        whole[family] += 1
    return {family: percent for family, percent in whole.items() if percent}


def with_shares(stage: Stage, profiles: Profiles) -> dict[str, Any]:
    """The stage with the shares, its own and those of its other forms, that its steps give."""
    found = {**stage, "shares": shares_of(stage["steps"], profiles)}
    if "variants" in stage:
        found["variants"] = [{**row, "shares": shares_of(_in_form(stage["steps"], row), profiles)} for row in stage["variants"]]
    return found


def _in_form(steps: Sequence[Step], form: Mapping[str, Any]) -> list[Step]:
    """The steps as another form of the stage has them."""
    other = {(row["zone"], row["side"]): row["profile"] for row in form["profile_at"]}
    return [{**row, "profile": other.get((row["zone"], row["side"]), row["profile"])} if row["part"] == "main" else row for row in steps]
