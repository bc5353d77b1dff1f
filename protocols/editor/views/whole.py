"""Variants as wholes: the list, one variant, its history, and the way from draft to doctor."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import made_before, once
from clinic.web.replies import see_other, see_other_address
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm
from protocols.editor.forms.whole import BeginForm, MoveForm, SubmitForm
from protocols.editor.lists import begin_offers, list_rows
from protocols.editor.overview import changed_lines, history_rows, moved_lines, stage_rows
from protocols.editor.permissions import READ, WRITE
from protocols.editor.views.common import desk_or_404, variant_page
from protocols.models import Variant
from protocols.variants.actions import (
    begin_variant,
    bring_back_variant,
    discard_variant,
    restore_version,
    submit_variant,
    withdraw_variant,
)
from protocols.variants.permissions import can_change_library
from protocols.views.common import library_page


@roles_allowed(*READ)
@require_safe
def variants(request: StaffRequest) -> HttpResponse:
    """Every variant of the clinic, and what a new one may be about."""
    return list_page(request, None)


@roles_allowed(*WRITE)
@require_POST
def begin(request: StaffRequest) -> HttpResponse:
    """A new draft; the same form a second time leads to the same draft."""
    form = BeginForm(request.POST)
    if address := made_before(request):
        return see_other_address(address)
    if form.is_valid():
        data = form.cleaned_data
        try:
            return see_other_address(once(request, lambda: _begun(request, data["subject"], data["title"])))
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
    return list_page(request, form)


def _begun(request: StaffRequest, subject: str, title: str) -> str:
    variant = begin_variant(subject=subject, title=title, actor=request.actor)
    return reverse("variants:variant", args=[variant.pk])


def list_page(request: StaffRequest, form: BeginForm | None) -> HttpResponse:
    """The list; ``form`` is one that was refused."""
    rows = list_rows(request.clinic)
    context = {
        "rows": rows,
        "offers": begin_offers(request.clinic),
        "form": form or BeginForm(initial={"subject": request.GET.get("of", "")}),
        "is_lead": can_change_library(request.actor),
    }
    return library_page(request, "variants", "variants/list", context, status=422 if form else 200)


@roles_allowed(*READ)
@require_safe
def variant(request: StaffRequest, pk: int) -> HttpResponse:
    """One variant as a whole."""
    return overview_page(request, desk_or_404(request, pk))


def overview_page(request: StaffRequest, desk: VariantDesk, *, refused: VersionedForm | None = None, status: int = 200) -> HttpResponse:
    """What it changes, its stages, and what can be done with it."""
    context: dict[str, Any] = {
        "stages": stage_rows(desk),
        "changed": changed_lines(desk),
        "moved": moved_lines(desk),
        "profiles": [(code, desk.reader.names.of("profiles", code)) for code in desk.own_profiles],
        "move": MoveForm(version=desk.variant.version, place="move"),
        "refused": refused,
        "last_move": desk.variant.moves.select_related("by").last(),
    }
    return variant_page(request, desk, "variant", context, status=status)


@roles_allowed(*READ)
@require_safe
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every version with a way back."""
    desk = desk_or_404(request, pk)
    return variant_page(
        request, desk, "history", {"versions": history_rows(desk), "move": MoveForm(version=desk.variant.version, place="back")}
    )


@roles_allowed(*WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """Sent to the doctor, with the reason and the day of the next look."""
    desk = desk_or_404(request, pk)
    form = SubmitForm(request.POST if request.method == "POST" else None, version=desk.variant.version, today=today(request))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            submit_variant(variant=desk.variant, note=data["note"], review_by=data["review_by"], version=form.seen(), actor=request.actor)
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The variant lies with the doctor now."))
            return see_other("variants:variant", pk)
    return variant_page(request, desk, "submit", {"form": form, "changed": changed_lines(desk)}, status=422 if form.is_bound else 200)


@roles_allowed(*WRITE)
@require_POST
def move(request: StaffRequest, pk: int, way: str) -> HttpResponse:
    """One press: undo or back to a version, discard, bring back, take back from the doctor."""
    desk, form = desk_or_404(request, pk), MoveForm(request.POST, version=1)
    if form.is_valid():
        try:
            sentence = WAYS[way](request, desk.variant, form)
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, sentence)
            back = request.POST.get("back", "")
            return see_other_address(back) if _is_of(desk.variant, back) else see_other("variants:variant", pk)
    return overview_page(request, desk_or_404(request, pk), refused=form, status=422)


def _is_of(variant: Variant, address: str) -> bool:
    """Whether an address is a page of this variant: nothing else is gone back to."""
    return address.startswith(reverse("variants:variant", args=[variant.pk])) and "//" not in address


def _restore(request: StaffRequest, variant: Variant, form: MoveForm) -> str:
    number = form.cleaned_data["number"] or 0
    restore_version(variant=variant, number=number, version=form.seen(), actor=request.actor)
    return _("The variant is as it was at version %(number)s.") % {"number": number}


def _discard(request: StaffRequest, variant: Variant, form: MoveForm) -> str:
    discard_variant(variant=variant, version=form.seen(), actor=request.actor)
    return _("The variant is discarded. It can be brought back.")


def _bring_back(request: StaffRequest, variant: Variant, form: MoveForm) -> str:
    bring_back_variant(variant=variant, version=form.seen(), actor=request.actor)
    return _("The variant is a draft again.")


def _withdraw(request: StaffRequest, variant: Variant, form: MoveForm) -> str:
    withdraw_variant(variant=variant, version=form.seen(), actor=request.actor)
    return _("The variant is taken back from the doctor and is a draft again.")


WAYS = {"restore": _restore, "discard": _discard, "bring-back": _bring_back, "withdraw": _withdraw}
