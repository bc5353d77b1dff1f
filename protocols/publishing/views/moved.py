"""What another edition changed of the same entries as a draft: shown to the lead, who then keeps the draft or changes it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from protocols.editions.addresses import entries_of
from protocols.editions.content import EditionContent
from protocols.editions.queries import content_of, edition_in_force, names_in_force
from protocols.models import Variant
from protocols.presentation.changed import changes_in_words
from protocols.publishing.actions import keep_mine
from protocols.variants.changes import changes_of, moved_on
from protocols.variants.queries import variant_or_404
from protocols.views.common import library_page


@roles_allowed(Role.CLINICAL_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: StaffRequest, pk: int) -> HttpResponse:
    """For each entry that two changed: what the other edition made of it, and what the draft would make of that."""
    variant, trouble = variant_or_404(request.clinic, pk), ""
    if request.method == "POST":
        sent = request.POST.get("version", "")
        try:
            keep_mine(variant=variant, version=int(sent) if sent.isdecimal() and len(sent) < 10 else -1, actor=request.actor)
        except ActionDenied as denied:
            trouble = denied.sentence
        else:
            messages.success(request, _("The draft stays as it is written, on the edition in force."))
            return see_other("variants:variant", variant.pk)
    context = {"variant": variant, "trouble": trouble, "entries": _entries(variant)}
    return library_page(request, "editions", "publishing/moved", context, status=409 if trouble else 200)


def _entries(variant: Variant) -> list[dict[str, Any]]:
    base, now, names = content_of(variant.base_id), content_of(edition_in_force(variant.clinic)), names_in_force(variant.clinic)
    addresses, changes = moved_on(variant), changes_of(variant)
    mine = {address: changes[address] for address in addresses}
    theirs = {each.address: each for each in changes_in_words(_of(base, addresses), _of(now, addresses), names)}
    ours = {each.address: each for each in changes_in_words(_of(now, addresses), mine, names)}
    return [{"theirs": theirs.get(address), "mine": ours.get(address)} for address in addresses]


def _of(content: EditionContent, addresses: tuple[str, ...]) -> dict[str, Any]:
    entries = entries_of(content.parts)
    return {address: entries.get(address) for address in addresses}
