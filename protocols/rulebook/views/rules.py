"""A clinic's own rules: what a variant changes, one rule made stricter, and its effects."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from protocols.presentation.truths import branch
from protocols.rulebook.case_lines import case_lines
from protocols.rulebook.changing_rules import ADDABLE, is_fixed
from protocols.rulebook.forms.effects import EffectForm, effect_forms
from protocols.rulebook.forms.stricter import StricterForm
from protocols.rulebook.page import changed_words, effect_lines, how_it_stands, rule_lines, title_of
from protocols.rulebook.permissions import READ, WRITE
from protocols.rulebook.reading import RULE, RULE_RU
from protocols.rulebook.views.common import Desk, desk_or_404
from protocols.rulebook.writing import added_effect, changed_rule, dropped_effect, taken_back
from protocols.variants.subjects import OWN, RULES
from protocols.views.common import query_of


@roles_allowed(*READ)
@require_safe
def rules(request: StaffRequest, pk: int) -> HttpResponse:
    """What the variant changes, and every rule that it could change."""
    desk = desk_or_404(request, pk, RULES)
    drawer = desk.drawer
    context = {
        "changes": changed_words(drawer, drawer.in_force, [each for each in drawer.changes if each.startswith(RULE)], desk.reader),
        "hanging": changed_words(drawer, drawer.in_force, [each for each in drawer.changes if not each.startswith(RULE)], desk.reader),
        "rule_groups": rule_lines(drawer, query_of(request), desk.reader),
        "total": len(drawer.rules()),
    }
    return desk.page("rules", context)


@roles_allowed(*READ)
@require_safe
def rule(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """One rule as the variant has it, with everything that could make it stricter."""
    return rule_page(rule_desk(request, pk, code), code)


@roles_allowed(*WRITE)
@require_POST
def stricter(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Keeps stricter numbers, another outcome, fewer days, other words."""
    desk = rule_desk(request, pk, code)
    form = stricter_form(desk, code)
    if form is None:
        raise Http404
    if form.is_valid():
        russian = desk.drawer.now.get(f"{RULE_RU}{code}", {})
        changed = changed_rule(code, form.rule(), form.russian(russian))
        said = _("stricter: %(rule)s") % {"rule": title_of(desk.drawer, code)}
        return desk.kept(lambda: changed, said=said, then=reverse("rulebook:rule", args=[pk, code])) or rule_page(desk, code, form=form)
    return rule_page(desk, code, form=form)


@roles_allowed(*WRITE)
@require_POST
def add_effect(request: StaffRequest, pk: int, code: str, kind: str) -> HttpResponse:
    """Keeps one more effect."""
    desk = rule_desk(request, pk, code)
    if kind not in ADDABLE:
        raise Http404
    form = EffectForm(request.POST, kind=kind, reader=desk.reader)
    if not form.is_valid():
        return rule_page(desk, code, bound=form)
    said = _("effect added: %(rule)s") % {"rule": title_of(desk.drawer, code)}
    then = reverse("rulebook:rule", args=[pk, code])
    changed = desk.kept(lambda: added_effect(desk.drawer, code, form.effect(), form.russian()), said=said, then=then)
    return changed or rule_page(desk, code, bound=form)


@roles_allowed(*WRITE)
@require_POST
def drop_effect(request: StaffRequest, pk: int, code: str, number: int) -> HttpResponse:
    """Takes back an effect that the clinic added."""
    desk = rule_desk(request, pk, code)
    said = _("effect taken back: %(rule)s") % {"rule": title_of(desk.drawer, code)}
    return kept(desk, code, lambda: dropped_effect(desk.drawer, code, number), said)


@roles_allowed(*WRITE)
@require_http_methods(["POST"])
def take_back(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Makes a rule and its cases what they are in force, or what they were shipped as."""
    desk = rule_desk(request, pk, code)
    to_shipped = request.POST.get("to") == "shipped"
    said = _("taken back: %(rule)s") % {"rule": title_of(desk.drawer, code)}
    then = reverse("rulebook:rules", args=[pk])
    answer = desk.kept(lambda: taken_back(desk.drawer, code, to_shipped=to_shipped), said=said, then=then)
    return answer or see_other("rulebook:rule", pk, code)


def kept(desk: Desk, code: str, make: Any, said: str) -> HttpResponse:
    """Keeps a change of one rule and shows the rule again."""
    args = [desk.variant.pk, code]
    return desk.kept(make, said=said, then=reverse("rulebook:rule", args=args)) or see_other("rulebook:rule", *args)


def rule_desk(request: StaffRequest, pk: int, code: str) -> Desk:
    """The desk for one rule of the variant. Raises ``Http404``."""
    desk = desk_or_404(request, pk, RULES)
    if f"{RULE}{code}" not in desk.drawer.now:
        raise Http404
    return desk


def stricter_form(desk: Desk, code: str) -> StricterForm | None:
    """The form of a shipped rule that may change; None for one that is fixed and for one of the clinic's own."""
    shipped = desk.drawer.shipped.get(f"{RULE}{code}")
    if shipped is None or is_fixed(shipped):
        return None
    data = desk.request.POST if desk.request.path.endswith("stricter/") else None
    now, russian = desk.drawer.now[f"{RULE}{code}"], desk.drawer.now.get(f"{RULE_RU}{code}", {})
    return StricterForm(data, shipped=shipped, now=now, russian=russian, reader=desk.reader)


def rule_page(desk: Desk, code: str, *, form: StricterForm | None = None, bound: EffectForm | None = None) -> HttpResponse:
    """One rule with its forms."""
    drawer, reader = desk.drawer, desk.reader
    shipped = drawer.shipped.get(f"{RULE}{code}")
    addresses = (f"{RULE}{code}", f"{RULE_RU}{code}")
    context = {
        "code": code,
        "rule": drawer.now[f"{RULE}{code}"],
        "title": title_of(drawer, code),
        "stands": how_it_stands(drawer, code),
        "is_fixed": shipped is not None and is_fixed(shipped),
        "is_own": code.startswith(OWN),
        "is_changed": any(address in drawer.changes for address in addresses),
        "is_in_force": addresses[0] in drawer.in_force,
        # A rule of the clinic's own is in no shipped edition: back to the shipped rules it goes altogether.
        "may_go_back": shipped != drawer.now[addresses[0]] and (shipped is not None or addresses[0] in drawer.in_force),
        "changes": changed_words(drawer, drawer.shipped, addresses, reader) if shipped else (),
        "asks": branch(reader.library.rules[code].when, reader) if code in reader.library.rules else None,
        "effects": effect_lines(drawer, code, reader),
        "cases": case_lines(desk.variant, drawer, code),
        "form": form or stricter_form(desk, code) if desk.may_change else None,
        "effect_forms": effect_forms(reader, bound) if desk.may_change else (),
        "bound": bound,
    }
    return desk.page("rule", context, status=422 if form or bound else 200)
