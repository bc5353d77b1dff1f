"""A rule of the clinic's own, and the cases of a rule."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from protocols.rule_cases import KINDS
from protocols.rulebook.case_lines import cases_read
from protocols.rulebook.changing_cases import with_case, with_case_as_found, without_case
from protocols.rulebook.forms.cases import SaysForm
from protocols.rulebook.forms.own import OwnRuleForm
from protocols.rulebook.found import as_found
from protocols.rulebook.page import title_of
from protocols.rulebook.permissions import WRITE
from protocols.rulebook.reading import RULE, RULE_RU, reader_of_variant
from protocols.rulebook.views.common import Desk, desk_or_404
from protocols.rulebook.views.rules import kept, rule_desk
from protocols.rulebook.writing import cases_of, changed_cases, changed_rule, new_rule
from protocols.trying import TryForm
from protocols.variants.checking import library_of_variant
from protocols.variants.subjects import OWN, RULES


@roles_allowed(*WRITE)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """A new rule of the clinic's own."""
    desk = desk_or_404(request, pk, RULES)
    form = OwnRuleForm(request.POST if request.method == "POST" else None, reader=desk.reader)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        changes = new_rule(form.rule(), form.russian(), form.cleaned_data["protocol"])
        then = reverse("rulebook:rule", args=[pk, code])
        answer = desk.kept(lambda: changes, said=_("own rule: %(rule)s") % {"rule": form.cleaned_data["title"]}, then=then)
        return answer or own_page(desk, form, "")
    return own_page(desk, form, "")


@roles_allowed(*WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """A rule of the clinic's own, changed."""
    desk = rule_desk(request, pk, code)
    if not code.startswith(OWN):
        raise Http404
    before, russian = desk.drawer.now[f"{RULE}{code}"], desk.drawer.now.get(f"{RULE_RU}{code}", {})
    form = OwnRuleForm(request.POST if request.method == "POST" else None, reader=desk.reader, before=before, russian=russian)
    if form.is_bound and form.is_valid():
        changed, said = changed_rule(code, form.rule(), form.russian()), _("own rule: %(rule)s") % {"rule": code}
        answer = desk.kept(lambda: changed, said=said, then=reverse("rulebook:rule", args=[pk, code]))
        return answer or own_page(desk, form, code)
    return own_page(desk, form, code)


def own_page(desk: Desk, form: OwnRuleForm, code: str) -> HttpResponse:
    """The form of a rule of the clinic's own."""
    return desk.page("own", {"form": form, "code": code}, status=422 if form.is_bound else 200)


# Cases --------------------------------------------------------------------------------------------------------------------------
@roles_allowed(*WRITE)
@require_POST
def keep_case(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Keeps what was tried as a case of the rule: its answers, a sentence in both languages, and what came of it."""
    desk = rule_desk(request, pk, code)
    reader, says = reader_of_variant(desk.variant), SaysForm(request.POST)
    form = TryForm(request.POST, rule=reader.library.rules[code], reader=reader) if reader else None
    if reader is None or form is None or not (form.is_valid() and says.is_valid()):
        messages.error(request, _("A case needs answers that fit, and one sentence in each language that names the same numbers."))
        return see_other("rulebook:rule", pk, code)
    stated = form.stated() | {"says": says.cleaned_data["says"]}
    return kept(desk, code, lambda: _with_tried(desk, code, stated, says.cleaned_data["says_ru"]), _case_said(desk, code))


def _with_tried(desk: Desk, code: str, stated: dict[str, Any], says_ru: str) -> dict[str, Any]:
    """The cases of a rule with one more, of the kind that it turned out to be. First it is put where it can be read."""
    cases = cases_of(desk.drawer, code)
    kind = "unknown" if stated.get("unknown") else "fires"
    expect: dict[str, Any] = {"may_start": False} if kind == "unknown" else {"outcome": "clear"}
    with_one = with_case(cases, kind, {**stated, "expect": expect}, says_ru)
    return _as_found(desk, code, with_one, kind, len(with_one.of_kind(kind)))


def _as_found(desk: Desk, code: str, cases: Any, kind: str, number: int) -> dict[str, Any]:
    library = library_of_variant(desk.variant)
    case = next((each for each in cases_read(cases) if (each.kind, each.number) == (kind, number)), None)
    if library is None or case is None:
        raise LookupError(code)
    found, expect = as_found(case, library)
    return changed_cases(desk.drawer, with_case_as_found(cases, kind, number, found, expect))


@roles_allowed(*WRITE)
@require_POST
def mend_case(request: StaffRequest, pk: int, code: str, kind: str, number: int) -> HttpResponse:
    """Makes a case expect what is found now. The doctor who signs the variant sees every expectation that was changed."""
    desk = rule_desk(request, pk, code)
    if kind not in KINDS:
        raise Http404
    return kept(desk, code, lambda: _as_found(desk, code, cases_of(desk.drawer, code), kind, number), _case_said(desk, code))


@roles_allowed(*WRITE)
@require_POST
def drop_case(request: StaffRequest, pk: int, code: str, kind: str, number: int) -> HttpResponse:
    """Takes a case of a rule of the clinic's own away; those of the library stay."""
    desk = rule_desk(request, pk, code)
    if not code.startswith(OWN) or kind not in KINDS:
        raise Http404
    return kept(
        desk, code, lambda: changed_cases(desk.drawer, without_case(cases_of(desk.drawer, code), kind, number)), _case_said(desk, code)
    )


def _case_said(desk: Desk, code: str) -> str:
    return _("cases: %(rule)s") % {"rule": title_of(desk.drawer, code)}
