"""Packs: parts of the library out as a file, and a file of another clinic beside the edition in force."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from protocols.editions.queries import library_in_force, names_in_force
from protocols.packs.actions import export_pack, import_pack
from protocols.packs.difference import difference_of, subject_name
from protocols.packs.format import Pack
from protocols.packs.forms import ExportForm, TakeForm, UploadForm, sealed
from protocols.packs.permissions import EXPORTERS, can_import_pack
from protocols.packs.queries import has_own
from protocols.presentation.words import upper_first
from protocols.states import VariantState
from protocols.variants.queries import variants_of
from protocols.views.common import library_page


# Out ----------------------------------------------------------------------------------------------------------------------------
@roles_allowed(*EXPORTERS)
@require_http_methods(["GET", "POST"])
def export(request: StaffRequest) -> HttpResponse:
    """What can be written as a file; sent, the file."""
    form = ExportForm(request.POST if request.method == "POST" else None, clinic=request.clinic)
    if form.is_bound and form.is_valid():
        try:
            return _file(export_pack(wanted=form.wanted(), actor=request.actor))
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
    return _page(request, form, UploadForm(), status=422 if form.is_bound else 200)


def _file(pack: Pack) -> HttpResponse:
    name = f"tactus-{slugify(pack.name.replace('.', '-'))[:60] or 'pack'}-{pack.sum[:8]}.json"
    response = HttpResponse(pack.as_bytes(), content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def _page(request: StaffRequest, form: ExportForm, upload: UploadForm, *, status: int) -> HttpResponse:
    chosen = request.POST if form.is_bound else request.GET
    context = {
        "form": form,
        "upload": upload,
        "can_import": can_import_pack(request.actor),
        "has_own": has_own(request.clinic),
        "variants": variants_of(request.clinic).exclude(state=VariantState.DISCARDED),
        "chosen_variant": chosen.get("variant", ""),
        "chosen": {key: set(chosen.getlist(key)) for key in ("conditions", "rules")},
        "conditions": form.named,
        "rules": _rules(request),
    }
    return library_page(request, "packs", "packs/packs", context, status=status)


def _rules(request: StaffRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """The rules by their groups: name of the group, then code and title of each."""
    names = names_in_force(request.clinic)
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in library_in_force(request.clinic).rules.values():
        group = upper_first(names.label("rule-group", rule.group))
        found.setdefault(group, []).append((rule.code, names.of("rules", rule.code, "title")))
    return list(found.items())


# In -----------------------------------------------------------------------------------------------------------------------------
@roles_allowed(Role.CLINICAL_LEAD)
@require_http_methods(["GET", "POST"])
def bring_in(request: StaffRequest) -> HttpResponse:
    """The form for a file; sent, the pack beside the edition in force. Nothing is kept."""
    is_sent = request.method == "POST"
    upload = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if not upload.is_bound or not upload.is_valid():
        return library_page(request, "packs", "packs/bring", {"upload": upload}, status=422 if is_sent else 200)
    pack: Pack = upload.cleaned_data["pack"]
    difference = difference_of(pack, request.clinic)
    context: dict[str, Any] = {
        "pack": pack,
        "difference": difference,
        "seal": sealed(pack, difference.takes, request.actor) if difference.takes else "",
        "review_by": date.fromisoformat(pack.review_by) if pack.review_by else None,
    }
    return library_page(request, "packs", "packs/difference", context)


@roles_allowed(Role.CLINICAL_LEAD)
@require_POST
def take(request: StaffRequest) -> HttpResponse:
    """Drafts of the chosen parts."""
    form = TakeForm(request.POST, actor=request.actor)
    if not form.is_valid():
        messages.error(request, form.first_error())
        return see_other("packs:import")
    try:
        imported = import_pack(brought=form.brought(), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
        return see_other("packs:import")
    names = names_in_force(request.clinic)
    for subject, why in imported.refused:
        messages.warning(request, f"{subject_name(subject, names)}: {why}")
    count = len(imported.drafts)
    if count:
        words = ngettext("%(count)s draft was made.", "%(count)s drafts were made.", count) % {"count": count}
        messages.success(request, f"{words} {_('Nothing counts before a doctor has signed it.')}")
    return see_other("variants:variant", imported.drafts[0].pk) if count == 1 else see_other("variants:list")
