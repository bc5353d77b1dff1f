"""What the pages of the library share: where one is among them, the edition, and where the reviews stand."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.staff.models import Role
from clinic.staff.requests import StaffRequest, today
from protocols.editions.queries import library_in_force
from protocols.permissions import can_review
from protocols.presentation.search import LONGEST_QUERY
from protocols.queries import Judgement, Key, judgements, overdue_for_review
from protocols.reviewing import entries_in_force

Entry = TypeVar("Entry")

SECTIONS: Final[Mapping[str, Promise | str]] = {
    "overview": _("Overview"),
    "conditions": _("Conditions"),
    "rules": _("Rules"),
    "techniques": _("Techniques"),
    "zones": _("Zones"),
    "supplements": _("Supplements"),
    "measures": _("Measures"),
    "documents": _("Documents"),
    "sources": _("Sources"),
    "review": _("Review"),
    "variants": _("Our variants"),
    "editions": _("Editions"),
    "packs": _("Packs"),
}
# Sections whose pages stand in packages of their own, and whose they are; all others are in this one, for everybody.
ELSEWHERE: Final[Mapping[str, str]] = {"variants": "variants:list", "editions": "publishing:editions", "packs": "packs:export"}
FOR_ROLES: Final[Mapping[str, frozenset[str]]] = {
    "variants": frozenset({Role.CLINICAL_LEAD.value, Role.DOCTOR.value}),
    "packs": frozenset({Role.CLINICAL_LEAD.value, Role.DOCTOR.value}),
}


def library_page(request: StaffRequest, section: str, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the library with its head: the sections, the edition, where the reviews stand.

    ``template`` is one of ``templates/protocols``, or ``FOLDER/NAME`` of another folder.
    """
    library = library_in_force(request.clinic)
    shared = {
        "section": section,
        "section_name": SECTIONS[section],
        "section_url": address_of(section),
        "sections": tabs(request, section),
        "edition": library.edition,
        "digest": library.digest,
        "judgements": context.get("judgements") or judged(request),
        "can_review": can_review(request.actor),
        "query": query_of(request),
        "overdue": overdue_for_review(request.clinic, today(request)),
    }
    path = template if "/" in template else f"protocols/{template}"
    return render(request, f"{path}.html", shared | dict(context), status=status)


def judged(request: StaffRequest) -> Mapping[Key, Judgement]:
    """Where the reviews stand at this clinic. One query; a view that needs it too hands it on in its context."""
    return judgements(request.clinic, entries_in_force(request.clinic).values())


def tabs(request: StaffRequest, current: str) -> list[dict[str, Any]]:
    """The sections that this person has, as links."""
    open_to = (name for name in SECTIONS if name not in FOR_ROLES or not FOR_ROLES[name].isdisjoint(request.roles))
    return [{"label": SECTIONS[name], "url": url, "is_current": name == current} for name in open_to if (url := address_of(name))]


def address_of(section: str) -> str:
    """The first page of a section; "" for one that this installation does not have."""
    try:
        return reverse(ELSEWHERE.get(section, f"library:{section}"))
    except NoReverseMatch:
        return ""


def query_of(request: StaffRequest) -> str:
    """What the person looks for."""
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


def entry_or_404(table: Mapping[str, Entry], code: str) -> Entry:
    """The entry of the library with this code."""
    if (found := table.get(code)) is None:
        raise Http404
    return found
