"""The steps of a stage: a table with a form for each, and one for a new step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from protocols.editor import steps as made
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm
from protocols.editor.forms.steps import StepForm
from protocols.editor.forms.whole import MoveForm
from protocols.editor.permissions import READ, WRITE
from protocols.editor.step_rows import step_rows
from protocols.editor.values import with_origins
from protocols.editor.views.common import at, obey, stage_desk_or_404, variant_page
from protocols.presentation.changed.values import Said

MOVES = {"up": -1, "down": 1}
NEW = -1


@roles_allowed(*READ)
@require_safe
def steps(request: StaffRequest, pk: int, stage: str) -> HttpResponse:
    """The page of the steps."""
    return steps_page(request, _treated(request, pk, stage), stage)


@roles_allowed(*WRITE)
@require_POST
def add(request: StaffRequest, pk: int, stage: str) -> HttpResponse:
    """A new step, at the end of its part."""
    desk = _treated(request, pk, stage)
    form = StepForm(request.POST, desk=desk, stage=desk.stages[stage], step=None, place="new")
    if form.is_valid():
        row = {key: value for key, value in form.changes().items() if value is not None}
        said = _("step added – %(step)s") % {"step": Said(desk.reader.names).step(row)}
        if done := _keep(request, desk, stage, form, Changed(made.with_step(desk.stages[stage], row), said, "new-step")):
            return done
    return steps_page(request, desk, stage, bound={NEW: form}, status=422)


@roles_allowed(*WRITE)
@require_POST
def change(request: StaffRequest, pk: int, stage: str, number: int) -> HttpResponse:
    """A step is changed; ``number`` counts from 1."""
    desk = _treated(request, pk, stage)
    own, place = desk.stages[stage], number - 1
    form = StepForm(request.POST, desk=desk, stage=own, step=_step(own, place), place=f"step-{number}")
    if form.is_valid():
        changed = made.with_changed_step(own, place, form.changes())
        said = f"{Said(desk.reader.names).step(own['steps'][place])} → {Said(desk.reader.names).step(changed['steps'][place])}"
        if done := _keep(request, desk, stage, form, Changed(changed, said if changed != dict(own) else "", f"step-{number}")):
            return done
    return steps_page(request, desk, stage, bound={place: form}, status=422)


@roles_allowed(*WRITE)
@require_POST
def move(request: StaffRequest, pk: int, stage: str, number: int, way: str) -> HttpResponse:
    """A step goes one place up or down, or out."""
    desk = _treated(request, pk, stage)
    own, place = desk.stages[stage], number - 1
    form, what = MoveForm(request.POST, version=desk.variant.version), Said(desk.reader.names).step(_step(own, place))
    if form.is_valid():
        if way == "out":
            changed, said, anchor = made.without_step(own, place), _("step taken out – %(step)s") % {"step": what}, "steps"
        else:
            changed, said = made.moved_step(own, place, MOVES[way]), _("another order – %(step)s") % {"step": what}
            anchor = f"step-{max(1, min(number + MOVES[way], len(own['steps'])))}"
        if done := _keep(request, desk, stage, form, Changed(changed, said if changed != dict(own) else "", anchor)):
            return done
    return steps_page(request, desk, stage, refused=form, status=422)


def steps_page(
    request: StaffRequest,
    desk: VariantDesk,
    stage: str,
    *,
    bound: Mapping[int, VersionedForm] | None = None,
    refused: VersionedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; ``bound`` are the forms that were refused, by the place of their step."""
    own, bound = desk.stages[stage], bound or {}
    context: dict[str, Any] = {
        "rows": step_rows(desk, stage, bound, _opened(request)),
        "new": bound.get(NEW) or StepForm(desk=desk, stage=own, step=None, place="new"),
        "is_adding": NEW in bound,
        "move": MoveForm(version=desk.variant.version, place="step"),
        "refused": refused,
    }
    return variant_page(request, desk, "steps", context, stage=stage, status=status)


def _opened(request: StaffRequest) -> int:
    """The place of the step that the address asks to change; none by default."""
    text = request.GET.get("change", "")
    return int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 4 else NEW


def _treated(request: StaffRequest, pk: int, stage: str) -> VariantDesk:
    desk = stage_desk_or_404(request, pk, stage)
    if desk.stages[stage]["local"] == "barred":
        raise Http404
    return desk


def _step(own: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    try:
        return made.step_at(own, place)
    except made.NoSuchStep:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a stage becomes, how the history calls it ("" where nothing changed), and where on the page it stands."""

    stage: Mapping[str, Any]
    said: str
    anchor: str


def _keep(request: StaffRequest, desk: VariantDesk, stage: str, form: VersionedForm, made_of: Changed) -> HttpResponse | None:
    changed, said, anchor = made_of.stage, made_of.said, made_of.anchor
    whole = with_origins(made.with_shares(changed, desk.profiles), desk.shipped_stage(stage))
    said = f"{desk.stage_name(stage)}: {said}" if said else ""
    return obey(
        request, desk, form, {desk.stage_address(stage): whole}, said=said, back=at("variants:steps", desk.variant.pk, stage, anchor=anchor)
    )
