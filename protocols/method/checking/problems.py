"""What the checker reports. A problem is a value: a code, how bad it is, one sentence, and the row it is about."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning"]

# What only a hand can break: first what stays barred, then what a reason sets aside.
SENTENCES_BY_HAND: Final = {
    "dose-too-short": "The dose of {dose} s is less than {least} s, half of what the stage gives.",
    "dose-too-strong": "The dose allows pressure {pressure}, more than the {limit} of stage, age and findings.",
    "curve-jump": "Session {number} takes {seconds} s, too much after {before} s in the session before.",
    "zone-local-barred": "At this stage nothing is added near the sore place: {zone} ({side}).",
    "zone-unasked": "{zone} ({side}) stays out until {fact} is answered.",
    "breathing-not-here": "No step of this stage assists the breath.",
    "purpose-gone": "Nothing of what the stage is for is left in the session.",
    "purpose-halved": "More than half of what the stage is for is gone from the session.",
    "dose-above-protocol": "The dose of {dose} s is longer than the {protocol} s that the protocol gives this session.",
    "session-shortened": "The steps take {total} s, less than half of the dose of {dose} s.",
    "pressure-above-protocol": "Pressure {pressure} on {zone} is above the {limit} of the step.",
    "family-stretched": "{family} on {zone} takes {seconds} s, more than 1.5 times its own {own} s.",
    "place-overworked": "{zone} ({side}) is worked for {seconds} s in several steps, more than 1.5 times its own {own} s.",
    "part-missing": "The session has no {part}.",
    "part-stretched": "The {part} takes {seconds} s, more than 1.5 times its own {own} s.",
    "regions-many": "{regions} body regions in {seconds} s, more than {most}.",
    "limbs-before-back": "{zone} is worked before the back.",
    "tone-before-relax": "{zone} is toned before the short muscles are relaxed.",
    "position-changes": "The patient turns over {changes} times, more than {most}.",
}

SENTENCES: Final = {
    "unknown-code": "The plan names {what}, which the library does not hold.",
    "total-differs": "The rows take {rows} s, but the plan says {total} s.",
    "over-dose": "The session takes {total} s, more than its dose of {dose} s.",
    "dose-too-long": "The dose of {dose} s is longer than the {ceiling} s that stage, phase, age and findings allow.",
    "dose-mismatch": "The plan is for session {plan}, its dose for session {dose}.",
    "supplements-over-cap": "Steps and supplements take {total} s, more than the {cap} s that a finding allows.",
    "step-too-short": "A step of {seconds} s is shorter than 30 s.",
    "row-too-short": "A row of {seconds} s is shorter than 15 s.",
    "step-stretched": "The step on {zone} takes {seconds} s, more than 1.5 times its own {own} s.",
    "zone-excluded": "{zone} ({side}) is excluded by a finding.",
    "zone-barred": "{zone} ({side}) is barred by the referral, or the patient has withdrawn consent to it.",
    "zone-never-worked": "{zone} ({side}) is never worked.",
    "zone-not-planned": "{zone} ({side}) does not belong to this stage.",
    "nothing-worked": "The row on {zone} avoids all of it.",
    "side-wrong": "{zone} has no side {side}.",
    "family-excluded": "{family} on {zone} ({side}) is excluded by a finding.",
    "family-not-planned": "{family} does not belong to the step on {zone}.",
    "technique-excluded": "{technique} on {zone} ({side}) is excluded by a finding.",
    "technique-barred": "{technique} on {zone} ({side}) is barred by the referral, or the patient has withdrawn consent to it.",
    "technique-of-other-family": "{technique} is not {family}.",
    "technique-avoided": "{technique} is barred on {zone} ({side}) by what is known of the patient.",
    "technique-left-out": "{technique} was left out after an earlier session.",
    "technique-never": "{technique} is never used on {zone} ({side}).",
    "stage-forbids": "The stage forbids {technique} on {zone} ({side}).",
    "danger-map": "The danger map bars {technique} on {zone} ({side}).",
    "percussion-policy": "{technique} may not strike {zone} ({side}).",
    "percussion-closed": "This session has no percussion.",
    "percussion-age": "{technique} is not allowed at the age of {age}.",
    "percussion-strong": "Percussion at pressure {pressure} on {zone} is stronger than {limit}.",
    "breathing-place": "Breathing is not assisted on {zone}.",
    "family-too-early": "{family} on {zone} begins later in the course.",
    "points-off": "Points are worked only when that supplement is chosen.",
    "pressure-too-strong": "Pressure {pressure} on {zone} is above the ceiling of {limit}.",
    "pressure-outside-technique": "{technique} is not done at pressure {pressure}.",
    "kneading-at-level-1": "At pressure 1 there is no kneading on {zone}.",
    "tempo-not-calm": "{zone} must be worked calmly.",
    "tempo-unfit": "{family} has no {tempo} tempo.",
    "tempo-not-planned": "The step on {zone} has no {tempo} tempo.",
    "kneading-not-halved": "Kneading on {zone} was not halved in favour of stroking.",
    "replanned-differs": "The plan does not say rightly whether it was replanned as calming.",
    "rows-under-refusal": "There may be no steps: {why}.",
    "may-not-start": "The plan says that it may start although {why}.",
    "outcome-too-mild": "The plan says {plan}, the screening {screening}.",
    "target-gone": "Too little of what the stage is for is left, so the session should be deferred.",
    "refused-without-reason": "There are no steps and nothing says why.",
    "not-stroking-first": "The session does not begin with stroking.",
    "not-stroking-last": "The session does not end with stroking.",
    "opens-without-stroking": "The first step is less than 70 % stroking.",
    "closes-without-stroking": "The last step is less than 70 % stroking.",
    "rows-scattered": "The rows of one step do not stand together, or differ in part, position or tempo.",
    "part-order": "The parts are not in the order opening, main, closing.",
    "family-order": "The families on {zone} are out of order.",
    "family-twice": "{family} comes back on {zone}.",
    "percussion-last": "Percussion is the last technique on {zone}.",
    "percussion-unprepared": "Percussion on {zone} comes without rubbing or kneading before it.",
    "healthy-before-affected": "{zone}: the affected side comes before the healthy side.",
    "proximal-first": "{zone} is worked before the part of the limb above it.",
    "position-not-allowed": "The position {position} is not open at this stage.",
    "position-excluded": "The position {position} is excluded by a finding.",
    "position-does-not-reach": "{zone} ({side}) is not reached in the position {position}.",
    "position-not-listed": "The position {position} is not among those of the plan.",
    "supplement-not-planned": "{supplement} does not belong to this stage.",
    "supplement-excluded": "{supplement} is excluded by a finding or by the stage.",
    "supplement-barred": "{supplement} is barred by the referral, or the patient has withdrawn consent to it or to its place.",
    "supplement-avoided": "{supplement} is barred by what is known of the patient.",
    "supplement-dose": "{supplement} takes {seconds} s, outside its dose.",
    "segmental-order": "The segments are not worked from the lower to the upper.",
    "row-unexplained": "The row on {zone} does not say why it is there.",
    "zone-unexplained": "{zone} ({side}) is left out without a reason.",
    "family-unexplained": "{family} on {zone} is left out without a reason.",
    **SENTENCES_BY_HAND,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach of an invariant. An ``error`` bars the plan; a ``warning`` only stands in a plan edited by hand. ``row`` counts from 0.

    ``about`` holds the details of the sentence as codes and numbers, for whoever says it in other words.
    """

    code: str
    severity: Severity
    sentence: str
    row: int | None = None
    about: tuple[tuple[str, str], ...] = ()


def problem(code: str, row: int | None = None, /, *, severity: Severity = "error", **about: object) -> Problem:
    """The problem with this code, its sentence filled in. Raises ``KeyError`` for a code without a sentence."""
    details = tuple((name, str(value)) for name, value in about.items())
    return Problem(code, severity, SENTENCES[code].format(**about), row, details)
