"""The next course of a patient on one page: as last time, with its dates; and what stands there once it is kept."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clinic.courses import queries
from clinic.courses.again.actions.planning import NextCourse, book_again, plan_again
from clinic.courses.again.page import offer_lines, page_of
from clinic.courses.again.queries.basis import basis_of, offers_of
from clinic.courses.again.sketch import Dating, Sketch
from clinic.courses.calendar.actions import hold_dates
from clinic.courses.forms import refuse
from clinic.courses.gates import is_therapeutic
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.sign_off_gates import submitting_hindrances
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, note_refused
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import made_before, once
from clinic.web.once import token_sent
from clinic.web.replies import see_other, see_other_address
from patients.views import patient_seen, who
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan

BOOK, SAVE, STUDIO = "book", "save", "studio"  # what a button says; any other one only shows what comes of it


@roles_allowed(*PLAN)
def plan_next(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything as last time, to be changed, kept and booked."""
    patient = patient_seen(request, pk)
    if address := made_before(request):
        return see_other_address(address)
    asked = {name: request.GET.get(name, "")[:60] for name in ("condition", "stage")}
    library = library_in_force(request.clinic)
    basis = basis_of(patient, library, today(request), **asked)
    if basis is None:
        note_refused(request, patient)
        return render(
            request,
            "again/nothing.html",
            {
                **who(request, patient),
                "offers": offer_lines(offers_of(patient, library, today(request)), names_in_force(request.clinic)),
            },
        )
    try:
        sketch = Sketch(basis, request.POST if request.method == "POST" else None, now=timezone.now(), usual_therapist=_me(request))
    except Faults:
        messages.error(request, _("An answer in the record no longer fits. Take the intake again before you plan."))
        return see_other("patients:detail", pk)
    if request.POST.get("do") in (BOOK, SAVE, STUDIO) and (reply := _obeyed(request, sketch)) is not None:
        return reply
    note_refused(request, patient)
    is_wrong = sketch.has_errors or request.POST.get("do") in (BOOK, SAVE, STUDIO)
    return render(request, "again/plan.html", {**who(request, patient), **page_of(sketch)}, status=422 if is_wrong else 200)


def _me(request: StaffRequest) -> int | None:
    """Whoever plans, if that is a therapist."""
    return request.user.pk if request.actor is not None and request.actor.has_role(Role.THERAPIST) else None


def _obeyed(request: StaffRequest, sketch: Sketch) -> HttpResponse | None:
    """Keeps what the page says and goes on; None where it is refused, which the form then says."""
    form, do = sketch.form, request.POST["do"]
    if sketch.faults and form.is_valid():
        refuse(form, Faults(sketch.faults))
    if not form.is_valid() or not sketch.day.is_valid() or sketch.wanted is None or sketch.made is None:
        return None
    if do == BOOK and (sentence := _why_not_booked(sketch.dating)):
        form.add_error(None, sentence)
        return None
    try:
        return see_other_address(once(request, lambda: _kept(request, sketch, do)))
    except (Faults, UnsafePlan) as refused:
        refuse(form, refused)
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
    return None


def _why_not_booked(dating: Dating | None) -> str:
    """Why the dates on the page cannot be booked as they stand; empty where they can."""
    if dating is None or not dating.slots:
        return _("There are no dates to book. Change the first day or who gives it, or save without dates.")
    if dating.is_anew:
        return _("What you changed needs other dates: they are proposed anew below. Look at them, then save once more.")
    if dating.has_two_on_a_day:
        return _("Two of the dates are on one day. Sessions are given one a day: choose another day for one of them.")
    return ""


def _kept(request: StaffRequest, sketch: Sketch, do: str) -> str:
    """Keeps the course and books its dates, where that is wanted; where to go then."""
    assert sketch.wanted is not None  # noqa: S101  # asked before
    number = sketch.form.therapist_chosen()
    therapist = queries.therapists_of(request.clinic).filter(pk=number).first() if number else None
    asked = NextCourse(sketch.wanted, sketch.day.replies(), therapist)
    course = plan_again(patient=sketch.basis.patient, asked=asked, on=today(request), actor=request.actor)
    if do == STUDIO:
        messages.success(request, _("The plan is kept as a draft. Nothing has been booked."))
        return reverse("studio:plan", args=[course.pk])
    if do == SAVE or sketch.dating is None:
        messages.success(request, _("The course is kept. Nothing has been booked."))
        return reverse("again:saved", args=[course.pk])
    return _booked(request, course, sketch.dating)


def _booked(request: StaffRequest, course: Course, dating: Dating) -> str:
    """Books the dates of the page. Where one is gone meanwhile, the course stays kept and other dates are held at once."""
    token = token_sent(request) or uuid4().hex
    try:
        booked = book_again(course=course, pattern=dating.pattern, slots=dating.slots, token=token, now=timezone.now(), actor=request.actor)
    except ActionDenied as denied:
        sentence = _("The course is kept, but none of its dates is booked: %(why)s") % {"why": denied.sentence}
        messages.warning(request, f"{sentence} {_('Other dates are proposed here.')}")
        return _proposed_anew(request, course, dating, uuid4().hex)
    said = ngettext("The course is kept and %(count)s date is booked.", "The course is kept and %(count)s dates are booked.", len(booked))
    messages.success(request, said % {"count": len(booked)})
    return reverse("again:saved", args=[course.pk])


def _proposed_anew(request: StaffRequest, course: Course, dating: Dating, token: str) -> str:
    try:
        held = hold_dates(course=course, pattern=dating.pattern, token=token, now=timezone.now(), actor=request.actor)
    except ActionDenied:  # the page of the wishes says why
        return reverse("calendar:propose", args=[course.pk])
    return reverse("calendar:held", args=[course.pk, held.key]) if held.key else reverse("calendar:propose", args=[course.pk])


# Kept ---------------------------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
@require_safe
def saved(request: StaffRequest, pk: int) -> HttpResponse:
    """What was kept and booked, and the one thing to do next."""
    course = course_seen(request, pk)
    presenter = presenter_of(course)
    dated = queries.dated_sessions(course)
    is_sent = course.state == CourseState.DRAFT and is_therapeutic(course)
    ways = submitting_hindrances(course) if is_sent else ()
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "dated": dated,
        "undated": course.session_count - len(dated),
        "way": ways[0] if ways else None,
        "needs_signature": is_sent,
        "referral_missing": is_sent and course.referral_id is None,
        "is_open": bool(ways) and ways[0].code == "day",
    }
    return render(request, "again/saved.html", context)
