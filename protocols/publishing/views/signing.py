"""The page on which a doctor reads a variant and signs it, or sends it back with a question."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.signing.actions import SeenOtherwise
from clinic.signing.ceremony import NotRecent, foreign_form, meaning_sent, open_ceremony, proof_from, reauthenticate
from clinic.signing.models import Meaning
from clinic.signing.reasons import keep_reason, typed_words
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, words_sent
from clinic.web.replies import see_other
from protocols.models import Variant
from protocols.publishing.actions import LONGEST_QUESTION, Word, publish_variant, return_variant
from protocols.publishing.documents import content_of_proposal, proposal_of, subject_words
from protocols.publishing.hindrances import publishing_hindrances
from protocols.states import VariantState
from protocols.variants.checking import check_variant
from protocols.variants.queries import variant_or_404


@roles_allowed(Role.DOCTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_variant(request: StaffRequest, pk: int) -> HttpResponse:
    """Exactly what is signed, and one deliberate act. Asking back has its own button."""
    variant = variant_or_404(request.clinic, pk)
    if variant.state != VariantState.AWAITING:
        messages.info(request, _no_longer_waits(request, variant))
        return see_other("publishing:editions")
    if request.method != "POST":
        return _page(request, variant)
    if meaning_sent(request) != Meaning.APPROVED:
        return _page(request, variant, foreign_form())
    return _word_given(request, variant)


def _no_longer_waits(request: StaffRequest, variant: Variant) -> str:
    """What the second of two clicks is told: that the first one signed."""
    if request.method == "POST" and variant.state == VariantState.PUBLISHED and variant.publication.by == request.user:
        return _published(variant.publication.edition.name)
    return _("This variant does not wait for a signature any more.")


def _published(edition: str) -> str:
    return _("Signed. New plans are made with edition %(edition)s from now on.") % {"edition": edition}


def _word_given(request: StaffRequest, variant: Variant) -> HttpResponse:
    check_variant(variant)  # worked out, and kept in memory, before a row is locked
    try:
        word = Word(request.POST.get("intent", ""), proof_from(request))
        publication = publish_variant(variant=variant, word=word, actor=request.actor)
    except NotRecent:
        keep_reason(request)
        return reauthenticate(request.get_full_path())
    except ActionDenied as denied:  # SeenOtherwise is one: the page shows the document as it is now
        return _page(request, variant, denied.sentence, is_otherwise=isinstance(denied, SeenOtherwise))
    messages.success(request, _published(publication.edition.name))
    return see_other("publishing:edition", publication.edition_id)


@roles_allowed(Role.DOCTOR)
@require_POST
def return_to_lead(request: StaffRequest, pk: int) -> HttpResponse:
    """The variant goes back to the clinical lead with a question."""
    variant = variant_or_404(request.clinic, pk)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else -1  # no version has so many digits
    try:
        return_variant(variant=variant, question=words_sent(request, "question", LONGEST_QUESTION), version=version, actor=request.actor)
    except ActionDenied as denied:
        return _page(request, variant, denied.sentence)
    messages.success(request, _("The variant went back to the clinical lead with your question."))
    return see_other("courses:inbox")


def _page(request: StaffRequest, variant: Variant, trouble: str = "", **more: Any) -> HttpResponse:
    """The page as it is now, with a new intent. After trouble it answers 409 and says what it was."""
    if trouble:
        variant = variant_or_404(request.clinic, variant.pk)
        if variant.state != VariantState.AWAITING:
            messages.warning(request, trouble)
            return see_other("publishing:editions")
    proposal = proposal_of(variant)
    context = {
        "variant": variant,
        "about": subject_words(variant.subject, proposal.names),
        "proposal": proposal,
        "moves": [move for move in variant.moves.select_related("by") if move.note],
        "hindrance": next(publishing_hindrances(variant, request.actor), ""),
        "ceremony": open_ceremony(request, content_of_proposal(proposal)),
        "red": proposal.check.red,
        "green": len(proposal.check.cases) - len(proposal.check.red),
        "trouble": trouble,
        **typed_words(request),
        **more,
    }
    return render(request, "publishing/sign.html", context, status=409 if trouble else 200)
