"""Dates for a course: what is wanted, what is proposed and held, booked with one press."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from clinic.courses.calendar import actions
from clinic.courses.calendar.date_rows import DateRow, minutes_left, pace_words, rows_of, with_others
from clinic.courses.calendar.forms.dates import OwnTimeForm, PatternForm
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.choosing import Ground, Names, ground_of_holds, names_at
from clinic.courses.calendar.queries.holds import booked_under, is_key_of, open_holds
from clinic.courses.calendar.reason_words import ReasonWords
from clinic.courses.calendar.slots import read_slot
from clinic.courses.calendar.standing import CourseDates, dates_of, why_no_dates
from clinic.courses.calendar.wanting import cadence_of, pattern_of
from clinic.courses.models import Course
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.views.common import note_look, note_refused
from clinic.schedule.actions import HoldOver
from clinic.schedule.models import Booking
from clinic.schedule.permissions import BOOK
from clinic.schedule.proposing.values import Slot
from clinic.schedule.queries import therapists_for
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.once import token_sent
from clinic.web.replies import see_other
from patients.care.guard import may_open
from patients.views import who

# What giving up one wish changes in the form that was sent.
GIVEN_UP: Final[Mapping[str, Mapping[str, Any]]] = {
    "hours": {"earliest": None, "latest": None},
    "weekdays": {"weekdays": ()},
    "same-therapist": {"same_therapist": False},
    "therapist": {"therapist": None},
    "last-on": {"finish_by": None},
}


# What is wanted -----------------------------------------------------------------------------------------------------------------
@roles_allowed(*BOOK)
def propose_page(request: StaffRequest, pk: int) -> HttpResponse:
    """The wish, prefilled; sent, it becomes a proposal that is held, or says what stands in the way."""
    course = course_or_404(request.clinic, pk)
    note_look(request, course.patient)
    dates = dates_of(course)
    pattern, people = pattern_of(course, dates), {each.pk: each.full_name for each in therapists_for(request.clinic)}
    form = PatternForm(request.POST or None, pattern=pattern, therapists=people, today=today(request))
    obstacles: list[tuple[str, str]] = []
    can_give_up: tuple[str, ...] = ()
    if form.is_bound and form.is_valid():
        asked = _given_up(form.pattern(), request.POST.get("give-up", ""))
        try:
            held = actions.hold_dates(
                course=course, pattern=asked, token=token_sent(request) or uuid4().hex, now=timezone.now(), actor=request.actor
            )
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            if held.key:
                return see_other("calendar:held", pk, held.key)
            can_give_up = tuple(wish for wish in (*GIVEN_UP, "rhythm") if wish != "last-on" or asked.finish_by)
            obstacles = [(reason.about.get("wish", ""), ReasonWords(people).say(reason)) for reason in held.proposal.obstacles]  # type: ignore[misc]
    note_refused(request, course.patient)
    context = _about(request, course) | {"form": form, "dates": dates, "obstacles": obstacles, "can_give_up": can_give_up}
    status = 422 if form.errors or obstacles else 200
    return render(request, "calendar/dates.html", context | _around(course, dates), status=status)


def _given_up(asked: Pattern, wish: str) -> Pattern:
    if wish == "rhythm":
        return replace(asked, rhythm="own", gap_min=max(asked.gaps(0).min, 1), gap_max=2 * asked.gaps(0).max + 4)
    return replace(asked, **GIVEN_UP.get(wish, {}))


def _around(course: Course, dates: CourseDates) -> dict[str, object]:
    cadence = cadence_of(course)
    return {"why_none": why_no_dates(course), "cadence": cadence, "last_on": course.referral.valid_until if course.referral else None}


def _about(request: StaffRequest, course: Course) -> dict[str, object]:
    """The patient and the course; what it is for, only to those who may open the record."""
    presenter = presenter_of(course)
    reads = may_open(request, course.patient)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)} if reads else {}
    return {**who(request, course.patient), **named, "course": course}


# What is held ---------------------------------------------------------------------------------------------------------------------
@roles_allowed(*BOOK)
def held_page(request: StaffRequest, pk: int, key: str) -> HttpResponse:
    """The table of proposed dates; sent, all of them are booked. Sent twice, it shows what was booked."""
    course = _course_of(request, pk, key)
    if request.method == "POST":
        try:
            booked = actions.confirm_dates(course=course, key=key, actor=request.actor)
        except HoldOver:  # the page says so, and how to go on
            return see_other("calendar:held", pk, key)
        said = ngettext("%(count)s date is booked.", "%(count)s dates are booked.", len(booked)) % {"count": len(booked)}
        messages.success(request, said)
        return see_other("calendar:held", pk, key)
    return _held(request, course, key)


def _course_of(request: StaffRequest, pk: int, key: str) -> Course:
    course = course_or_404(request.clinic, pk)
    if not is_key_of(course, key):
        raise Http404
    note_look(request, course.patient)
    return course


def _held(request: StaffRequest, course: Course, key: str, troubles: Mapping[int, tuple[str, ...]] | None = None) -> HttpResponse:
    """The page of the proposal; what was typed into a row that cannot be had stays there, with the ``troubles`` of that row."""
    now, names = timezone.now(), names_at(request.clinic)
    holds = open_holds(course, key, now)
    context = _about(request, course) | {"key": key, "is_held": bool(holds)}
    if not holds:
        booked = booked_under(course, key)
        context |= {"booked": booked, "is_gone": not booked, "undated": dates_of(course).wanted}
        return render(request, "calendar/dates_booked.html", context)
    ground = ground_of_holds(course, holds, now=now)
    rows = with_others(rows_of(ground, holds, names), ground, names)
    rows = tuple(replace(row, troubles=(troubles or {}).get(row.booking.pk, ())) for row in rows)
    typed = None if "slot" in request.POST else request.POST
    context |= {
        "rows": [(row, _own_time(row, names, typed if row.troubles else None)) for row in rows],
        "pace": pace_words(pattern_of(course, ground.dates), cadence_of(course)),
        "minutes": minutes_left(holds, now),
        "held_until": holds[0].held_until,
    } | _counted(ground, rows)
    return render(request, "calendar/dates_held.html", context, status=422 if troubles else 200)


def _counted(ground: Ground, rows: tuple[DateRow, ...]) -> dict[str, object]:
    without = len(ground.dates.open_ones) - len(rows)
    return {"green": sum(row.is_green for row in rows), "amber": sum(not row.is_green for row in rows), "without": without}


def _own_time(row: DateRow, names: Names, data: QueryDict | None) -> OwnTimeForm:
    start = {"day": row.day, "clock": row.clock, "therapist": row.booking.therapist_id}
    return OwnTimeForm(data, therapists=names.therapists, prefix=f"own-{row.booking.pk}", initial=start)


@roles_allowed(*BOOK)
@require_POST
def change_held(request: StaffRequest, pk: int, key: str, hold: int) -> HttpResponse:
    """Another time for one of the held dates: one of those offered, or one's own."""
    course = _course_of(request, pk, key)
    holds = open_holds(course, key, timezone.now())
    booking = next((each for each in holds if each.pk == hold), None)
    if booking is None:
        return _back(request, course, key)
    slot, troubles = _slot_asked(request, course, holds, booking)
    if slot is not None:
        try:
            actions.change_held_date(course=course, key=key, hold=booking, slot=slot, now=timezone.now(), actor=request.actor)
            return _back(request, course, key)
        except ActionDenied as denied:
            troubles = (denied.sentence,)
    note_refused(request, course.patient)
    return _held(request, course, key, {booking.pk: troubles})


def _slot_asked(request: StaffRequest, course: Course, holds: tuple[Booking, ...], booking: Booking) -> tuple[Slot | None, tuple[str, ...]]:
    """The place that was asked for, or why it cannot be had."""
    ground, names = ground_of_holds(course, holds, now=timezone.now()), names_at(request.clinic)
    number, words = [each.pk for each in holds].index(booking.pk) + 1, ReasonWords(names.therapists)
    if "slot" in request.POST:
        slot = read_slot(request.POST["slot"])
        if slot is None or slot not in {row.slot for row in ground.others_for(number)}:
            return None, (_("This time is not free any more. Choose another one."),)
        return slot, ()
    form = OwnTimeForm(request.POST, therapists=names.therapists, prefix=f"own-{booking.pk}")
    if not form.is_valid():
        return None, tuple(str(error) for errors in form.errors.values() for error in errors)
    day, clock, therapist = form.wanted()
    against = ground.why_not(number, day, clock, therapist)
    slot = None if against else ground.slot_at(day, clock, therapist)
    return slot, words.say_all(against) or (() if slot else (_("Nobody is free at that time."),))


def _back(request: StaffRequest, course: Course, key: str) -> HttpResponse:
    """To the held dates. A part of the page is no answer any more where nothing is held: the whole page is fetched then."""
    if request.htmx and not open_holds(course, key, timezone.now()):
        return HttpResponseClientRedirect(reverse("calendar:held", args=[course.pk, key]))
    return see_other("calendar:held", course.pk, key)


@roles_allowed(*BOOK)
@require_POST
def drop_held(request: StaffRequest, pk: int, key: str, hold: int) -> HttpResponse:
    course = _course_of(request, pk, key)
    booking = next((each for each in open_holds(course, key, timezone.now()) if each.pk == hold), None)
    if booking is not None:
        actions.drop_held_date(course=course, key=key, hold=booking, now=timezone.now(), actor=request.actor)
    return _back(request, course, key)


@roles_allowed(*BOOK)
@require_POST
def hold_longer(request: StaffRequest, pk: int, key: str) -> HttpResponse:
    course = _course_of(request, pk, key)
    if open_holds(course, key, timezone.now()):
        actions.hold_longer(course=course, key=key, now=timezone.now(), actor=request.actor)
    return _back(request, course, key)


@roles_allowed(*BOOK)
@require_POST
def let_go(request: StaffRequest, pk: int, key: str) -> HttpResponse:
    actions.let_dates_go(course=_course_of(request, pk, key), key=key, actor=request.actor)
    messages.info(request, _("Nothing is held any more."))
    return see_other("calendar:propose", pk)
