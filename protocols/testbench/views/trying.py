"""Try on a test patient: the plan with every reason and omission, beside what the edition in force would plan. Nothing is kept."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.staff.permissions import every_role_allowed
from clinic.staff.requests import StaffRequest
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan
from protocols.presentation.cases import patient_in_words
from protocols.presentation.conditions import ConditionGroup, condition_groups
from protocols.states import VariantState
from protocols.testbench.case_lines import address_or_nothing, reader_of, stated_words
from protocols.testbench.forms.patient import TriedPatient
from protocols.testbench.queries import Workbench, conditions_of, find_case, workbench
from protocols.testbench.trying import beside, planned_side, side_or_nothing
from protocols.variants.permissions import can_change_library, can_publish
from protocols.views.common import library_page


@every_role_allowed
@require_safe
def try_patient(request: StaffRequest) -> HttpResponse:
    pk = _number(request.GET.get("variant", ""))
    if pk is not None and not (can_change_library(request.actor) or can_publish(request.actor)):
        raise PermissionDenied  # a variant is no library yet: only who works on it and who signs it see it
    bench = workbench(request.clinic, pk)
    code = request.GET.get("condition", "")
    if bench.variant is not None and len(conditions_of(bench.variant, bench.library)) == 1:
        code = conditions_of(bench.variant, bench.library)[0]
    if bench.variant is not None and "case" in request.GET and "condition" not in request.GET:
        return _to_case(bench, request.GET["case"])
    shared: dict[str, Any] = {"bench": bench, "variant": bench.variant, "choices": _choices(bench), "condition_code": code}
    if not code:
        return library_page(request, _section(bench), "testbench/choose", shared)
    if code not in bench.library.conditions:
        raise Http404
    tried = TriedPatient(request.GET, condition=bench.library.conditions[code], library=bench.library, names=bench.names)
    context = shared | _form(request, bench, tried) | (_plans(bench, tried) if tried.is_valid else {})
    return library_page(request, _section(bench), "testbench/try", context, status=422 if tried.is_asked and not tried.is_valid else 200)


def _section(bench: Workbench) -> str:
    return "conditions" if bench.variant is None else "variants"


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _to_case(bench: Workbench, code: str) -> HttpResponse:
    """The address that holds only the code of a case: the same with its patient written out."""
    assert bench.variant is not None  # noqa: S101 (asked by the caller)
    found = find_case(bench.variant, code)
    query = urlencode({"variant": bench.variant.pk, "case": code})
    return redirect(f"{reverse('testbench:try')}?{query}&{address_or_nothing(found.stated, reader_of(bench))}")


def _choices(bench: Workbench) -> tuple[ConditionGroup, ...]:
    codes = conditions_of(bench.variant, bench.library) if bench.variant else tuple(bench.library.conditions)
    shown = tuple(row for row in bench.library.conditions.values() if row.code in codes)
    return condition_groups(shown, reader_of(bench)) if len(shown) > 1 else ()


def _form(request: StaffRequest, bench: Workbench, tried: TriedPatient) -> dict[str, Any]:
    names, condition = bench.names, tried.condition
    stages = [(code, names.of("stages", f"{condition.code}/{code}"), code == tried.stage.code) for code in condition.stages]
    may_keep = bench.variant is not None and bench.variant.state == VariantState.DRAFT and can_change_library(request.actor)
    return {
        "tried": tried,
        "stages": stages,
        "condition_name": names.of("conditions", condition.code),
        "stage_name": names.of("stages", f"{condition.code}/{tried.stage.code}"),
        "groups": tried.groups(),
        "find": request.GET.get("find", "")[:100],
        "facts": [(question, tried.without(question.code)) for question in tried.facts.questions()],
        "case_code": request.GET.get("case", ""),
        "keep_url": _keep_url(bench, tried, request.GET.get("case", "")) if may_keep and tried.is_valid else "",
    }


def _keep_url(bench: Workbench, tried: TriedPatient, code: str) -> str:
    """The form of a case with this patient: of the case that was being looked at, or of a new one."""
    assert bench.variant is not None  # noqa: S101 (asked by the caller)
    args: list[Any] = [bench.variant.pk]
    name = "testbench:new-case"
    if code:
        name, args = "testbench:case", [bench.variant.pk, tried.condition.code, code]
    return f"{reverse(name, args=args)}?{address_or_nothing(tried.stated(), reader_of(bench))}"


def _plans(bench: Workbench, tried: TriedPatient) -> dict[str, Any]:
    stated, reader = tried.stated(), reader_of(bench)
    words = {"patient": patient_in_words(stated), "stated": stated_words(stated, reader)}
    try:
        side = planned_side(stated, bench.library, bench.names)
    except Faults as faults:
        tried.refuse(faults)
        return {}
    except UnsafePlan as unsafe:
        return {"refused": str(unsafe)}
    if bench.variant is None:
        return {"side": side, **words}
    now = side_or_nothing(stated, bench.now, bench.now_names)
    found = beside(now, side, (bench.now_names, bench.names)) if now else None
    titles = {"before_title": _("Edition %(name)s") % {"name": bench.now.edition}, "after_title": _("With the variant")}
    return {"side": side, "now": now, "difference": found, **titles, **words}
