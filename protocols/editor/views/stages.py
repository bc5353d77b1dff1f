"""One stage of a variant: its limits, its dose, its course, what it forbids, what it uses, and whether it is massaged at all."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from protocols.editor import rows, texts
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm
from protocols.editor.forms.rows import ForbidForm, ListsForm, PressureAtForm
from protocols.editor.forms.texts import BarForm
from protocols.editor.forms.values import ValuesForm
from protocols.editor.forms.whole import MoveForm
from protocols.editor.permissions import READ, WRITE
from protocols.editor.value_words import level_words
from protocols.editor.values import GROUPS, with_origins
from protocols.editor.views.common import at, obey, stage_desk_or_404, variant_page
from protocols.presentation.changed.values import Said

REMOVABLE: Final = {"forbid": "forbid", "place": "pressure_max_at"}


@roles_allowed(*READ)
@require_safe
def stage(request: StaffRequest, pk: int, stage: str) -> HttpResponse:
    """The page of one stage."""
    return stage_page(request, stage_desk_or_404(request, pk, stage), stage)


@roles_allowed(*WRITE)
@require_POST
def save(request: StaffRequest, pk: int, stage: str, section: str) -> HttpResponse:
    """One section of the page is saved, and nothing else."""
    desk = stage_desk_or_404(request, pk, stage)
    if section not in SECTIONS or (desk.stages[stage]["local"] == "barred") != (section == "bring-back"):
        raise Http404
    form = _form(section, desk, stage, request.POST)
    if form.is_valid():
        changes, said = SECTIONS[section](form, desk, stage)
        done = obey(request, desk, form, changes, said=_of_stage(desk, stage, said), back=at("variants:stage", pk, stage, anchor=section))
        if done:
            return done
    return stage_page(request, desk, stage, bound={section: form}, status=422)


@roles_allowed(*WRITE)
@require_POST
def remove_row(request: StaffRequest, pk: int, stage: str, section: str, number: int) -> HttpResponse:
    """A row that the clinic added is taken back."""
    desk = stage_desk_or_404(request, pk, stage)
    key, form = REMOVABLE.get(section), MoveForm(request.POST, version=desk.variant.version)
    if key is None or desk.stages[stage]["local"] == "barred":
        raise Http404
    if form.is_valid():
        own, shipped = desk.stages[stage], desk.shipped_stage(stage)
        changed = rows.without_row(own, key, number, shipped)
        said = _of_stage(desk, stage, _("a row taken back")) if changed != own else ""
        back = at("variants:stage", pk, stage, anchor=section)
        if done := obey(request, desk, form, {desk.stage_address(stage): with_origins(changed, shipped)}, said=said, back=back):
            return done
    return stage_page(request, desk, stage, bound={"refused": form}, status=422)


def stage_page(
    request: StaffRequest, desk: VariantDesk, stage: str, *, bound: Mapping[str, VersionedForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page; ``bound`` are the forms that were refused, by their section."""
    own, bound = desk.stages[stage], bound or {}
    shipped = desk.shipped_stage(stage)
    context: dict[str, Any] = {"own": own, "is_barred": own["local"] == "barred", "ships_barred": shipped["local"] == "barred"}
    sections = ("bring-back",) if context["is_barred"] else tuple(section for section in SECTIONS if section != "bring-back")
    forms = {section.replace("-", "_"): bound.get(section) or _form(section, desk, stage, None) for section in sections}
    said = Said(desk.reader.names)
    context |= {"forms": forms, "refused": bound.get("refused"), "move": MoveForm(version=desk.variant.version, place="row")}
    context["forbid_rows"] = [(said.forbidden(row), rows.ships(row, "forbid", shipped)) for row in rows.rows_of(own, "forbid")]
    context["places"] = [
        (desk.reader.zone(row["zone"]), level_words(row["level"]), rows.ships(row, "pressure_max_at", shipped))
        for row in rows.rows_of(own, "pressure_max_at")
    ]
    return variant_page(request, desk, "stage", context, stage=stage, status=status)


def _form(section: str, desk: VariantDesk, stage: str, data: Any) -> VersionedForm:
    own, shipped, version = desk.stages[stage], desk.shipped_stage(stage), desk.variant.version
    if section in GROUPS:
        per_unit = desk.reader.library.course.capacity.minutes_per_unit
        return ValuesForm(data, group=section, own=own, shipped=shipped, version=version, minutes_per_unit=per_unit)
    if section == "forbid":
        return ForbidForm(data, desk=desk)
    if section == "place":
        return PressureAtForm(data, desk=desk, stage=own)
    if section == "lists":
        return ListsForm(data, desk=desk, own=own, shipped=shipped)
    return BarForm(data, version=version) if section == "bar" else MoveForm(data, version=version, place="bring-back")


def _of_stage(desk: VariantDesk, stage: str, said: str) -> str:
    return f"{desk.stage_name(stage)}: {said}" if said else ""


# What each section makes of a valid form: the changes, and how the history calls them ---------------------------------------------
Made = tuple[dict[str, Any], str]


def _kept(desk: VariantDesk, stage: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    return {desk.stage_address(stage): with_origins(changed, desk.shipped_stage(stage))}


def _values(form: Any, desk: VariantDesk, stage: str) -> Made:
    return _kept(desk, stage, form.stage()), form.said()


def _forbid(form: Any, desk: VariantDesk, stage: str) -> Made:
    row = form.row()
    said = _("forbidden besides: %(what)s") % {"what": Said(desk.reader.names).forbidden(row)}
    return _kept(desk, stage, rows.with_row(desk.stages[stage], "forbid", row)), said


def _place(form: Any, desk: VariantDesk, stage: str) -> Made:
    zone, level = form.cleaned_data["zone"], form.cleaned_data["level"]
    said = f"{desk.reader.zone(zone)}: {level_words(level)}"
    return _kept(desk, stage, rows.with_level(desk.stages[stage], zone, level)), said


def _lists(form: Any, desk: VariantDesk, stage: str) -> Made:
    changed, changes = form.stage(), {}
    words = texts.stage_words(desk.words, stage)
    if changed["supplements"] != desk.stages[stage]["supplements"] and "supplement_notes" in texts.stage_words(desk.shipped_words, stage):
        changes = {desk.words_address: texts.with_stage_words(desk.words, stage, _with_notes(desk, stage, words, changed))}
    return {**_kept(desk, stage, changed), **changes}, _("positions, supplements and document")


def _with_notes(desk: VariantDesk, stage: str, words: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The translation with the notes of the supplements that are left."""
    shipped = desk.shipped_stage(stage)["supplements"]
    notes = dict(
        zip((row["supplement"] for row in shipped), texts.stage_words(desk.shipped_words, stage)["supplement_notes"], strict=False)
    )
    left = [notes.get(row["supplement"], "") for row in changed["supplements"]]
    rest = {key: value for key, value in words.items() if key != "supplement_notes"}
    return {**rest, "supplement_notes": left} if any(left) else rest


def _bar(form: Any, desk: VariantDesk, stage: str) -> Made:
    own = texts.barred(desk.stages[stage], **form.words("en"))
    words = texts.barred_words(texts.stage_words(desk.words, stage), **form.words("ru"))
    changes = {desk.stage_address(stage): own, desk.words_address: texts.with_stage_words(desk.words, stage, words)}
    return changes, _("not massaged any more")


def _bring_back(_form: Any, desk: VariantDesk, stage: str) -> Made:
    entry, said = desk.in_force[desk.stage_address(stage)], desk.words_in_force
    if entry["local"] == "barred":
        entry, said = desk.shipped_stage(stage), desk.shipped_words
    words = texts.with_stage_words(desk.words, stage, texts.stage_words(said, stage))
    return {desk.stage_address(stage): entry, desk.words_address: words}, _("massaged again")


SECTIONS: Final[Mapping[str, Callable[[Any, VariantDesk, str], Made]]] = {
    "limits": _values,
    "dose": _values,
    "course": _values,
    "place": _place,
    "forbid": _forbid,
    "lists": _lists,
    "bar": _bar,
    "bring-back": _bring_back,
}
