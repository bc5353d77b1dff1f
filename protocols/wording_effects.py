"""What the effects of rules change, in the reader's language."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from protocols.method.entries import Effect
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.places import Place


class EffectWords:
    """Says effects in one language. ``facts`` are a patient's answers: with them an effect names the places that it means."""

    def __init__(self, library: Library, names: Names, facts: Mapping[str, object] = MappingProxyType({})) -> None:
        self.library, self.names, self.facts = library, names, facts

    def effect(self, effect: Effect) -> str:
        """What one effect changes in the plan."""
        return EFFECTS[effect.type](self, effect)

    def is_for_this_age(self, effect: Effect) -> bool:
        """Whether an effect with bounds of age is meant for this patient; every one is where no age is known."""
        age = self.facts.get("patient.age")
        low, high = effect.age_min, effect.age_max
        return not isinstance(age, int) or ((low is None or age >= low) and (high is None or age <= high))

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

    def zone(self, code: str) -> str:
        """A zone or role zone by its code; ``all`` is the whole body."""
        if code == "all":
            return _("the whole body")
        return self.names.of("zones", code) or self.names.of("role-zones", code) or code

    def place(self, place: Place) -> str:
        """A zone with its side in words; a zone on both sides without one."""
        name = self.names.of("zones", place.zone)
        side = {"left": _("left"), "right": _("right")}.get(place.side, "")
        return f"{name} ({side})" if side else name


def _families(say: EffectWords, effect: Effect) -> str:
    return _("No %(families)s: %(zones)s") % {"families": say.listed("families", effect.families), "zones": say.where(effect)}


def _techniques(say: EffectWords, effect: Effect) -> str:
    return _("None of these: %(techniques)s") % {"techniques": say.listed("techniques", effect.techniques)}


def _supplements(say: EffectWords, effect: Effect) -> str:
    names = (say.names.of("supplements", code) or say.names.of("supplement-classes", code) for code in effect.supplements)
    return _("Not as a supplement: %(supplements)s") % {"supplements": ", ".join(names)}


def _positions_out(say: EffectWords, effect: Effect) -> str:
    return _("Not in these positions: %(positions)s") % {"positions": say.listed("positions", effect.positions)}


def _positions_left(say: EffectWords, effect: Effect) -> str:
    return _("Only in these positions: %(positions)s") % {"positions": say.listed("positions", effect.positions)}


def _measures(say: EffectWords, effect: Effect) -> str:
    return _("To be measured first: %(facts)s") % {"facts": " ".join(say.names.of("facts", code, "question") for code in effect.facts)}


def _spot_or_zone(say: EffectWords, effect: Effect) -> str:
    if effect.scope == "spot":
        return _("The marked spot is left out: %(zones)s") % {"zones": say.where(effect)}
    return _("Not worked: %(zones)s") % {"zones": say.where(effect)}


def _minutes(say: EffectWords, effect: Effect) -> str:
    if effect.age_min is None or effect.age_max is None or "patient.age" in say.facts:
        return _("%(minutes)s minutes at most") % {"minutes": effect.minutes}
    about = {"minutes": effect.minutes, "youngest": effect.age_min, "oldest": effect.age_max}
    return _("%(minutes)s minutes at most from %(youngest)s to %(oldest)s years of age") % about


EFFECTS: Final[Mapping[str, Callable[[EffectWords, Effect], str]]] = {
    "exclude-zones": lambda say, effect: _("Not worked: %(zones)s") % {"zones": say.where(effect)},
    "exclude-zones-from": _spot_or_zone,
    "only-zones": lambda say, effect: _("Only these are worked: %(zones)s") % {"zones": say.where(effect)},
    "exclude-families": _families,
    "exclude-techniques": _techniques,
    "exclude-supplements": _supplements,
    "max-pressure": lambda say, effect: _("Pressure %(level)s at most: %(zones)s") % {"level": effect.level, "zones": say.where(effect)},
    "max-minutes": _minutes,
    "force-mode": lambda say, effect: _("Calm work only: %(zones)s") % {"zones": say.where(effect)},
    "forbid-positions": _positions_out,
    "allow-positions": _positions_left,
    "lower-dose": lambda _say, _effect: _("A smaller dose"),
    "require-measure": _measures,
}
