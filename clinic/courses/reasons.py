"""The reasons of the method in the reader's language. A test holds the two lists of sentences together, so that none is ever missing."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext

from protocols.method.entries import Effect
from protocols.method.findings import Advice
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.reasons import Reason

SENTENCES: Final[Mapping[str, Any]] = {
    "rule-excludes-zone": gettext_lazy("Not worked: {rule}."),
    "rule-leaves-only-zones": gettext_lazy("Only a few zones may be worked: {rule}."),
    "rule-marks-spot": gettext_lazy("The marked spot is left out, the zone around it is worked: {rule}."),
    "rule-excludes-family": gettext_lazy("No {family}: {rule}."),
    "rule-excludes-technique": gettext_lazy("No {technique}: {rule}."),
    "rule-excludes-supplement": gettext_lazy("Not as a supplement: {rule}."),
    "rule-caps-pressure": gettext_lazy("Pressure {level} at most: {rule}."),
    "rule-caps-minutes": gettext_lazy("{minutes} minutes at most: {rule}."),
    "rule-forces-calm": gettext_lazy("Calm work only: {rule}."),
    "rule-forbids-position": gettext_lazy("Not in this position ({position}): {rule}."),
    "rule-allows-other-positions": gettext_lazy("Another position than {position} is needed: {rule}."),
    "rule-lowers-dose": gettext_lazy("The dose goes {steps} step back: {rule}."),
    "fact-bars-technique": gettext_lazy("No {technique}: {fact}"),
    "fact-bars-supplement": gettext_lazy("No {supplement}: {fact}"),
    "age-bars-supplement": gettext_lazy("{supplement} is for ages {from_age} to {to_age}."),
    "stage-forbids-supplement": gettext_lazy("Stage {stage} forbids this supplement."),
    "unknown-leaves-zones-out": gettext_lazy("Left out until this is answered: {fact}"),
    "fact-unanswered": gettext_lazy("Must be answered first: {fact}"),
    "rule-open": gettext_lazy("Undecided until this is answered: {fact} ({rule})"),
    "exclusion-unknown": gettext_lazy("Which zones? Must be answered first: {fact} ({rule})"),
    "measure-missing": gettext_lazy("Must be measured first: {fact} ({rule})"),
    "rule-in-the-way": gettext_lazy("In the way: {rule}."),
    "rule-broken": gettext_lazy("The rule {rule} could not be evaluated; nobody is massaged on an unread rule."),
    "document-missing": gettext_lazy("A document is missing: {document}."),
    "document-silent": gettext_lazy("The document {document} does not name the rule {rule}."),
    "document-expired": gettext_lazy("The document {document} is older than {days} days."),
    "document-fallen": gettext_lazy("The document {document} lost its force when health changed."),
    "document-dated-ahead": gettext_lazy("The document {document} is dated after this session."),
    "stage-barred": gettext_lazy("Stage {stage} of {condition} is not massaged."),
}


class Speaker:
    """Says reasons, effects and advice in one language."""

    def __init__(self, library: Library, names: Names) -> None:
        self.library, self.names = library, names

    def say(self, reason: Reason) -> str:
        """One sentence. Raises ``KeyError`` for a code without a sentence: a plan without its reason must not be shown."""
        about = dict(reason.about)
        words = {name: self.word(name, value, about) for name, value in about.items()}
        sentence = str(SENTENCES[reason.code]).format_map(words)
        return sentence[:1].upper() + sentence[1:]

    def word(self, name: str, value: str, about: Mapping[str, str]) -> str:
        """What a detail of a reason is called: the name of a rule, fact, zone ... or the value itself."""
        if name == "stage":
            return self.names.of("stages", f"{about.get('condition', '')}/{value}") or value
        kind, field = KINDS.get(name, ("", ""))
        found = self.names.of(kind, value, field) if kind else ""
        if found:
            return found
        return str(WORDS[value]()) if name in ("side", "phase", "tempo", "part") and value in WORDS else value

    def advice(self, advice: Advice) -> str:
        """Advice of a rule, translated line by line with the rule's own list."""
        english = [effect.text for effect in self._effects(advice.rule) if effect.type == "advice"]
        lines = (*self.names.lines("rules", advice.rule, "advice"), *self.names.lines("rules", advice.rule, "residual_advice"))
        return dict(zip(english, lines, strict=False)).get(advice.text) or _(advice.text)

    def _effects(self, code: str) -> tuple[Effect, ...]:
        rule = self.library.rules[code]
        return (*rule.effects, *((rule.clearance.residual or ()) if rule.clearance else ()))

    def effect(self, effect: Effect) -> str:
        """What one effect changes in the plan."""
        return EFFECTS[effect.type](self, effect)

    def listed(self, kind: str, codes: tuple[str, ...]) -> str:
        """Names of several codes, with commas."""
        return ", ".join(self.names.of(kind, code) or code for code in codes)

    def where(self, effect: Effect) -> str:
        """The zones of an effect, or the fact that names them."""
        if effect.zones:
            return self.listed("zones", effect.zones)
        fact = effect.fact or effect.zones_from
        return self.names.of("facts", fact, "question") if fact else _("everywhere")


KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "rule": ("rules", "title"),
    "fact": ("facts", "question"),
    "document": ("documents", "name"),
    "zone": ("zones", "name"),
    "family": ("families", "name"),
    "instead": ("families", "name"),
    "technique": ("techniques", "name"),
    "position": ("positions", "name"),
    "supplement": ("supplements", "name"),
    "profile": ("profiles", "name"),
    "condition": ("conditions", "name"),
    "danger": ("dangers", "where"),
    "role": ("role-zones", "name"),
    "area": ("areas", "name"),
}
WORDS: Final[Mapping[str, Callable[[], str]]] = {
    "left": lambda: _("left"),
    "right": lambda: _("right"),
    "both": lambda: _("both sides"),
    "affected": lambda: _("affected side"),
    "healthy": lambda: _("healthy side"),
    "concave": lambda: _("concave side"),
    "convex": lambda: _("convex side"),
    "build-up": lambda: _("build-up"),
    "working": lambda: _("working"),
    "taper": lambda: _("taper"),
    "calm": lambda: _("calm"),
    "neutral": lambda: _("neutral"),
    "tonic": lambda: _("tonic"),
    "opening": lambda: pgettext("part of a session", "opening"),
    "main": lambda: pgettext("part of a session", "main"),
    "closing": lambda: pgettext("part of a session", "closing"),
}
EFFECTS: Final[Mapping[str, Callable[[Speaker, Effect], str]]] = {
    "exclude-zones": lambda say, effect: _("Not worked: %(zones)s") % {"zones": say.where(effect)},
    "exclude-zones-from": lambda say, effect: _spot_or_zone(say, effect),
    "only-zones": lambda say, effect: _("Only these are worked: %(zones)s") % {"zones": say.where(effect)},
    "exclude-families": lambda say, effect: _("No %(families)s: %(zones)s") % {
        "families": say.listed("families", effect.families), "zones": say.where(effect),
    },
    "exclude-techniques": lambda say, effect: _("None of these: %(techniques)s") % {"techniques": say.listed("techniques", effect.techniques)},
    "exclude-supplements": lambda say, effect: _("Not as a supplement: %(supplements)s") % {
        "supplements": ", ".join(say.names.of("supplements", code) or say.names.of("supplement-classes", code) for code in effect.supplements),
    },
    "max-pressure": lambda say, effect: _("Pressure %(level)s at most: %(zones)s") % {"level": effect.level, "zones": say.where(effect)},
    "max-minutes": lambda _say, effect: _("%(minutes)s minutes at most") % {"minutes": effect.minutes},
    "force-mode": lambda say, effect: _("Calm work only: %(zones)s") % {"zones": say.where(effect)},
    "forbid-positions": lambda say, effect: _("Not in these positions: %(positions)s") % {"positions": say.listed("positions", effect.positions)},
    "allow-positions": lambda say, effect: _("Only in these positions: %(positions)s") % {"positions": say.listed("positions", effect.positions)},
    "lower-dose": lambda _say, _effect: _("A smaller dose"),
    "require-measure": lambda say, effect: _("To be measured first: %(facts)s") % {
        "facts": " ".join(say.names.of("facts", code, "question") for code in effect.facts),
    },
}  # fmt: skip


def _spot_or_zone(say: Speaker, effect: Effect) -> str:
    if effect.scope == "spot":
        return _("The marked spot is left out: %(zones)s") % {"zones": say.where(effect)}
    return _("Not worked: %(zones)s") % {"zones": say.where(effect)}
