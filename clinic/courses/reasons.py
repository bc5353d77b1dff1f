"""The reasons of the method in the reader's language. A test holds the two lists of sentences together, so that none is ever missing."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.sentences import SENTENCES, SENTENCES_SCOPE
from clinic.courses.sentences_by_hand import EDIT_NAMES
from protocols.method.entries import Effect
from protocols.method.findings import Advice
from protocols.method.reasons import Reason
from protocols.wording_codes import WORDS
from protocols.wording_effects import EffectWords

SAID: Final = {**SENTENCES, **SENTENCES_SCOPE}


class Speaker(EffectWords):
    """Says reasons, effects and advice in one language."""

    def say(self, reason: Reason) -> str:
        """One sentence. Raises ``KeyError`` for a code without a sentence: a plan without its reason must not be shown."""
        about = dict(reason.about)
        words = {name: self.word(name, value, about) for name, value in about.items()}
        sentence = str(SAID[reason.code]).format_map(words)
        return sentence[:1].upper() + sentence[1:]

    def word(self, name: str, value: str, about: Mapping[str, str]) -> str:
        """What a detail of a reason is called: the name of a rule, fact, zone ... or the value itself."""
        if name == "stage":
            return self.stage(value if "/" in value else f"{about.get('condition', '')}/{value}")
        if name == "zone":
            return self.zone(value)
        if name in ("note", "variant", "edit"):
            return str(EDIT_NAMES[value]) if name == "edit" else self.notes.get(value, value)
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

    def role(self, code: str) -> str:
        """Convex, concave, affected or healthy side in words."""
        return str(WORDS[code]())


KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "rule": ("rules", "title"),
    "fact": ("facts", "question"),
    "document": ("documents", "name"),
    "family": ("families", "name"),
    "heir": ("families", "name"),
    "technique": ("techniques", "name"),
    "instead": ("techniques", "name"),
    "position": ("positions", "name"),
    "supplement": ("supplements", "name"),
    "profile": ("profiles", "name"),
    "condition": ("conditions", "name"),
    "side_rule": ("side-rule", "default"),
    "danger": ("dangers", "where"),
    "role": ("role-zones", "name"),
    "area": ("areas", "name"),
}
