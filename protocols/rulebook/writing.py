"""From a form to the changes of a variant: which entries a change of a rule touches, and what it is called in the history."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.staff.permissions import ActionDenied, Actor
from protocols.models import Variant
from protocols.rulebook.changing import Raw
from protocols.rulebook.changing_cases import CasesOfRule
from protocols.rulebook.changing_own import own_source
from protocols.rulebook.changing_rules import own_effects, with_advice_said, with_effect, without_effect
from protocols.rulebook.reading import RULE, RULE_RU, SOURCE, Drawer
from protocols.variants.actions import change_variant
from protocols.variants.subjects import OWN

Changes = dict[str, Any]
ADVICE: Final = "advice"
CASES_RU: Final = "ru/"


def keep(variant: Variant, changes: Mapping[str, Any], *, said: str, version: int, actor: Actor) -> None:
    """Lays changes over the draft. Raises ``ActionDenied``."""
    change_variant(variant=variant, changes=changes, said=said, version=version, actor=actor)


def changed_rule(code: str, rule: Raw, russian: Raw) -> Changes:
    """A rule in other content, with its words in Russian."""
    return {f"{RULE}{code}": dict(rule), f"{RULE_RU}{code}": dict(russian)}


def new_rule(rule: Raw, russian: Raw, protocol: str) -> Changes:
    """A rule of the clinic's own, with its source."""
    code = rule["code"]
    return changed_rule(code, rule, russian) | {f"{SOURCE}{code}": own_source(code, protocol, timezone.localdate())}


def added_effect(drawer: Drawer, code: str, effect: Raw, said_ru: str) -> Changes:
    """A rule with one more effect; advice is said in both languages."""
    rule, russian = drawer.now[f"{RULE}{code}"], drawer.now.get(f"{RULE_RU}{code}", {})
    if effect["type"] == ADVICE:
        russian = with_advice_said(russian, [*russian.get(ADVICE, ()), said_ru])
    return changed_rule(code, with_effect(rule, effect), russian)


def dropped_effect(drawer: Drawer, code: str, number: int) -> Changes:
    """A rule without one of the clinic's own effects (place from 0). Raises ``ActionDenied`` for an effect of the library."""
    rule, russian = drawer.now[f"{RULE}{code}"], drawer.now.get(f"{RULE_RU}{code}", {})
    shipped = drawer.shipped.get(f"{RULE}{code}")
    if number not in {place for place, _effect in own_effects(rule, shipped)}:
        raise ActionDenied(_("Only an effect that was added here can be taken back."))
    if rule["effects"][number]["type"] == ADVICE:
        before = sum(effect["type"] == ADVICE for effect in rule["effects"][:number])
        said = list(russian.get(ADVICE, ()))
        russian = with_advice_said(russian, [*said[:before], *said[before + 1 :]])
    return changed_rule(code, without_effect(rule, shipped, number), russian)


def taken_back(drawer: Drawer, code: str, *, to_shipped: bool) -> Changes:
    """A rule and its cases as they are in force, or as shipped; what is not there goes: a rule of the clinic's own."""
    there = drawer.shipped if to_shipped else drawer.in_force
    cases = drawer.case_address(code)
    touched = [f"{RULE}{code}", f"{RULE_RU}{code}", cases, russian_of_cases(cases)]
    if code.startswith(OWN):
        touched.append(f"{SOURCE}{code}")
    return {address: there.get(address) for address in touched if address in drawer.now or address in drawer.changes}


# Cases --------------------------------------------------------------------------------------------------------------------------
def russian_of_cases(address: str) -> str:
    """Where the Russian of the cases at this address stands."""
    part, _colon, row = address.partition(":")
    return f"{CASES_RU}{part}:rule-cases/{row.partition('/')[2]}"


def cases_of(drawer: Drawer, code: str) -> CasesOfRule:
    """The cases of a rule as the variant has them."""
    address = drawer.case_address(code)
    return CasesOfRule(code, drawer.now.get(address, {}), drawer.now.get(russian_of_cases(address), {}))


def changed_cases(drawer: Drawer, cases: CasesOfRule) -> Changes:
    """Other cases of a rule, with their Russian; none at all are no entry."""
    address = drawer.case_address(cases.code)
    return {address: dict(cases.row) or None, russian_of_cases(address): dict(cases.russian) or None}
