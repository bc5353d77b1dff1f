"""The review of the library: the list with its states, and one entry with its history."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.staff.permissions import ActionDenied, every_role_allowed, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.sending import made_before, once
from clinic.web.replies import see_other_address
from protocols import queries
from protocols.actions import review_entry
from protocols.forms import ReviewForm
from protocols.permissions import REVIEW
from protocols.presentation.reader import page_reader
from protocols.presentation.reviews import ReviewRow, progress, progress_by_band, review_row, review_sections, state_mark
from protocols.presentation.words import KIND_NAMES, said
from protocols.reviewing import KINDS, ReviewEntry, entries_in_force
from protocols.states import ReviewState
from protocols.views.common import judged, library_page

ON_A_PAGE: Final = 60


@every_role_allowed
@require_safe
def review(request: StaffRequest) -> HttpResponse:
    entries = tuple(entries_in_force(request.clinic).values())
    judgements = judged(request)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    of_kind = [entry for entry in entries if kind in ("", entry.kind)]
    shown = [(entry, judgements[entry.key]) for entry in of_kind if state in ("", judgements[entry.key].state)]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "judgements": judgements,
        "whole": progress(_("Reviewed"), entries, judgements),
        "bands": progress_by_band(entries, judgements),
        "states": state_filters(Counter(judgements[entry.key].state for entry in of_kind)),
        "kinds": [(each, said(KIND_NAMES, each)) for each in KINDS],
        "page": page,
        "page_query": urlencode({"state": state, "kind": kind}) + "&",
        "review_sections": review_sections(tuple(page), page_reader(request.clinic)),
    }
    return library_page(request, "review", "review", context | {"state": state, "kind": kind})


def state_filters(count: "Counter[ReviewState]") -> list[dict[str, Any]]:
    """The states that the list can be narrowed to, with how many entries are in each."""
    return [{"code": "", "word": _("All"), "count": sum(count.values())}] + [
        {"code": str(state), "word": state.label, "count": count[state]} for state in ReviewState
    ]


@every_role_allowed
@require_safe
def review_of_entry(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    return entry_page(request, listed_or_404(request, kind, code), None)


@roles_allowed(*REVIEW)
@require_POST
def change_review(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    entry, form = listed_or_404(request, kind, code), ReviewForm(request.POST)
    if address := made_before(request):
        return see_other_address(address)
    if form.is_valid():
        try:
            address = once(request, lambda: change(entry, form, request))
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The review is kept."))
            return see_other_address(address)
    return entry_page(request, entry, form)


def change(entry: ReviewEntry, form: ReviewForm, request: StaffRequest) -> str:
    """Keeps the judgement and gives the address of the entry's review."""
    data = form.cleaned_data
    review_entry(entry=entry, state=ReviewState(data["state"]), note=data["note"], seen=form.seen(), actor=request.actor)
    return review_row(entry, queries.judgement(entry, None), page_reader(request.clinic)).url


def listed_or_404(request: StaffRequest, kind: str, code: str) -> ReviewEntry:
    """The entry of the review list with this kind and code."""
    if (found := entries_in_force(request.clinic).get((kind, code))) is None:
        raise Http404
    return found


def next_open(request: StaffRequest, entry: ReviewEntry, stands: Mapping[queries.Key, queries.Judgement]) -> ReviewRow | None:
    """The next entry of the list that nobody has judged, after the last one the first; None where no other is open."""
    entries = entries_in_force(request.clinic)
    keys = list(entries)
    place = keys.index(entry.key)
    coming = (key for key in (*keys[place + 1 :], *keys[:place]) if stands[key].state == ReviewState.OPEN)
    key = next(coming, None)
    return review_row(entries[key], stands[key], page_reader(request.clinic)) if key else None


def entry_page(request: StaffRequest, entry: ReviewEntry, form: ReviewForm | None) -> HttpResponse:
    """One entry with its history and, for who may judge, the form."""
    rows = queries.history(request.clinic, entry.key)
    last = rows[0] if rows else None
    stands = judged(request)
    seen = {"review": last.pk if last else 0, "digest": entry.digest}
    context = {
        "row": review_row(entry, queries.judgement(entry, last), page_reader(request.clinic)),
        "judgements": stands,
        "next_row": next_open(request, entry, stands),
        "history": [(row, state_mark(row.state), row.digest == entry.digest) for row in rows],
        "form": form or ReviewForm(initial=seen),
        "seen": seen,
    }
    return library_page(request, "review", "review_entry", context, status=422 if form else 200)
