"""What the pages of a variant share: the variant with its panel, and how a form is obeyed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.staff.permissions import ActionDenied
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other_address
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm
from protocols.editor.forms.whole import MoveForm
from protocols.editor.panel import panel_of
from protocols.models import VariantVersion
from protocols.states import VariantState
from protocols.variants.actions import StaleVariant, change_variant
from protocols.variants.permissions import can_change_library
from protocols.variants.queries import variant_or_404, versions_of
from protocols.views.common import library_page


def desk_or_404(request: StaffRequest, pk: int) -> VariantDesk:
    """The variant of this clinic with everything that its forms read. Raises ``Http404``."""
    return VariantDesk(variant_or_404(request.clinic, pk))


def stage_desk_or_404(request: StaffRequest, pk: int, stage: str) -> VariantDesk:
    """The same, of a condition that has this stage. Raises ``Http404``."""
    desk = desk_or_404(request, pk)
    if not desk.condition or stage not in desk.stages:
        raise Http404
    return desk


def variant_page(
    request: StaffRequest, desk: VariantDesk, template: str, context: Mapping[str, Any], *, stage: str = "", status: int = 200
) -> HttpResponse:
    """A page of one variant with its head and its panel; ``stage`` where it is about one stage."""
    variant = desk.variant
    may_change = can_change_library(request.actor) and variant.state == VariantState.DRAFT
    shared = {
        "desk": desk,
        "variant": variant,
        "subject_name": subject_name(desk),
        "panel": panel_of(desk, stage),
        "may_change": may_change,
        "is_lead": can_change_library(request.actor),
        "undo": undo_of(desk) if may_change else None,
        "part": {"profile": "profiles"}.get(template, template),
        "stage": stage,
        "stage_name": desk.stage_name(stage) if stage else "",
    }
    return library_page(request, "variants", f"variants/{template}", shared | dict(context), status=status)


def subject_name(desk: VariantDesk) -> str:
    """What a variant is about, in the language of the page."""
    if desk.condition:
        return desk.reader.names.of("conditions", desk.condition)
    return {"contraindications": _("Contraindications"), "course-rules": _("Rules of a course")}[desk.variant.subject]


def undo_of(desk: VariantDesk) -> tuple[VariantVersion, MoveForm] | None:
    """The last change and the button that takes it back; None where nothing was changed yet."""
    versions = versions_of(desk.variant)[:2]
    if len(versions) < 2:
        return None
    last, before = versions
    return last, MoveForm(version=desk.variant.version, place="undo", initial={"number": before.version})


def obey(
    request: StaffRequest, desk: VariantDesk, form: VersionedForm, changes: Mapping[str, Any], *, said: str, back: str
) -> HttpResponse | None:
    """Keeps these changes and goes back to where the form stands; None where it was refused, which the form then says."""
    try:
        change_variant(variant=desk.variant, changes=changes, said=said, version=form.seen(), actor=request.actor)
    except ActionDenied as refused:
        form.add_error(None, refused.sentence)
        if isinstance(refused, StaleVariant) and form.may_come_again:
            _offer_again(form, desk)
        return None
    messages.success(request, _("Saved: %(what)s.") % {"what": said} if said else _("Nothing was changed."))
    return see_other_address(back)


def _offer_again(form: VersionedForm, desk: VariantDesk) -> None:
    """Says what somebody else changed last; what was typed here counts when it is sent once more."""
    last = versions_of(desk.variant)[0]
    said = _("Changed last by %(name)s: %(what)s. Save once more, and what stands here counts.")
    form.add_error(None, said % {"name": last.by.full_name, "what": last.said or "–"})
    form.renew(desk.variant.version)


def at(name: str, *args: object, anchor: str) -> str:
    """The address of a place on a page."""
    return f"{reverse(name, args=args)}#{anchor}"
