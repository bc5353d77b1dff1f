"""Conditions and their stages: what a variant of one may not allow more of than the release. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.variants.strict_treatment import Treated, treatment_loosened
from protocols.variants.strict_values import Limit, Loosening, all_kept, compared, plain, same

# How far massage is allowed where the disease is; of those in between none is stricter than the other.
LOCAL: Final[Mapping[str, int]] = {"allowed": 0, "remote-only": 1, "doctor-only": 1, "barred": 2}


def local_is_kept(before: str, after: str) -> bool:
    """Whether a stage is barred at least as far."""
    return before == after or LOCAL[after] > LOCAL[before]


OF_CONDITION: Final[Mapping[str, Limit]] = {
    "group": Limit("group", same),  # the order with exercise hangs on it
    "never": Limit("never", all_kept),
    "refer_first": Limit("refer-first", all_kept),
    "inputs": Limit("inputs", same),
    "implies": Limit("implies", same),
    "segmental": Limit("segmental", same),
    "side_rule": Limit("side-rule", same),
    "curve_sides": Limit("curve-sides", same),
    "degrees": Limit("degrees", same),
    "stage_signs": Limit("stage-signs", all_kept),
}
OF_STAGE: Final[Mapping[str, Limit]] = {
    "local": Limit("stage-local", local_is_kept),
    "emergency": Limit("stage-emergency", lambda before, after: after or not before),
}

# By these words somebody is known to be in a stage that is not massaged.
OF_BARRED_STAGE: Final[Mapping[str, Limit]] = {
    "name": Limit("stage-words", same),
    "definition": Limit("stage-words", same),
    "becomes_allowed_when": Limit("stage-end", same),
}


def conditions_loosened(shipped: Library, own: Library) -> Iterator[Loosening]:
    """What the conditions of ``own`` allow more of. One that is gone forbids all; one that is new was never released."""
    alike = shipped.profiles == own.profiles and shipped.course == own.course
    for code, condition in own.conditions.items():
        address = f"library/conditions/{code}"
        if alike and shipped.conditions.get(code) == condition:
            continue
        if code not in shipped.conditions:
            yield Loosening(f"{address}:code", "condition-new", None, code)
        else:
            yield from _condition(address, shipped.conditions[code], condition, shipped, own)


def _gone(address: str, before: Condition, after: Condition) -> Iterator[Loosening]:
    """A stage that stops the massage may not go: whoever is in it would be taken for somebody in another."""
    for code, stage in before.stages.items():
        if code not in after.stages and (stage.local == "barred" or stage.emergency):
            yield Loosening(f"{address}:stage/{code}", "stage-gone", stage.name, None)


def _condition(address: str, before: Condition, after: Condition, shipped: Library, own: Library) -> Iterator[Loosening]:
    for name, limit in OF_CONDITION.items():
        yield from compared(f"{address}:{name}", {name: limit}, before, after)
    yield from _gone(address, before, after)
    for code, stage in after.stages.items():
        yield from _stage(f"{address}:stage/{code}", before.stages.get(code), stage, shipped, own)


def _stage(address: str, before: Stage | None, after: Stage, shipped: Library, own: Library) -> Iterator[Loosening]:
    """A stage that is barred now forbids all that it allowed, but how it ends must be said as it was."""
    if before is None:
        if after.treatment is not None:
            yield Loosening(address, "stage-new", None, plain(after.code))
        return
    yield from compared(address, OF_STAGE, before, after)
    if before.local == "barred" or before.emergency:
        yield from compared(address, OF_BARRED_STAGE, before, after)
    if before.treatment is not None and after.treatment is not None:
        yield from treatment_loosened(address, Treated(before, before.treatment, shipped), Treated(after, after.treatment, own))
