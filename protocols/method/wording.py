"""English sentences of all reasons. The pages translate the same codes; a code without a sentence fails a test."""

from collections.abc import Callable, Mapping

from protocols.method.library import Library
from protocols.method.reasons import Reason
from protocols.method.wording_by_hand import EDIT_NAMES, SENTENCES_BY_HAND
from protocols.method.wording_scope import SENTENCES_SCOPE
from protocols.method.wording_screening import SENTENCES_SCREENING

# Names in braces are what the reason is about; codes of the library are put into words by ``in_english``.
SENTENCES_PLANNING: Mapping[str, str] = {
    # Where a row comes from
    "protocol-row": "Step {row} of the protocol {stage}, mix {profile} (order {plan}, minutes {minutes}).",
    "stage-mode": "The stage {stage} is {mode}.",
    "side-rule": "Why the sides differ: {side_rule}.",
    "variant": "The variant {variant} is in force; its document is {document}.",
    "tense-convex": "Tense at palpation: the convex side of {zone} is relaxed, not toned.",
    "flaccid-concave": "Flaccid at palpation: the concave side of {zone} is worked with a neutral mix, not lengthened.",
    "felt-no-rule": "This condition has no rule for what the hand finds at {zone}; the plan stays as it is.",
    "felt-not-worked": "No step of this stage works one side of a curve at {zone}; the plan stays as it is.",
    "felt-tense-other-side": "{zone} lies on the concave side, which is relaxed and lengthened as it is; tense changes nothing there.",
    "felt-flaccid-other-side": "{zone} lies on the convex side, which is toned as it is; flaccid changes nothing there.",
    "danger-spot": "Keep off: {danger}.",
    "opening-moved": "The usual opening zone is out: the session opens on {zone}.",
    "closing-moved": "The usual closing zone is out: the session closes on {zone}.",
    "moved-keeps-families": "No {family} in a step that has moved to {zone}, where it is not part of the work.",
    "waits-for-turn": "The {side} side, which lies on top, comes first; the other waits for the turn.",
    # What the protocol and the dose leave out
    "waits-for-session": "{zone} is worked from session {session} on.",
    "step-too-short": "{zone} would have {seconds} s at this dose; a step lasts at least 30 s.",
    "family-too-short": "{family} on {zone} would last under 15 s at this dose; its time goes to {heir}.",
    "family-waits": "{family} on {zone} begins in a later session; its time goes to {heir}.",
    "family-unfit": "No technique of {family} suits {zone} at this pressure and tempo; its time goes to {heir}.",
    "percussion-closed": "No percussion in this phase of the course; its time on {zone} goes to {heir}.",
    "points-off": "Point work is not chosen; its time on {zone} goes to {heir}.",
    "percussion-unprepared": "No percussion on {zone}: nothing prepares it.",
    "percussion-policy": "{technique} is not used on these zones.",
    "opens-with-stroking": "The session begins and ends with stroking, so {zone} has nothing that would push it away.",
    "both-sides-affected": "Step {row} is for the healthy side; both sides are affected.",
    "stage-forbids": "The stage {stage} forbids this on {zone}.",
    "technique-not-there": "{technique} is not used on these parts.",
    # What findings and records change
    "technique-avoids-fact": "No {technique}: {fact}",
    "pressure-too-low": "No {family} on {zone} at pressure {level}.",
    "kneading-halved": "Calm work: kneading of {zone} is halved in favour of stroking.",
    "no-stroking": "Not even stroking is possible on {zone}.",
    "no-position": "No position that is allowed reaches {zone}.",
    "left-out-by-record": "{technique} was left out after an earlier session.",
    "marked-zone": "{zone} hurt in an earlier session: {levels} level less.",
    "target-gone": "None of the target zones is left: nothing useful can be done today.",
    "half-gone": "More than half of the session is gone ({minutes} of {of} min): nothing useful can be done today.",
    "outcome-gives-no-steps": "The outcome {outcome} gives no steps.",
    # Pressure and dose
    "pressure-stage": "Pressure {level} at most in the stage {stage}.",
    "pressure-stage-zone": "Pressure {level} at most on {zone} in this stage.",
    "pressure-danger": "Pressure {level} at most: {danger}.",
    "pressure-age": "Pressure {level} at most at age {age}.",
    "dose-phase": "The dose of the {phase} phase.",
    "dose-age": "Minutes times {factor} at age {age}.",
    # Supplements
    "supplement-chosen": "{supplement} was chosen for this session, beside its steps.",
    "supplement-note": "{note}",
    "supplement-not-in-stage": "{supplement} is not part of this stage.",
    "supplement-stage-forbids": "The stage forbids {supplement}.",
    "supplement-age": "{supplement} is not for age {age}.",
    "supplement-avoids-fact": "No {supplement}: {fact}",
    "supplement-no-room": "There is no time, place or point left for {supplement} today.",
    # Records of earlier sessions
    "low-comfort": "Comfort below {below} at {times} sessions in a row: one level less for the whole session.",
    "hurt-marked": "{zone} ({side}) hurt in session {session}: one level less there.",
    "next-day-pain": "Pain on the day after session {session} rose by {rise}: the load is repeated with less.",
    "bad-reaction": "A bad reaction after session {session}: one rung down.",
    "gap-repeat-load": "At least {days} treatment days were missed after session {session}: its load is repeated.",
    "gap-step-back": "At least {days} treatment days were missed after session {session}: one rung down.",
    "gap-reassess": "At least {days} treatment days were missed after session {session}: two rungs down, and the plan is made anew.",
    "released-by-doctor": "A doctor let the course go on, one rung down, after: {suspend}.",
    "decided-less": "The therapist chose less than the records ask for.",
    "decided-otherwise": "The therapist let go of a part of the proposal, for a reason that is kept.",
    "course-suspended": "The course is held up: {suspend}.",
}

# The reasons of a plan; what goes beyond a signed plan is said by the same functions and is no reason of any row.
SENTENCES: Mapping[str, str] = {**SENTENCES_SCREENING, **SENTENCES_PLANNING, **SENTENCES_BY_HAND}
_SAID: Mapping[str, str] = {**SENTENCES, **SENTENCES_SCOPE}


def in_english(reason: Reason, library: Library) -> str:
    """The sentence of a reason. Raises ``KeyError`` for a code without one or a detail that the sentence lacks."""
    words = {name: _word(library, name, value) for name, value in reason.about}
    sentence = _SAID[reason.code].format(**words)
    return sentence[:1].upper() + sentence[1:]


def _zone(library: Library, code: str) -> str:
    if code == "all":
        return "the whole body"
    return library.zones[code].name if code in library.zones else library.role_zones[code].name


def _stage(library: Library, code: str) -> str:
    condition, _, stage = code.partition("/")
    if not stage or condition not in library.conditions:
        return code
    return f"{library.conditions[condition].name}, {library.conditions[condition].stages[stage].name}"


def _suspend(library: Library, code: str) -> str:
    return next(row.text for row in library.course.suspend if row.code == code)


_WORDS: Mapping[str, Callable[[Library, str], str]] = {
    "zone": _zone,
    "stage": _stage,
    "suspend": _suspend,
    "family": lambda library, code: library.families[code].name,
    "heir": lambda library, code: library.families[code].name,
    "technique": lambda library, code: library.techniques[code].name,
    "instead": lambda library, code: library.techniques[code].name,
    "edit": lambda _library, code: EDIT_NAMES[code],
    "profile": lambda library, code: library.profiles[code].name,
    "position": lambda library, code: library.positions[code].name,
    "danger": lambda library, code: library.dangers[code].where,
    "supplement": lambda library, code: library.supplements[code].name,
    "document": lambda library, code: library.documents[code].name,
    "side_rule": lambda library, code: library.conditions[code].side_rule["default"],
    "condition": lambda library, code: library.conditions[code].name,
    "rule": lambda library, code: library.rules[code].title,
    "fact": lambda library, code: library.facts[code].question,
}


def _word(library: Library, name: str, value: str) -> str:
    """A library code in the library's English; numbers and free words as they are."""
    return _WORDS[name](library, value) if name in _WORDS else value
