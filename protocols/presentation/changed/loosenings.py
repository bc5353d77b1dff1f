"""What is allowed more, or less, than in another edition, in words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from protocols.method.names import Names
from protocols.presentation.changed.entries import heading_of
from protocols.presentation.changed.labels import label_of
from protocols.presentation.changed.values import Said
from protocols.presentation.words import upper_first


class Compared(Protocol):
    """One value that differs: where, which kind of value, and what it was and is."""

    @property
    def address(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...


Label = Callable[[], str]
# The words of a kind of value, and under which key its values stand in the files.
CODES: Final[Mapping[str, tuple[Label, str]]] = {
    # Stages
    "pressure-max": (lambda: _("Highest pressure"), ""),
    "pressure-max-at": (lambda: _("Highest pressure at a place"), ""),
    "pressure-build-up": (lambda: _("Pressure in the build-up"), ""),
    "pressure-working": (lambda: _("Pressure in the working phase"), ""),
    "pressure-taper": (lambda: _("Pressure in the taper"), ""),
    "minutes-first": (lambda: _("Minutes of the first session"), ""),
    "minutes-full": (lambda: _("Minutes of a full session"), ""),
    "minutes-max": (lambda: _("Minutes at most"), ""),
    "minutes-by-age": (lambda: _("Minutes by age"), ""),
    "sessions-max": (lambda: _("Sessions at most"), ""),
    "every-days-min": (lambda: _("Days between sessions"), ""),
    "per-week": (lambda: _("Sessions in a week"), ""),
    "repeat-after-days": (lambda: _("Days until the course is repeated"), ""),
    "needs-document": (lambda: _("Document that is needed"), "document"),
    "positions": (lambda: _("Positions"), "positions"),
    "forbid-positions": (lambda: _("Positions that are forbidden"), "positions"),
    "positions-on-order": (lambda: _("Positions on a doctor's order only"), "positions"),
    "supplements": (lambda: _("Supplementary methods"), "supplements"),
    "forbid-supplements": (lambda: _("Supplementary methods that are forbidden"), "supplements"),
    "family-from": (lambda: _("Families from a later session on"), ""),
    "family-early": (lambda: _("A family comes at a session"), ""),
    "calm-until-session": (lambda: _("Only calm work up to session"), ""),
    "forbid": (lambda: _("What is forbidden where"), "forbid"),
    "stage-local": (lambda: _("At the diseased place"), "local"),
    "stage-emergency": (lambda: _("Emergency"), ""),
    "stage-new": (lambda: _("A stage that the release does not have"), ""),
    "stage-gone": (lambda: _("The stage"), ""),
    "stage-words": (lambda: _("The words of a stage that is not massaged"), ""),
    "stage-end": (lambda: _("Allowed again when"), ""),
    "condition-new": (lambda: _("A condition that the release does not have"), ""),
    "stage-signs": (lambda: _("Signs against a stage"), "stage_signs"),
    "refer-first": (lambda: _("To a doctor first"), ""),
    "step-new-place": (lambda: _("A place that was not worked"), "profile"),
    "step-early": (lambda: _("A place is worked from session"), ""),
    "step-pressure": (lambda: _("Pressure at a step"), ""),
    "step-tempo": (lambda: _("Tempo at a step"), "tempo"),
    # Rules
    "rule-gone": (lambda: _("The rule"), ""),
    "rule-kind": (lambda: _("Kind of the rule"), ""),
    "rule-outcome": (lambda: _("Outcome of the rule"), "outcome"),
    "rule-when": (lambda: _("When the rule holds"), "when"),
    "rule-end": (lambda: _("When the rule ends"), ""),
    "rule-effects": (lambda: _("What follows from the rule"), "effects"),
    "rule-words": (lambda: _("The words of the rule"), ""),
    "rule-clearance": (lambda: _("What a doctor can lift"), "clearance"),
    "clearance-new": (lambda: _("What a doctor can lift"), "clearance"),
    "clearance-document": (lambda: _("Document that lifts the rule"), "document"),
    "clearance-days": (lambda: _("Days that the document is valid"), ""),
    "clearance-lifts": (lambda: _("What the document lifts"), ""),
    "clearance-left": (lambda: _("What stays when it is lifted"), "effects"),
    "clearance-if-missing": (lambda: _("What holds while the document is missing"), "effects"),
    "clearance-until": (lambda: _("When the document is needed"), "clearance"),
    # The course
    "ladder": (lambda: _("Ladder of doses"), ""),
    "ladder-gap": (lambda: _("Widest step of the ladder of doses"), ""),
    "phases": (lambda: _("Phase of a session"), "phase"),
    "phase-minutes": (lambda: _("Part of the minutes in a phase"), ""),
    "phase-pressure": (lambda: _("Pressure in a phase"), ""),
    "phase-percussion": (lambda: _("Percussion in a phase"), ""),
    "phase-new-technique": (lambda: _("New techniques in a phase"), ""),
    "age-minutes": (lambda: _("Part of the minutes at an age"), ""),
    "age-pressure": (lambda: _("Highest pressure at an age"), ""),
    "age-percussion": (lambda: _("Percussion at an age"), ""),
    "gap-action": (lambda: _("What is done after a break"), ""),
    "gap-rungs": (lambda: _("Rungs down after a break"), ""),
    "stop-signs": (lambda: _("Signs to stop at"), ""),
    "stop-sets": (lambda: _("Signs to stop at"), "stop_sets"),
    "stop-set-gone": (lambda: _("Signs to stop at"), ""),
    "stop-then": (lambda: _("What is done when a session is stopped"), ""),
    "stop-threshold": (lambda: _("Numbers that end a session"), "stop_threshold"),
    "suspend": (lambda: _("What pauses a course"), "suspend"),
    "review": (lambda: _("The review falls after session"), ""),
    "max-down": (lambda: _("Rungs down at most"), ""),
    "one-change": (lambda: _("One change in a session"), ""),
    "repeat-days": (lambda: _("Days until a zone is treated again"), ""),
    "repeat-usual-days": (lambda: _("Usual days until a course is repeated"), ""),
    "pace-rest": (lambda: _("Minutes of rest afterwards"), ""),
    "pace-positions": (lambda: _("Changes of position in a session"), ""),
    "comfort-below": (lambda: _("Comfort that counts as low"), ""),
    "comfort-in-a-row": (lambda: _("Sessions of low comfort in a row"), ""),
    "comfort-pressure": (lambda: _("Pressure after low comfort"), ""),
    "pain-hours": (lambda: _("Hours of pain that count"), ""),
    "pain-minutes": (lambda: _("Part of the minutes after pain"), ""),
    "pain-pressure": (lambda: _("Pressure after pain"), ""),
    "bad-reaction-hours": (lambda: _("Hours in which a reaction counts as bad"), ""),
    "comfort-scope": (lambda: _("Where low comfort counts"), ""),
    "marked-in-a-row": (lambda: _("Sessions in which a place was marked"), ""),
    "marked-scope": (lambda: _("Where a marked place counts"), ""),
    "marked-pressure": (lambda: _("Pressure at a marked place"), ""),
    "pain-scope": (lambda: _("Where lasting pain counts"), ""),
    "load-rises": (lambda: _("When the load may rise"), ""),
    "review-take": (lambda: _("Which day of review counts"), ""),
    "capacity-units": (lambda: _("Massage units of a shift"), ""),
    "capacity-hours": (lambda: _("Hours of a shift"), ""),
    "capacity-minutes": (lambda: _("Minutes of a massage unit"), ""),
    "pace-severity": (lambda: _("How grave too many changes of position are"), ""),
    "pace-room": (lambda: _("Warmth of the room"), ""),
    "pace-ask-again": (lambda: _("Hours until health is asked again"), ""),
    "form-new": (lambda: _("Another form of the stage"), ""),
    "form-requires": (lambda: _("What another form of the stage needs"), "fact"),
    "form-document": (lambda: _("Document of another form of the stage"), "document"),
    "form-from-session": (lambda: _("Another form of the stage from session"), ""),
    "form-profiles": (lambda: _("Mixes of another form of the stage"), ""),
    "form-percussion": (lambda: _("Percussion in another form of the stage"), "percussion"),
    "form-lifts": (lambda: _("What another form of the stage lifts"), "forbid"),
    "positions-on-order-from": (lambda: _("Question that opens positions"), ""),
    "group": (lambda: _("Group of the condition"), ""),
    "segmental": (lambda: _("Segments of the condition"), ""),
    "side-rule": (lambda: _("Which side is which"), ""),
    "curve-sides": (lambda: _("Which side is which"), ""),
    "degrees": (lambda: _("Degrees of the condition"), ""),
    "rule-icd10": (lambda: _("Diagnoses that the rule names"), ""),
    "gap-gone": (lambda: _("What is done after a break of so many days"), ""),
    "age-factor-gone": (lambda: _("What holds at an age"), ""),
    "safety-words": (lambda: _("Words of safety in translation"), ""),
    "table-changed": (lambda: _("What no clinic changes"), ""),
    "profile-changed": (lambda: _("A mix of techniques of the release"), ""),
}  # fmt: skip


def loosening_words(found: Compared, *names: Names) -> str:
    """One value that is stricter or looser than it was, as a line: where, which value, what it was and what it is."""
    return f"{heading_of(found.address, *names)} – {_words(found, Said(*names))}"


def loosenings_in_words(found: Iterable[Compared], *names: Names) -> tuple[str, ...]:
    """The same of several, entry by entry; each value is a line of its own, because a doctor signs each."""
    said, lines = Said(*names), dict[str, list[str]]()
    for each in found:
        lines.setdefault(each.address, []).append(_words(each, said))
    headed = ((heading_of(address, *names), words) for address, words in lines.items())
    return tuple(f"{heading} – {each}" for heading, words in headed for each in words)


def _words(found: Compared, said: Said) -> str:
    label, key = _label(found.code)
    was, now = _value(found.before, key, said), _value(found.after, key, said)
    where = _where(found.before if found.before is not None else found.after, found.code, said)
    return f"{label}{where}" if was == now else f"{label}{where}: {was} → {now}"


def _label(code: str) -> tuple[str, str]:
    if code in CODES:
        label, key = CODES[code]
        return label(), key
    key = code.replace("-", "_")
    return upper_first(label_of(key)), key


def _where(value: Any, code: str, said: Said) -> str:
    """At which step, zone, age or session a value stands that says so."""
    if not isinstance(value, Mapping) or "value" not in value:
        return ""
    at = "age_min" if code.startswith("age-") else "missed_days_min"
    return f" ({said.pairs({at if name == 'at' else name: each for name, each in value.items() if name != 'value'})})"


def _value(value: Any, key: str, said: Said) -> str:
    if isinstance(value, Mapping) and "value" in value:
        return _value(value["value"], key, said)
    if isinstance(value, Mapping) and {"family", "session"} == value.keys():
        return f"{said.value('family', value['family'])}, {value['session']}"
    return said.row(key, value) if isinstance(value, Mapping) else said.value(key, value)
