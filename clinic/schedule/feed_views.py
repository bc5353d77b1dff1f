"""Subscribed calendars: the one public address, and the pages where it is made, renewed and taken back."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen
from clinic.schedule.actions import feeds as actions
from clinic.schedule.feeds import calendar_file, fingerprint_of
from clinic.schedule.models import Feed
from clinic.schedule.permissions import BOOK
from clinic.schedule.queries.feeds import bookings_of_feed, feed_behind, feeds_of_patient, feeds_of_user
from clinic.staff.models import Role
from clinic.staff.permissions import public, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other
from patients.models import Patient
from patients.queries import patient_or_404
from patients.views import kept_only, patient_seen, who

TREAT: Final = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)


class ShowsForm(forms.Form):
    """What a therapist's calendar says of a session."""

    shows = forms.ChoiceField(
        label=gettext_lazy("What the calendar shows"),
        choices=(
            ("initials", gettext_lazy("The patient's initials and the room")),
            ("busy", gettext_lazy("Only “Busy”")),
        ),
        initial="initials",
        widget=forms.RadioSelect,
    )


# Everybody with an address -----------------------------------------------------------------------------------------------------
@public
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind an address; one and the same 404 for every address that opens nothing."""
    feed = feed_behind(token)
    if feed is None:
        return opens_nothing()
    today, person = feed.clinic.today(), feed.user or feed.patient
    bookings = list(bookings_of_feed(feed, today=today))
    if request.method == "GET":
        actions.note_read(feed=feed, shown=bookings)
    with override(person.language if person else feed.clinic.language):
        etag = f'"{fingerprint_of(feed, bookings, today=today)}"'
        response = get_conditional_response(request, etag=etag)
        if response is None:
            body = calendar_file(feed, bookings, today=today)
            response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"], response["X-Robots-Tag"] = etag, "noindex"
    if not request.user.is_authenticated:
        response["Cache-Control"] = "private, no-cache"  # kept by the calendar, and asked for again each time
    return response


def opens_nothing() -> HttpResponse:
    """One sentence without a page around it: the same bytes for an address that never was and for one that is over."""
    return HttpResponseNotFound(_("This address opens nothing."), content_type="text/plain; charset=utf-8")


# A therapist's own -------------------------------------------------------------------------------------------------------------
@roles_allowed(*TREAT)
def mine(request: StaffRequest) -> HttpResponse:
    """One's own calendar address: made or renewed here, and shown once."""
    form, address = ShowsForm(request.POST or None), ""
    if form.is_bound and form.is_valid():
        shows_initials = form.cleaned_data["shows"] == "initials"
        address = made_once(request, "feeds:mine", (), lambda: actions.make_own_feed(shows_initials=shows_initials, actor=request.actor))
        if not address:
            return see_other("feeds:mine")
    feed = feeds_of_user(request.user, request.clinic).first()
    if feed and not form.is_bound:
        form = ShowsForm(initial={"shows": "initials" if feed.shows_initials else "busy"})
    context = {"form": form, "feed": feed, **shown(address)}
    return render(request, "schedule/feed_mine.html", context, status=422 if form.errors else 200)


@roles_allowed(*TREAT)
@require_POST
def mine_end(request: StaffRequest) -> HttpResponse:
    actions.revoke_own_feed(actor=request.actor)
    messages.info(request, _("The address is ended: it opens nothing any more."))
    return see_other("feeds:mine")


# A patient's -------------------------------------------------------------------------------------------------------------------
@roles_allowed(*BOOK)
def of_patient(request: StaffRequest, pk: int) -> HttpResponse:
    """A patient's calendar address, to be handed over: made or renewed here, and shown once."""
    patient, address = patient_seen(request, pk), ""
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
        address = made_once(request, "feeds:patient", (pk,), lambda: actions.make_patient_feed(patient=patient, actor=request.actor))
        if not address:
            return see_other("feeds:patient", pk)
    if patient.restricted_on:
        return kept_only(request, patient)
    context = {**who(request, patient), "feed": feeds_of_patient(patient).first(), **shown(address)}
    return render(request, "schedule/feed_patient.html", context)


@roles_allowed(*BOOK)
@require_POST
def of_patient_end(request: StaffRequest, pk: int) -> HttpResponse:
    patient: Patient = patient_or_404(request.clinic, pk)
    actions.revoke_patient_feed(patient=patient, actor=request.actor)
    messages.info(request, _("The address is ended: it opens nothing any more."))
    return see_other("feeds:patient", pk)


def made_once(request: StaffRequest, name: str, args: tuple[int, ...], make: Callable[[], tuple[Feed, str]]) -> str:
    """The address of a new calendar; empty, with a sentence, where this very form has made one already."""
    made: list[str] = []

    def keep() -> str:
        _feed, token = make()
        made.append(request.build_absolute_uri(reverse("feeds:calendar", args=[token])))
        return reverse(name, args=args)

    try:
        if not made_before(request):
            once(request, keep)
    except SentDifferently:
        made.clear()
    if not made:
        messages.info(request, _("This address was made a moment ago. It is shown only once: make a new one if it was not copied."))
    return made[0] if made else ""


def shown(address: str) -> dict[str, Any]:
    """An address for a page: as it is, and so that a device opens its calendar with it."""
    return {"address": address, "webcal": "webcal" + address[address.find(":") :] if address else ""}
