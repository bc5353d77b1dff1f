"""One booked session moves, or its date is given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.calendar import actions
from clinic.courses.calendar.actions import Wish
from clinic.courses.calendar.forms.dates import MoveForm, OwnTimeForm, ReleaseForm
from clinic.courses.calendar.move_page import MoveDesk, desk_of
from clinic.courses.calendar.queries.moving import ONLY, change_of
from clinic.courses.calendar.queries.sessions import booking_or_404, counter_of, session_of
from clinic.courses.calendar.reason_words import CAN_BE_SET_ASIDE
from clinic.courses.calendar.slots import read_slot, written
from clinic.courses.calendar.standing import dates_of, movable
from clinic.courses.calendar.views.waiting import tell_of_waiting
from clinic.courses.models import Session
from clinic.courses.permissions import can_plan
from clinic.courses.states import SessionState
from clinic.courses.views.common import note_look, note_refused
from clinic.schedule.models import Booking
from clinic.schedule.permissions import BOOK
from clinic.schedule.proposing.values import Reason, Slot
from clinic.schedule.queries import rules_of
from clinic.schedule.states import BookingReason
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from patients.views import who

OWN = "own"


@dataclass(slots=True)
class Asked:
    """What was sent: the place that is meant, and what speaks against it."""

    form: MoveForm
    own: OwnTimeForm
    slot: Slot | None = None
    against: tuple[Reason, ...] = ()
    is_own: bool = False


@roles_allowed(*BOOK)
def move_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Five best times, a time of one's own with the reason why it is not offered, and what of the later sessions goes with it."""
    booking = booking_or_404(request.clinic, pk)
    note_look(request, booking.patient)
    session = session_of(booking)
    desk = desk_of(session, now=timezone.now()) if session else None
    if session is None or desk is None:
        messages.info(request, _("Only a booked session whose time has not come yet can be moved."))
        return see_other("calendar:booking", pk)
    asked = _asked(request, desk, booking)
    if asked.form.is_bound and asked.form.is_valid() and request.POST.get("do") == "save" and asked.slot:
        way = asked.form.cleaned_data["way"] or ONLY
        was_shown = way == ONLY or request.POST.get("shown") == _shown(way, asked.slot)
        if was_shown and (answer := _saved(request, session, booking, asked)):
            return answer
    note_refused(request, booking.patient)
    return _move_page(request, session, desk, asked)


def _asked(request: StaffRequest, desk: MoveDesk, booking: Booking) -> Asked:
    """The place that the form names: one of those offered, or one's own."""
    start = {"day": booking.day, "clock": booking.clock, "therapist": booking.therapist_id}
    data = request.POST or None
    asked = Asked(
        MoveForm(data, initial={"reason": BookingReason.PATIENT_WISH, "way": ONLY}),
        OwnTimeForm(None, therapists=desk.names.therapists, prefix=OWN, initial=start),
    )
    if request.method == "GET" and "day" in request.GET:  # a tile was dropped there
        return _looked_at(asked, desk, {f"{OWN}-{name}": request.GET.get(name, "") for name in asked.own.fields})
    if not asked.form.is_bound or not asked.form.is_valid():
        return asked
    sent = asked.form.cleaned_data["slot"]
    if sent == OWN or request.POST.get("do") == "ask":
        return _looked_at(asked, desk, request.POST)
    asked.slot = read_slot(sent)
    return asked


def _looked_at(asked: Asked, desk: MoveDesk, data: Mapping[str, Any]) -> Asked:
    """A time of one's own: whether it is free, and what speaks against it."""
    asked.is_own, asked.own = True, OwnTimeForm(data, therapists=desk.names.therapists, prefix=OWN)
    if asked.own.is_valid():
        asked.slot, asked.against = desk.find(*asked.own.wanted(), asked.own.cleaned_data["room"])
    return asked


def _saved(request: StaffRequest, session: Session, booking: Booking, asked: Asked) -> HttpResponse | None:
    """Moves, and shows the booking where it is now; None when it was denied, which then stands on the form."""
    said = asked.form.cleaned_data
    wish = Wish(asked.slot, said["reason"], said["way"] or ONLY, said["note"], said["anyway"])  # type: ignore[arg-type]  # asked before
    try:
        moved = actions.move_session(course=session.course, booking=booking, wish=wish, now=timezone.now(), actor=request.actor)
    except ActionDenied as denied:
        asked.form.add_error(None, denied.sentence)
        return None
    words = ngettext("%(count)s session is moved.", "%(count)s sessions are moved.", len(moved)) % {"count": len(moved)}
    messages.success(request, words)
    tell_of_waiting(request)
    return see_other("calendar:booking", booking.pk)


def _move_page(request: StaffRequest, session: Session, desk: MoveDesk, asked: Asked) -> HttpResponse:
    context: dict[str, Any] = {
        **_about(request, session),
        "form": asked.form,
        "own": asked.own,
        "offered": desk.offered(),
        "chosen": OWN if asked.is_own else written(asked.slot) if asked.slot else "",
        "against": desk.words.say_all(asked.against),
        "can_set_aside": bool(asked.against) and all(reason.code in CAN_BE_SET_ASIDE for reason in asked.against),
        "is_asked": asked.is_own and asked.own.is_bound,
        "is_last": desk.number == len(desk.sessions),
        "is_free": asked.is_own and asked.slot is not None and not asked.against,
    }
    if asked.slot and asked.form.is_valid():
        context |= _preview(desk, asked.slot, asked.form.cleaned_data["way"] or ONLY)
    is_refused = asked.form.is_bound and (asked.form.errors or asked.slot is None)
    return render(request, "calendar/move.html", context, status=422 if is_refused else 200)


def _preview(desk: MoveDesk, slot: Slot, way: str) -> dict[str, object]:
    """What would change; nothing where it cannot be, with the reasons."""
    change = change_of(desk.ground, desk.number, slot, way)
    lines = desk.lines(change) if change.slots else ()
    return {"lines": lines, "shown": _shown(way, slot), "cannot": () if change.slots else desk.words.say_all(change.against)}


def _shown(way: str, slot: Slot) -> str:
    return f"{way}.{written(slot)}"


def _about(request: StaffRequest, session: Session) -> dict[str, object]:
    context: dict[str, object] = {"booking": session.booking, "session": session, "course": session.course, "counter": counter_of(session)}
    return {**who(request, session.course.patient), **context, "can_plan": can_plan(request.actor)}


# Given up -------------------------------------------------------------------------------------------------------------------------
@roles_allowed(*BOOK)
def release_page(request: StaffRequest, pk: int) -> HttpResponse:
    """This date, this and all later ones, or all dates of the course are given up, with a reason."""
    booking = booking_or_404(request.clinic, pk)
    note_look(request, booking.patient)
    session = session_of(booking)
    dates = movable(dates_of(session.course), timezone.now()) if session else ()
    if session is None or session not in dates:
        messages.info(request, _("Only a booked session whose time has not come yet can be given up."))
        return see_other("calendar:booking", pk)
    at = dates.index(session)
    form = ReleaseForm(request.POST or None, choices=_which(at, len(dates)))
    if form.is_bound and form.is_valid() and (answer := _released(request, session, dates, form)):
        return answer
    note_refused(request, booking.patient)
    context = _about(request, session) | {"form": form, "is_late": 0 if at else _is_late(session, booking)}
    return render(request, "calendar/release.html", context, status=422 if form.errors else 200)


def _which(at: int, count: int) -> list[tuple[str, str]]:
    """What can be given up, where this is the one ``at`` that place (from 0) of so many dates to come."""
    rest = count - at - 1
    choices = [("one", _("Only this date"))]
    if rest:
        choices.append(("rest", ngettext("This date and the later one", "This date and the %(count)s later ones", rest) % {"count": rest}))
    if at:
        every = ngettext("The only date to come", "All %(count)s dates to come", count) % {"count": count}
        choices.append(("all", every))
    return choices


def _released(request: StaffRequest, session: Session, dates: Sequence[Session], form: ReleaseForm) -> HttpResponse | None:
    at, which = dates.index(session), form.cleaned_data["which"]
    chosen = {"one": dates[at : at + 1], "rest": dates[at:], "all": dates}[which]
    bookings = [each.booking for each in chosen if each.booking]
    said = {"reason": form.cleaned_data["reason"], "note": form.cleaned_data["note"]}
    try:
        gone = actions.release_sessions(course=session.course, bookings=bookings, **said, actor=request.actor)
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
        return None
    words = ngettext("%(count)s date is given up.", "%(count)s dates are given up.", len(gone)) % {"count": len(gone)}
    messages.success(request, f"{words} {_('The sessions kept their order: those without a date are the last ones.')}")
    tell_of_waiting(request)
    return see_other("calendar:propose", session.course_id)


def _is_late(session: Session, booking: Booking) -> int:
    """The hours from which a cancellation of the next date is late, where this is one and could be written down; else 0."""
    if session.state != SessionState.BOOKED or session.course.state != "running":
        return 0
    hours = rules_of(session.course.clinic).late_cancellation_hours
    left = booking.starts_at - timezone.now()
    return hours if left.total_seconds() <= hours * 3600 else 0
