"""The reasons of the method in the reader's language. A test holds the two lists of sentences together, so that none is ever missing."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.courses.sentences import SENTENCES
from protocols.method.entries import Effect
from protocols.method.findings import Advice
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.places import Place
from protocols.method.reasons import Reason


class Speaker:
    """Says reasons, effects and advice in one language."""

    def __init__(self, library: Library, names: Names, facts: Mapping[str, object] = MappingProxyType({})) -> None:
        self.library, self.names, self.facts = library, names, facts

    def say(self, reason: Reason) -> str:
        """One sentence. Raises ``KeyError`` for a code without a sentence: a plan without its reason must not be shown."""
        about = dict(reason.about)
        words = {name: self.word(name, value, about) for name, value in about.items()}
        sentence = str(SENTENCES[reason.code]).format_map(words)
        return sentence[:1].upper() + sentence[1:]

    def word(self, name: str, value: str, about: Mapping[str, str]) -> str:
        """What a detail of a reason is called: the name of a rule, fact, zone ... or the value itself."""
        if name == "stage":
            return self.stage(value if "/" in value else f"{about.get('condition', '')}/{value}")
        if name == "zone":
            return self.zone(value)
        if name in ("note", "variant"):
            return self.notes.get(value, value)
        if name == "suspend":
            codes = [row.code for row in self.library.course.suspend]
            return dict(zip(codes, self.names.lines("course", "all", "suspend"), strict=True))[value]
        if name in ("outcome", "mode", "side", "phase", "tempo", "part", "plan", "minutes"):
            return str(WORDS[value]()) if value in WORDS else value
        kind, field = KINDS.get(name, ("", ""))
        return (self.names.of(kind, value, field) if kind else "") or value

    @cached_property
    def notes(self) -> Mapping[str, str]:
        """What stages write beside a supplement (by its English words, which a reason carries) and beside a variant (by its code)."""
        found: dict[str, str] = {}
        for condition in self.library.conditions.values():
            for stage in condition.stages.values():
                code, treatment = f"{condition.code}/{stage.code}", stage.treatment
                rows = treatment.supplements if treatment else ()
                found |= dict(zip((row.note for row in rows), self.names.lines("stages", code, "supplement_notes"), strict=False))
                for variant in treatment.variants if treatment else ():
                    found[variant.code] = self.names.of("variants", f"{code}/{variant.code}", "note")
        return found

    def zone(self, code: str) -> str:
        """A zone or role zone by its code; ``all`` is the whole body."""
        if code == "all":
            return _("the whole body")
        return self.names.of("zones", code) or self.names.of("role-zones", code) or code

    def stage(self, code: str) -> str:
        """Condition and stage by ``condition/stage``."""
        name = self.names.of("stages", code)
        return f"{self.names.of('conditions', code.partition('/')[0])}, {name}" if name else code.lstrip("/")

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
        if fact is None:
            return _("everywhere")
        named = self.facts.get(fact)
        if isinstance(named, tuple) and named:
            return ", ".join(self.place(place) for place in named)
        return self.names.of("facts", fact, "question")

    def role(self, code: str) -> str:
        """Convex, concave, affected or healthy side in words."""
        return str(WORDS[code]())

    def place(self, place: Place) -> str:
        """A zone with its side in words; a zone on both sides without one."""
        name = self.names.of("zones", place.zone)
        side = {"left": _("left"), "right": _("right")}.get(place.side, "")
        return f"{name} ({side})" if side else name


KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "rule": ("rules", "title"),
    "fact": ("facts", "question"),
    "document": ("documents", "name"),
    "family": ("families", "name"),
    "heir": ("families", "name"),
    "technique": ("techniques", "name"),
    "position": ("positions", "name"),
    "supplement": ("supplements", "name"),
    "profile": ("profiles", "name"),
    "condition": ("conditions", "name"),
    "side_rule": ("side-rule", "default"),
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
    "calming": lambda: _("calming"),
    "sourced": lambda: _("from a source"),
    "derived": lambda: _("derived"),
    "general": lambda: _("general knowledge"),
    "absolute": lambda: _("no massage"),
    "emergency": lambda: _("emergency"),
    "neutral": lambda: _("neutral"),
    "tonic": lambda: _("tonic"),
    "opening": lambda: pgettext("part of a session", "opening"),
    "main": lambda: pgettext("part of a session", "main"),
    "closing": lambda: pgettext("part of a session", "closing"),
}


def _families(say: Speaker, effect: Effect) -> str:
    return _("No %(families)s: %(zones)s") % {"families": say.listed("families", effect.families), "zones": say.where(effect)}


def _techniques(say: Speaker, effect: Effect) -> str:
    return _("None of these: %(techniques)s") % {"techniques": say.listed("techniques", effect.techniques)}


def _supplements(say: Speaker, effect: Effect) -> str:
    names = (say.names.of("supplements", code) or say.names.of("supplement-classes", code) for code in effect.supplements)
    return _("Not as a supplement: %(supplements)s") % {"supplements": ", ".join(names)}


def _positions_out(say: Speaker, effect: Effect) -> str:
    return _("Not in these positions: %(positions)s") % {"positions": say.listed("positions", effect.positions)}


def _positions_left(say: Speaker, effect: Effect) -> str:
    return _("Only in these positions: %(positions)s") % {"positions": say.listed("positions", effect.positions)}


def _measures(say: Speaker, effect: Effect) -> str:
    return _("To be measured first: %(facts)s") % {"facts": " ".join(say.names.of("facts", code, "question") for code in effect.facts)}


def _spot_or_zone(say: Speaker, effect: Effect) -> str:
    if effect.scope == "spot":
        return _("The marked spot is left out: %(zones)s") % {"zones": say.where(effect)}
    return _("Not worked: %(zones)s") % {"zones": say.where(effect)}


EFFECTS: Final[Mapping[str, Callable[[Speaker, Effect], str]]] = {
    "exclude-zones": lambda say, effect: _("Not worked: %(zones)s") % {"zones": say.where(effect)},
    "exclude-zones-from": _spot_or_zone,
    "only-zones": lambda say, effect: _("Only these are worked: %(zones)s") % {"zones": say.where(effect)},
    "exclude-families": _families,
    "exclude-techniques": _techniques,
    "exclude-supplements": _supplements,
    "max-pressure": lambda say, effect: _("Pressure %(level)s at most: %(zones)s") % {"level": effect.level, "zones": say.where(effect)},
    "max-minutes": lambda _say, effect: _("%(minutes)s minutes at most") % {"minutes": effect.minutes},
    "force-mode": lambda say, effect: _("Calm work only: %(zones)s") % {"zones": say.where(effect)},
    "forbid-positions": _positions_out,
    "allow-positions": _positions_left,
    "lower-dose": lambda _say, _effect: _("A smaller dose"),
    "require-measure": _measures,
}
