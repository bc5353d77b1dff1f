"""The waiting list: who waits, what fell free for whom, what is offered, and the answers."""

from datetime import time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen
from clinic.courses.calendar.actions.offers import (
    OfferIsOver,
    accept_offer,
    carry_on,
    decline_offer,
    give_up_waiting,
    offer_place,
    withdraw_offer,
)
from clinic.courses.calendar.actions.waiting import wait_for_place, withdraw_waiting
from clinic.courses.calendar.asked import asked_for
from clinic.courses.calendar.forms.waiting import WaitingForm, read_place
from clinic.courses.calendar.queries import waiting as queries
from clinic.courses.calendar.standing import dates_of, why_no_dates
from clinic.courses.calendar.views.common import note_named
from clinic.courses.calendar.waiting import FreePlace
from clinic.courses.calendar.waiting_page import left_words, offer_rows, place_rows, waiting_rows
from clinic.courses.models import Course, Offer, Waiting
from clinic.courses.queries import course_or_404
from clinic.courses.views.common import note_look, note_refused
from clinic.schedule.cells import minute_of
from clinic.schedule.permissions import BOOK
from clinic.schedule.proposing.values import CELL_MINUTES
from clinic.schedule.queries import rules_of, therapists_for, wishes_of
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other
from clinic.web.seen import is_stale
from patients.models import MessageConsent
from patients.queries import may_message
from patients.views import who

WEEKS: Final = 4  # for so long somebody waits unless another day is named
ANSWERED: Final = {
    "accepted": gettext_lazy("Accepted"),
    "declined": gettext_lazy("Declined"),
    "expired": gettext_lazy("No answer in time"),
    "withdrawn": gettext_lazy("Taken back"),
}
GIVING_UP: Final = {"declined": decline_offer, "expired": give_up_waiting, "withdrawn": withdraw_offer}


@roles_allowed(*BOOK)
@require_safe
def waiting_page(request: StaffRequest) -> HttpResponse:
    """What is offered now, what fell free and for whom, and the whole list. ``date``, ``clock`` and ``therapist`` ask for one free time."""
    clinic, now = request.clinic, timezone.now()
    carry_on(now=now, clinic=clinic)
    waitings = list(queries.open_waitings(clinic))
    rows = waiting_rows(waitings, queries.next_sessions(waitings, now=now), today(request))
    offers = offer_rows(list(queries.open_offers(clinic)), now)
    asked = place_asked(request)
    free = [each for each in waitings if not queries.is_offered_one(each)]
    places = [asked] if asked else queries.fallen_free(clinic, now=now)
    fitting = queries.whom_they_fit(places, free, clinic=clinic, now=now) if waitings else ()
    names = {each.pk: each.full_name for each in therapists_for(clinic)}
    note_named(request, {row.waiting.course.patient_id for row in rows})
    context = {"rows": rows, "offers": offers, "places": place_rows(fitting, rows, names), "asked": asked, "on": today(request)}
    return render(request, "calendar/waiting.html", context)


def tell_of_waiting(request: StaffRequest) -> None:
    """After a date was given up or moved: whether the waiting list may have somebody for the place."""
    if queries.open_waitings(request.clinic).exists():
        messages.info(request, _("Somebody waits for an earlier place: the waiting list shows whom the free one fits."))


def place_asked(request: StaffRequest) -> FreePlace | None:
    """A free time that the address names; ``None`` where it names none that can be read."""
    asked = asked_for("day", request.GET, today(request))
    try:
        clock = time.fromisoformat(request.GET.get("clock", ""))
    except ValueError:
        return None
    cells = rules_of(request.clinic).grid_minutes // CELL_MINUTES
    return FreePlace(asked.day, minute_of(clock) // CELL_MINUTES, cells, asked.therapist) if asked.therapist else None


# Who waits ---------------------------------------------------------------------------------------------------------------------
@roles_allowed(*BOOK)
@saved_in_turn
def wait_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts the course on the list, or changes the wishes of one that is on it."""
    course = course_or_404(request.clinic, pk)
    note_look(request, course.patient)
    open_one = queries.open_waiting_of(course)
    people = {each.pk: each for each in therapists_for(request.clinic)}
    form = WaitingForm(request.POST or None, therapists=people, today=today(request), initial=initial_of(course, open_one))
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        try:
            wait_for_place(course=course, wishes=form.wishes(), actor=request.actor)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("%(name)s is on the waiting list.") % {"name": course.patient.full_name})
            return see_other("calendar:waiting")
    note_refused(request, course.patient)
    session = queries.next_session(dates_of(course), timezone.now())
    context = {**who(request, course.patient), "course": course, "form": form, "waiting": open_one, "session": session}
    context["why_none"] = why_no_dates(course) or ("" if session else _("No session of this course is to come."))
    return render(request, "calendar/waiting_new.html", context, status=422 if form.errors else 200)


def initial_of(course: Course, open_one: Waiting | None) -> dict[str, Any]:
    """What the form begins with: the wishes kept on the list, else what the patient generally wishes, from today on for four weeks."""
    first = course.clinic.today()
    days: dict[str, Any] = {"first_on": first, "last_on": first + timedelta(weeks=WEEKS)}
    kept: Any = open_one or wishes_of(course.patient)
    if kept is None:
        return days
    said = {"weekdays": [str(day) for day in kept.weekdays], "earliest": kept.earliest, "latest": kept.latest}
    if open_one:
        days = {"first_on": open_one.first_on, "last_on": open_one.last_on, "note": open_one.note, "therapist": open_one.therapist_id or ""}
    return days | said


@roles_allowed(*BOOK)
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    waiting = queries.waiting_or_404(request.clinic, pk)
    withdraw_waiting(waiting=waiting, actor=request.actor)
    messages.info(request, _("%(name)s is off the waiting list.") % {"name": waiting.course.patient.full_name})
    return see_other("calendar:waiting")


# What is offered ---------------------------------------------------------------------------------------------------------------
@roles_allowed(*BOOK)
@require_POST
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Holds a free place for this one and shows whom to call."""
    waiting = queries.waiting_or_404(request.clinic, pk)
    place = read_place(request.POST.get("place", ""))
    if place is None:
        raise ActionDenied(_("Choose one of the free places."))
    try:
        made = offer_place(waiting=waiting, place=place, now=timezone.now(), actor=request.actor)
    except ActionDenied as denied:
        messages.warning(request, denied.sentence)
        return see_other("calendar:waiting")
    return see_other("calendar:offer", made.pk)


@roles_allowed(*BOOK)
@require_safe
def offer_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Whom to call, what to say, for how long it is held, and the answer. ``part=left`` gives the time alone, which shows nobody."""
    now = timezone.now()
    carry_on(now=now, clinic=request.clinic)
    shown = queries.offer_or_404(request.clinic, pk)
    (row,) = offer_rows([shown], now)
    if request.GET.get("part") == "left":
        return time_left(row.minutes_left, is_open=not shown.answer)
    patient = shown.waiting.course.patient
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient)
    context = {
        **who(request, patient),
        "row": row,
        "offer": shown,
        "answer": ANSWERED.get(shown.answer, ""),
        "now_offered": queries.now_offered(shown),
        "may_be_called": MessageConsent.Channel.PHONE in may_message(patient),
    }
    return render(request, "calendar/offer.html", context)


def time_left(minutes: int, *, is_open: bool) -> HttpResponse:
    """The words of the clock; the whole page is fetched anew when the time is over or somebody has answered."""
    response = HttpResponse(left_words(minutes), content_type="text/plain; charset=utf-8")
    if not is_open:
        response["HX-Refresh"] = "true"
    return response


@roles_allowed(*BOOK)
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer: accepted, declined, or the offer is taken back. After a no the next in line is on the page."""
    given, now, said = queries.offer_or_404(request.clinic, pk), timezone.now(), request.POST.get("answer", "")
    if said not in ("accepted", *GIVING_UP):
        messages.warning(request, _("Choose one of the answers."))
        return see_other("calendar:offer", pk)
    try:
        if said == "accepted":
            booking = accept_offer(offer=given, now=now, actor=request.actor)
            about = {
                "name": given.waiting.course.patient.full_name,
                "day": date_format(booking.day, "l, j F"),
                "time": f"{booking.clock:%H:%M}",
            }
            messages.success(request, _("%(name)s comes on %(day)s at %(time)s. The old place is free.") % about)
            return see_other("calendar:waiting")
        GIVING_UP[said](offer=given, now=now, actor=request.actor)
    except OfferIsOver as over:
        messages.warning(request, over.sentence)
        return see_other("calendar:offer", pk)
    except ActionDenied as denied:
        messages.warning(request, denied.sentence)
        return see_other("calendar:waiting")
    return after_no(request, given)


def after_no(request: StaffRequest, given: Offer) -> HttpResponse:
    """The page of the next in line, if there is one, else the list."""
    carry_on(now=timezone.now(), clinic=request.clinic)
    following = queries.now_offered(given)
    if following is None:
        messages.info(request, _("The place is free again."))
        return see_other("calendar:waiting")
    messages.info(request, _("The place is now offered to the next in line."))
    return see_other("calendar:offer", following.pk)
