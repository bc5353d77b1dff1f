"""Texts of the condition and of its stages, English and Russian side by side."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from protocols.editor.desk import CONDITIONS, VariantDesk
from protocols.editor.forms.texts import Sides, TextsForm
from protocols.editor.permissions import WRITE
from protocols.editor.texts import OF_CONDITION, english_of, stage_words, with_english, with_stage_words
from protocols.editor.views.common import at, desk_or_404, obey, stage_desk_or_404, variant_page


@roles_allowed(*WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def of_condition(request: StaffRequest, pk: int) -> HttpResponse:
    """The texts of the condition itself."""
    desk = desk_or_404(request, pk)
    if not desk.condition:
        raise Http404
    own, shipped = Sides(_table(desk, own=True), desk.words), Sides(_table(desk, own=False), desk.shipped_words)
    data = request.POST if request.method == "POST" else None
    form = TextsForm(data, own=own, shipped=shipped, stage=None, version=desk.variant.version)
    if form.is_valid():
        typed = form.tables()
        said = _("texts of the condition") if typed != own else ""
        changes = {_address(desk, place.name): typed.english.get(place.name) for place in OF_CONDITION} | {
            desk.words_address: typed.russian
        }
        if done := obey(request, desk, form, changes, said=said, back=at("variants:texts", pk, anchor="texts")):
            return done
    return _page(request, desk, form)


@roles_allowed(*WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def of_stage(request: StaffRequest, pk: int, stage: str) -> HttpResponse:
    """The texts of one stage."""
    desk = stage_desk_or_404(request, pk, stage)
    table, ships = desk.stages[stage], desk.shipped_stage(stage)
    own, shipped = Sides(table, stage_words(desk.words, stage)), Sides(ships, stage_words(desk.shipped_words, stage))
    data = request.POST if request.method == "POST" else None
    form = TextsForm(data, own=own, shipped=shipped, stage=table, version=desk.variant.version)
    if form.is_valid():
        typed = form.tables()
        words = with_stage_words(desk.words, stage, typed.russian)
        said = _("%(stage)s: texts") % {"stage": desk.stage_name(stage)} if typed != own else ""
        changes = {desk.stage_address(stage): typed.english, desk.words_address: words}
        if done := obey(request, desk, form, changes, said=said, back=at("variants:texts-of-stage", pk, stage, anchor="texts")):
            return done
    return _page(request, desk, form, stage)


def _page(request: StaffRequest, desk: VariantDesk, form: TextsForm, stage: str = "") -> HttpResponse:
    stages = [(code, desk.stage_name(code), code == stage) for code in desk.stages]
    return variant_page(request, desk, "texts", {"form": form, "stages": stages}, stage=stage, status=422 if form.is_bound else 200)


def _address(desk: VariantDesk, key: str) -> str:
    return f"library/{CONDITIONS}{desk.condition}:{key}"


def _table(desk: VariantDesk, *, own: bool) -> dict[str, object]:
    """The texts of the condition as one table."""
    entries = desk.own if own else desk.shipped
    table: dict[str, object] = {}
    for place in OF_CONDITION:
        value = entries.get(_address(desk, place.name))
        table = with_english({**table, place.name: value}, place, english_of({place.name: value}, place)) if value else table
    return table
