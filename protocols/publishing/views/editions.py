"""The editions of a clinic: the list, one of them with what it changed, and what a new edition of the release changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.signing.permissions import READERS
from clinic.signing.queries import body_of, stamp_of
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, every_role_allowed, has_role, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from protocols.editions.addresses import changes_between, entries_of
from protocols.editions.content import library_from, shipped_digest
from protocols.editions.queries import EditionLost, content_of, library_in_force, names_in_force, names_of_edition
from protocols.method.names import Names
from protocols.models import Publication
from protocols.presentation.changed import EntryChange, changes_in_words, heading_of, loosenings_in_words
from protocols.publishing.actions import begin_from_edition
from protocols.publishing.bringing import Brought, brought_from, release_news
from protocols.publishing.documents import subject_words
from protocols.publishing.queries import EditionRow, edition_or_404, editions_of
from protocols.variants.permissions import can_change_library, can_publish
from protocols.variants.strictness import Loosening, loosened
from protocols.views.common import library_page

MOST_LISTED = 200  # entries of a release that one page names


@every_role_allowed
@require_safe
def editions(request: StaffRequest) -> HttpResponse:
    """Every edition that this clinic works or has worked with."""
    rows, names = editions_of(request.clinic, today(request)), names_in_force(request.clinic)
    context = {
        "rows": [(row, _change_of(row, names)) for row in rows],
        "counts_courses": any(row.courses for row in rows),
        "has_own": bool(request.clinic.edition_digest),
        "release": _release(request),
        "treats": has_role(request.actor, *READERS),
    }
    return library_page(request, "editions", "publishing/editions", context)


def _change_of(row: EditionRow, names: Names) -> str:
    """What an edition changed, in a line."""
    if row.publication is None:
        return ""
    return f"{subject_words(row.publication.variant.subject, (names,))}: {row.publication.variant.title}"


def _release(request: StaffRequest) -> Any:
    """What the release changed since the clinic made its own editions, for the line that says so."""
    try:
        return release_news(request.clinic)
    except EditionLost:
        return None


# One edition ------------------------------------------------------------------------------------------------------------------
@every_role_allowed
@require_safe
def edition(request: StaffRequest, digest: str) -> HttpResponse:
    """One edition: who signed it, what it changed, and, for the lead, the way back to what it says."""
    row = edition_or_404(request.clinic, digest, today(request))
    try:
        names = names_of_edition(digest, names_in_force(request.clinic).language)
        brought = _brought(request, row)
    except EditionLost:
        names, brought = names_in_force(request.clinic), None
    publication = row.publication
    context = {
        "row": row,
        "publication": publication,
        "stamp": stamp_of(publication.signature) if publication else None,
        "about": subject_words(publication.variant.subject, (names,)) if publication else "",
        "changes": _changes(publication, names) if publication else (),
        "widened": _widened(publication, names) if publication else (),
        "tightened": _tightened(publication, names) if publication else (),
        "brought": [(subject, subject_words(subject, (names,)), len(found)) for subject, found in brought.by_subject.items()]
        if brought
        else (),
        "treats": has_role(request.actor, *READERS),
        "is_shipped": digest == shipped_digest(),
        "may_take_out": can_change_library(request.actor) or can_publish(request.actor),
    }
    return library_page(request, "editions", "publishing/edition", context)


def _brought(request: StaffRequest, row: EditionRow) -> Brought | None:
    """What the lead could bring back of this edition; nothing where it is in force."""
    if row.is_in_force or not can_change_library(request.actor):
        return None
    return brought_from(request.clinic, row.digest)


def _changes(publication: Publication, names: Names) -> tuple[EntryChange, ...]:
    """What this edition has otherwise than the one before, entry by entry."""
    before, after = content_of(publication.before_id), content_of(publication.edition_id)
    changes = changes_between(before.parts, after.parts)
    there = entries_of(before.parts)
    earlier = names_of_edition(publication.before_id, names.language)
    return changes_in_words({address: there.get(address) for address in changes}, changes, names, earlier)


def _widened(publication: Publication, names: Names) -> tuple[str, ...]:
    """What it allows that was not allowed before, as the signed document says it."""
    return _in_words(body_of(publication.signature)["allows_more_than_now"], names)


def _tightened(publication: Publication, names: Names) -> tuple[str, ...]:
    return _in_words(publication.tightened, names)


def _in_words(kept: Iterable[Mapping[str, Any]], names: Names) -> tuple[str, ...]:
    return loosenings_in_words((Loosening(**each) for each in kept), names)


# Back to another edition ----------------------------------------------------------------------------------------------------------
@roles_allowed(Role.CLINICAL_LEAD)
@require_POST
def begin_again(request: StaffRequest, digest: str) -> HttpResponse:
    """A draft that brings one subject of another edition back, to be signed like any other."""
    edition_or_404(request.clinic, digest, today(request))
    released = request.POST.get("released") == "1"
    try:
        variant = begin_from_edition(
            edition=digest, subject=request.POST.get("subject", ""), only_released=released, actor=request.actor
        )  # fmt: skip
    except EditionLost:
        messages.error(request, _("Only the name of this edition was kept: nothing can be made of it."))
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
    else:
        messages.success(request, _("A draft is begun. It counts only when a doctor has signed it."))
        return see_other("variants:variant", variant.pk)
    return see_other("publishing:release") if released else see_other("publishing:edition", digest)


@every_role_allowed
@require_safe
def release(request: StaffRequest) -> HttpResponse:
    """What the software's new edition changed, beside what the clinic changed itself."""
    news, names = _release(request), names_in_force(request.clinic)
    context: dict[str, Any] = {"news": news, "shipped_digest": shipped_digest(), "can_change": can_change_library(request.actor)}
    if news:
        there, now = entries_of(news.shipped.parts), entries_of(news.now.parts)
        both = {address: there.get(address) for address in news.both}
        context |= {
            "looser": loosenings_in_words(loosened(library_from(news.shipped), library_in_force(request.clinic)), names),
            "both": changes_in_words({address: now.get(address) for address in both}, both, names),
            "brought": [(subject, subject_words(subject, (names,)), len(found)) for subject, found in news.brought.by_subject.items()],
            "fixed": [heading_of(address, names) for address in news.brought.fixed[:MOST_LISTED]],
            "fixed_count": len(news.brought.fixed),
        }
    return library_page(request, "editions", "publishing/release", context)
