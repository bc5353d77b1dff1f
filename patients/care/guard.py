"""The one place that every address passes before a view: what a record says about health is for those in care, or who said why.

A page is *of the record* when only those who treat may open it. What an administrator or an auditor may open says nothing about health,
so it is the same in care and outside of it; that no page breaks this is held by tests/trust/test_what_administrators_see.py. The guard
therefore needs no list of pages that somebody could forget to extend: it reads the roles that each view declares. It only has to know
to whom the number in an address leads, and refuses a page of the record whose address it cannot follow.
"""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from clinic.staff.access import access_of
from clinic.staff.middleware import noted, refusal
from clinic.staff.permissions import Actor, View
from clinic.staff.requests import StaffRequest
from clinic.web.trouble import typed_context
from clinic.web.typed_in import came_from, typed_in
from patients.care.relation import OutsideCare, PlainWay, Standing, by_role, may_open_record, standing_to
from patients.models import Patient
from patients.permissions import TREAT

logger = logging.getLogger(__name__)

OF_THE_RECORD: Final = frozenset(TREAT)
# Addresses of the library: their numbers are variants, which are about nobody.
ABOUT_NOBODY: Final = ("library/",)
FIRST_NUMBER: Final = re.compile(r"(?P<beginning>[^<]*)<int:(?P<name>\w+)>")

# From a number in an address to one column with the patient's number; None where what has that number is about nobody.
Way = Callable[[int], QuerySet[Any, Any] | None]
_ways: dict[str, Way] = {}


def register_way(beginning: str, way: Way) -> None:
    """``beginning`` stands before the number in the pattern of the address, such as "courses/". Called once, when an app is ready."""
    _ways[beginning] = way


def by_path(model: type[Model], path: str) -> Way:
    """The way from the number of a row along foreign keys."""
    return lambda number: model._default_manager.order_by().filter(pk=number).values(path)


def asks_first(way: Way) -> Way:
    """Declares that the way reads something before it is known, so that it cannot be part of the question about the patient."""
    way.asks_first = True  # type: ignore[attr-defined]  # read below
    return way


def to_the_kept_record(number: int) -> QuerySet[Any, Any]:
    """The way from a patient's number: a second record of somebody leads to the one that was kept."""
    return Patient.objects.order_by().filter(pk=number).values(kept=Coalesce("merged_into", "pk"))


def opens_outside_care(view: View) -> View:
    """Declares that a page of the record is reached from outside of care: the one on which the record is opened with a reason."""
    view.opens_outside_care = True  # type: ignore[attr-defined]  # read by the guard
    return view


def is_of_the_record(access: Iterable[str] | None) -> bool:
    """Whether a page that opens for these roles tells about health: only those who treat may open it."""
    return bool(access) and frozenset(access or ()) <= OF_THE_RECORD


def way_in(route: str) -> tuple[bool, Way | None]:
    """Whether a pattern of an address is known to the guard, and the way from its number to the patient, if there is one."""
    if "<" not in route or route.startswith(ABOUT_NOBODY):
        return True, None
    first = FIRST_NUMBER.match(route)
    way = _ways.get(first["beginning"]) if first else None
    return way is not None, way


def may_open(request: StaffRequest, patient: Patient) -> bool:
    """Whether whoever asks may read what the record of the patient says about health; asked of the database once for a page."""
    standing: Standing | None = getattr(request, "care", None)
    return standing.may_open if standing and standing.patient == patient.pk else may_open_record(request.actor, patient)


def outside_page(request: HttpRequest, patient: int) -> HttpResponse:
    """403 that says why, and how to go on. It names nobody; what was typed into a form stays on it, beside the way to open the record."""
    wanted = request.get_full_path() if request.method == "GET" else came_from(request)
    context = {"pk": patient, "wanted": wanted, **typed_context(request, typed_in(request))}
    return render(request, "care/outside.html", context, status=403)


class CareMiddleware:
    """Comes after who is asking is known. ``request.care`` is how that person stands to the patient of the page, where that is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.care = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuses a page of the record to whoever is outside of its patient's care. At most two queries, mostly one."""
        access = access_of(view, request.resolver_match.view_name)
        if request.actor is None or access is None:
            return None
        is_known, way = way_in(request.resolver_match.route)
        if is_of_the_record(access) and not is_known:
            logger.error("view %s is of the record, and its address leads to nobody: refused", request.resolver_match.view_name)
            return refusal(request, _("Nobody may open this page."))
        if way is None or by_role(request.actor) is not None:
            return None
        request.care = SimpleLazyObject(lambda: _standing(request, way))
        if not is_of_the_record(access) or getattr(view, "opens_outside_care", False):
            return None
        return self.refused(request)

    def refused(self, request: Any) -> HttpResponseBase | None:
        """The page that says why; None for whoever may go on, and where there is no such patient, which the view answers."""
        if not request.care or request.care.may_open:
            return None
        noted(request, 403)
        return outside_page(request, request.care.patient)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same page for an action that asks for itself."""
        if isinstance(exception, OutsideCare):
            noted(request, 403)
            return outside_page(request, exception.patient)
        return None


def _standing(request: Any, way: Way) -> Standing | None:
    first = FIRST_NUMBER.match(request.resolver_match.route)
    return standing_by(request.actor, way, request.resolver_match.kwargs[first["name"]]) if first else None


def standing_by(actor: Actor, way: Way, number: int) -> Standing | None:
    """How the actor stands to the patient to whom a number in an address leads; None where it leads to nobody of this clinic."""
    if not getattr(way, "asks_first", False):
        return standing_to(actor, number, way=cast("PlainWay", way))
    found = way(number)
    return None if found is None else standing_to(actor, number, way=lambda _number: found, is_prepared=False)
