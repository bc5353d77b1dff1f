"""The cases of a variant: which hold, which do not and why, and forms that add, change and take away."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other, see_other_address
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.planning import PlannedSession, plan_session
from protocols.method.plans import UnsafePlan
from protocols.models import Variant
from protocols.presentation.cases import patient_in_words
from protocols.states import VariantState
from protocols.testbench.actions import NewCase, keep_case, remove_case, restore_case
from protocols.testbench.addresses import AGE
from protocols.testbench.case_lines import (
    address_or_nothing,
    case_lines,
    green_groups,
    reader_of,
    removed_lines,
    rule_case_lines,
    stated_words,
)
from protocols.testbench.forms.expectations import ExpectationForm
from protocols.testbench.forms.patient import TriedPatient
from protocols.testbench.given import all_given, mended, outcome_code
from protocols.testbench.queries import Workbench, case_row, conditions_of, words_of_case, workbench
from protocols.testbench.unmet import unmet_in_words
from protocols.variants.checking import check_variant
from protocols.variants.permissions import can_change_library
from protocols.variants.queries import variant_or_404
from protocols.views.common import library_page


@roles_allowed(Role.CLINICAL_LEAD, Role.DOCTOR)
@require_safe
def cases(request: StaffRequest, pk: int) -> HttpResponse:
    variant = variant_or_404(request.clinic, pk)
    bench, check = workbench(request.clinic, pk), check_variant(variant)
    lines = case_lines(variant, check.cases, bench)
    of_rules = rule_case_lines(check.cases)
    context = {
        "variant": variant,
        "bench": bench,
        "check": check,
        "red": [line for line in lines if line.is_red],
        "groups": green_groups(lines),
        "green_count": sum(not line.is_red for line in lines),
        "changed_count": sum(line.is_changed or line.is_new for line in lines),
        "red_rules": [line for line in of_rules if line.faults],
        "rule_count": len(of_rules),
        "removed": removed_lines(variant, bench),
        "may_change": _may_change(request, variant.state),
        "is_about_one": len(conditions_of(variant, bench.library)) == 1,
    }
    return library_page(request, "variants", "testbench/cases", context)


def _may_change(request: StaffRequest, state: str) -> bool:
    return state == VariantState.DRAFT and can_change_library(request.actor)


@roles_allowed(Role.CLINICAL_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: StaffRequest, pk: int) -> HttpResponse:
    bench = workbench(request.clinic, pk)
    if AGE not in request.GET:  # nobody was said: choose the patient first
        return redirect(f"{reverse('testbench:try')}?{urlencode({'variant': pk})}")
    stated = _stated(request.GET, bench)
    planned = _planned(stated, bench)
    expected = all_given(planned) if planned else {}
    says = {"en": "", **dict.fromkeys(words_of_case(_variant(bench), ""), "")}
    return _form_page(request, bench, {"code": "", "stated": stated, "expected": expected, "says": says, "planned": planned})


@roles_allowed(Role.CLINICAL_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: StaffRequest, pk: int, condition: str, code: str) -> HttpResponse:
    bench = workbench(request.clinic, pk)
    row = case_row(_variant(bench), condition, code)
    stated = _stated(request.GET, bench) if AGE in request.GET else row["input"]
    if stated["condition"] != condition:
        raise Http404
    planned = _planned(stated, bench)
    expected = _taken(request.GET.get("take", ""), row["expect"], planned)
    says = {"en": row["says"], **words_of_case(_variant(bench), code)}
    return _form_page(request, bench, {"code": code, "stated": stated, "expected": expected, "says": says, "planned": planned})


def _taken(take: str, expected: dict[str, Any], planned: PlannedSession | None) -> dict[str, Any]:
    """What the form begins with: the case's own expectation, what the plan gives, or that only where the case is not met."""
    if planned is None or take not in TAKEN:
        return expected
    return TAKEN[take](expected, planned)


TAKEN: Final[Mapping[str, Callable[[dict[str, Any], PlannedSession], dict[str, Any]]]] = {
    "plan": lambda _expected, planned: all_given(planned),
    "unmet": mended,
}


def _variant(bench: Workbench) -> Variant:
    if bench.variant is None:
        raise Http404
    return bench.variant


def _stated(query: QueryDict, bench: Workbench) -> dict[str, Any]:
    """The patient of an address. Raises ``Http404`` for what the page of the test patient would not have sent here."""
    condition = bench.library.conditions.get(query.get("condition", ""))
    if condition is None:
        raise Http404
    tried = TriedPatient(query, condition=condition, library=bench.library, names=bench.names)
    if not tried.is_valid:
        raise Http404
    return tried.stated()


def _planned(stated: dict[str, Any], bench: Workbench) -> PlannedSession | None:
    """The plan that the variant makes of this patient; None where it makes none."""
    if not bench.is_sound:
        return None
    try:
        return plan_session(parse_case(stated, bench.library), bench.library)
    except (Faults, UnsafePlan):
        return None


def _form_page(request: StaffRequest, bench: Workbench, about: dict[str, Any]) -> HttpResponse:
    reader = reader_of(bench)
    sent = request.POST if request.method == "POST" else None
    form = ExpectationForm(sent, reader=reader, expected=about["expected"], says=about["says"])
    is_kept = sent is not None and sent.get("act") == "keep"
    if is_kept and form.is_valid() and (reply := _keep(request, bench, form, about)):
        return reply
    if not is_kept and sent is not None:
        form.errors.clear()  # somebody adds an item: nothing is complained of yet
    context = _form_context(bench, form, about) | {"may_change": _may_change(request, _variant(bench).state)}
    return library_page(request, "variants", "testbench/case", context, status=422 if is_kept else 200)


def _form_context(bench: Workbench, form: ExpectationForm, about: dict[str, Any]) -> dict[str, Any]:
    reader, stated, planned = form.reader, about["stated"], about["planned"]
    variant, code = _variant(bench), about["code"]
    query = address_or_nothing(stated, reader)
    back = urlencode({"variant": variant.pk, **({"case": code} if code else {})})
    return {
        "variant": variant,
        "form": form,
        "code": code,
        "version": variant.version,
        "patient": patient_in_words(stated),
        "stage_name": reader.names.of("stages", f"{stated['condition']}/{stated['stage']}"),
        "condition_name": reader.names.of("conditions", stated["condition"]),
        "condition_code": stated["condition"],
        "stated": stated_words(stated, reader),
        "planned": planned,
        "outcome": outcome_code(planned) if planned else "",
        "unmet": unmet_in_words(about["expected"], planned, reader) if planned else (),
        "lists": form.lists(planned),
        "try_url": f"{reverse('testbench:try')}?{back}&{query}",
        "take_url": f"?take=plan&{query}",
        "query": query,
    }


def _keep(request: StaffRequest, bench: Workbench, form: ExpectationForm, about: dict[str, Any]) -> HttpResponse | None:
    """The answer after a case was kept; None where it was refused, and the form says why."""
    says = form.says()
    kept = NewCase(about["stated"], form.wanted(), says.pop("en"), says)
    try:
        code = keep_case(variant=_variant(bench), code=about["code"], case=kept, version=_version(request), actor=request.actor)
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
        return None
    messages.success(request, _("The case is kept in the variant."))
    return see_other_address(f"{reverse('testbench:cases', args=[_variant(bench).pk])}#case-{code}")


@roles_allowed(Role.CLINICAL_LEAD)
@require_POST
def remove(request: StaffRequest, pk: int, condition: str, code: str) -> HttpResponse:
    variant = variant_or_404(request.clinic, pk)
    case_row(variant, condition, code)
    return _done(request, variant, partial(remove_case, condition=condition, code=code))


@roles_allowed(Role.CLINICAL_LEAD)
@require_POST
def restore(request: StaffRequest, pk: int, condition: str, code: str) -> HttpResponse:
    variant = variant_or_404(request.clinic, pk)
    return _done(request, variant, partial(restore_case, condition=condition, code=code))


def _done(request: StaffRequest, variant: Variant, act: Callable[..., None]) -> HttpResponse:
    try:
        act(variant=variant, version=_version(request), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
    return see_other("testbench:cases", variant.pk)


def _version(request: StaffRequest) -> int:
    """The version of the variant that the sent page was made from; 0 where it says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
