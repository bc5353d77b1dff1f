"""Changes that make one rule of the library stricter: raw rule in, raw rule out. Nothing here can make one milder.

``shipped`` is always the rule of the release: bounds are counted from it, whatever the clinic has made of it since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from protocols.method.entries import Fact
from protocols.method.frozen import FrozenMap
from protocols.method.vocabulary import Outcome
from protocols.rulebook.changing import NotStricter, Raw, at, put

Path = tuple[str | int, ...]
Way = Literal["lower", "higher"]
# The operators of numbers, and where a threshold moves so that the comparison holds more often.
STRICT_WAY: Final[Mapping[str, Way]] = {"ge": "lower", "gt": "lower", "le": "higher", "lt": "higher"}
OTHER_WAY: Final[Mapping[Way, Way]] = {"lower": "higher", "higher": "lower"}
ADDABLE: Final = (
    "exclude-zones", "exclude-families", "exclude-techniques", "exclude-supplements", "max-pressure", "max-minutes", "force-mode",
    "forbid-positions", "lower-dose", "require-measure", "advice",
)  # fmt: skip
GIVEN: Final = ("plan.", "patient.")  # never asked, so never unanswered
CHANGES_NOTHING: Final = ("advice", "require-measure")
TEXTS: Final = ("title", "explanation", "ask_intake", "ask_day")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of a rule's condition. ``low`` and ``high`` are the bounds of a stricter value, the shipped one included."""

    path: Path
    fact: str
    op: str
    shipped: float
    way: Way
    low: float
    high: float

    @property
    def name(self) -> str:
        """A name for a form field: ``when.any.0.value``."""
        return ".".join(map(str, self.path))


def is_fixed(rule: Raw) -> bool:
    """Whether the rule stands as it is: an emergency and an absolute rule may only gain effects and words."""
    return rule["outcome"] in (Outcome.ABSOLUTE.code, Outcome.EMERGENCY.code)


# Thresholds ---------------------------------------------------------------------------------------------------------------------
def thresholds(shipped: Raw, facts: Mapping[str, Fact]) -> tuple[Threshold, ...]:
    """The numbers of a rule that may be set stricter, in the order of its condition; none of a rule that is fixed."""
    return () if is_fixed(shipped) else tuple(_thresholds(shipped["when"], ("when",), facts, is_turned=False))


def _thresholds(tree: Raw, path: Path, facts: Mapping[str, Fact], *, is_turned: bool) -> Iterator[Threshold]:
    for word in ("any", "all"):
        for number, branch in enumerate(tree.get(word, ())):
            yield from _thresholds(branch, (*path, word, number), facts, is_turned=is_turned)
    if "not" in tree:
        yield from _thresholds(tree["not"], (*path, "not"), facts, is_turned=not is_turned)
    if tree.get("op") in STRICT_WAY:
        yield _threshold(tree, path, facts[tree["fact"]], is_turned=is_turned)


def _threshold(row: Raw, path: Path, fact: Fact, *, is_turned: bool) -> Threshold:
    way = OTHER_WAY[STRICT_WAY[row["op"]]] if is_turned else STRICT_WAY[row["op"]]
    value = row["value"]
    low = value if way == "higher" or fact.min is None else fact.min
    high = value if way == "lower" or fact.max is None else fact.max
    return Threshold((*path, "value"), fact.code, row["op"], value, way, low, high)


def with_threshold(rule: Raw, threshold: Threshold, value: float, fact: Fact) -> Raw:
    """The rule with another number in its condition. Raises ``NotStricter`` outside the bounds."""
    if not threshold.low <= value <= threshold.high:
        bounds = {"low": f"{threshold.low:g}", "high": f"{threshold.high:g}"}
        raise NotStricter(_("Only a value from %(low)s to %(high)s is as strict as the shipped one.") % bounds)
    found: Raw = put(rule, threshold.path, int(value) if fact.type == "int" else float(value))
    return found


def value_at(rule: Raw, threshold: Threshold) -> float:
    """What the rule has now in this place. Raises ``LookupError`` where its condition has another shape."""
    return float(at(rule, threshold.path))


# Outcome ------------------------------------------------------------------------------------------------------------------------
def outcomes_open(shipped: Raw, now: Raw, facts: Mapping[str, Fact]) -> tuple[Outcome, ...]:
    """The outcomes that the rule may have, the shipped one first. An emergency is one by its kind and is never made by a number."""
    least = Outcome.from_code(shipped["outcome"])
    if is_fixed(shipped):
        return (least,)
    most = Outcome.MODIFY if leaves_open(shipped["when"], facts) and least <= Outcome.MODIFY else Outcome.ABSOLUTE
    return tuple(outcome for outcome in Outcome if least <= outcome <= most and _can_be(outcome, shipped, now))


def leaves_open(when: Raw, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The facts of a condition whose unknown answer lets a session start: no grave rule may rest on one."""
    return tuple(dict.fromkeys(fact for fact in facts_asked(when) if facts[fact].unknown == "open" and not fact.startswith(GIVEN)))


def facts_asked(when: Raw) -> Iterator[str]:
    """The facts of a raw condition."""
    for word in ("any", "all"):
        for branch in when.get(word, ()):
            yield from facts_asked(branch)
    if "not" in when:
        yield from facts_asked(when["not"])
    if "fact" in when:
        yield when["fact"]


def _can_be(outcome: Outcome, shipped: Raw, now: Raw) -> bool:
    """What the library's checks ask of an outcome, so that nobody is offered what they refuse."""
    if outcome.code == shipped["outcome"]:
        return True
    if outcome is Outcome.MODIFY:
        return any(changes_a_session(effect) for effect in now.get("effects", ()))
    terms = now.get("clearance", {})
    if outcome is Outcome.ABSOLUTE:
        return not terms or any(changes_a_session(effect) for effect in terms.get("residual", ()))
    if outcome is Outcome.DOCTOR:
        return bool(terms or shipped.get("ends_when"))
    return True


def with_outcome(rule: Raw, shipped: Raw, outcome: Outcome, facts: Mapping[str, Fact]) -> Raw:
    """The rule with a graver outcome. Raises ``NotStricter`` for one below the shipped, and for any other of a rule that is fixed."""
    if outcome not in outcomes_open(shipped, rule, facts):
        raise NotStricter(_("This rule cannot have this outcome: only graver ones than the shipped, and those that its effects bear out."))
    return {**rule, "outcome": outcome.code}


# Effects ------------------------------------------------------------------------------------------------------------------------
def changes_a_session(effect: Raw) -> bool:
    """Whether an effect narrows the plan; words and readings do not."""
    return effect["type"] not in CHANGES_NOTHING


def own_effects(rule: Raw, shipped: Raw | None) -> tuple[tuple[int, Raw], ...]:
    """The effects that the clinic added, each with its place in the list."""
    given = list(shipped.get("effects", ())) if shipped else []
    found = []
    for number, effect in enumerate(rule.get("effects", ())):
        if effect in given:
            given.remove(effect)
        else:
            found.append((number, effect))
    return tuple(found)


def with_effect(rule: Raw, effect: Raw) -> Raw:
    """The rule with one more effect. A rule that only asked for care becomes one that changes the plan. The residual gains it too."""
    if effect.get("type") not in ADDABLE:
        raise NotStricter(_("Effects of this kind cannot be added."))
    found = {**rule, "effects": [*rule.get("effects", ()), dict(effect)]}
    if changes_a_session(effect) and rule["outcome"] == Outcome.CAUTION.code:
        found["outcome"] = Outcome.MODIFY.code
    return found


def without_effect(rule: Raw, shipped: Raw | None, number: int) -> Raw:
    """The rule without one of the clinic's own effects. Raises ``NotStricter`` for an effect of the library."""
    own = {place for place, _effect in own_effects(rule, shipped)}
    if number not in own:
        raise NotStricter(_("Only an effect that was added here can be taken back."))
    found = {**rule, "effects": [effect for place, effect in enumerate(rule["effects"]) if place != number]}
    least = Outcome.from_code(shipped["outcome"]) if shipped else None
    is_idle = not any(changes_a_session(effect) for effect in found["effects"])
    if least is Outcome.CAUTION and rule["outcome"] == Outcome.MODIFY.code and is_idle:
        found["outcome"] = Outcome.CAUTION.code
    return found


def with_all(rule: Raw, shipped: Raw, wanted: "Wanted", facts: Mapping[str, Fact]) -> Raw:
    """The rule with everything that one form asks for. Raises ``NotStricter`` with the first thing that is not stricter."""
    found = with_texts(rule, wanted.texts)
    for threshold, value in wanted.numbers:
        found = with_threshold(found, threshold, value, facts[threshold.fact])
    if wanted.valid_days is not None:
        found = with_valid_days(found, shipped, wanted.valid_days)
    return with_outcome(found, shipped, wanted.outcome, facts) if wanted.outcome is not None else found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one form asks of a rule; None where nothing is asked."""

    numbers: tuple[tuple[Threshold, float], ...] = ()
    outcome: Outcome | None = None
    valid_days: int | None = None
    texts: Mapping[str, str] = FrozenMap()


# Documents and words ------------------------------------------------------------------------------------------------------------
def with_valid_days(rule: Raw, shipped: Raw, days: int) -> Raw:
    """The rule with a shorter life of its document. Raises ``NotStricter`` for more days than shipped, or none."""
    terms = shipped.get("clearance")
    if is_fixed(shipped) or not terms or not 1 <= days <= terms["valid_days"]:
        raise NotStricter(_("The document may only hold for fewer days than in the shipped rule."))
    return {**rule, "clearance": {**rule["clearance"], "valid_days": days}}


def with_texts(rule: Raw, texts: Mapping[str, str]) -> Raw:
    """The rule in other words. Texts that the rule did not have are added, empty ones left out. Raises ``NotStricter`` if it is fixed."""
    if is_fixed(rule) and any(rule.get(key, "") != text for key, text in texts.items()):
        raise NotStricter(_("The words of a rule that forbids massage stay as they are. Advice can be added to them."))
    return {key: value for key, value in {**rule, **texts}.items() if value != ""}


def numbers_not_named(texts: Sequence[str], before: float, after: float) -> bool:
    """Whether a text still names the number that stood there, and none names the new one: the words no longer fit the rule."""
    old, new = f"{before:g}", f"{after:g}"
    said = " ".join(texts).replace(",", ".")
    words = said.replace("-", " ").replace("–", " ").replace("/", " ").split()
    plain = {word.strip(".;:()%") for word in words}
    return old in plain and new not in plain


def with_advice_said(group: Raw, texts: Sequence[str]) -> Raw:
    """The Russian of a rule with its pieces of advice in the order of its effects."""
    rest: dict[str, Any] = {key: value for key, value in group.items() if key != "advice"}
    return {**rest, "advice": list(texts)} if texts else rest
