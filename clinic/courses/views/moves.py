"""Pages and buttons that move a course: to the doctor and back, paused and on again, ended, handed over; and lost sessions."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.courses import actions, queries
from clinic.courses.models import Course
from clinic.courses.move_forms import ENDING, LostForm, NoteForm, PauseForm, QuestionForm, ReasonForm, TherapistForm
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.views.common import course_seen, gone_words, note_refused, version_sent
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other
from patients.views import who


@dataclass(frozen=True, slots=True)
class MovePage:
    """The words of a page that is one small form: its title, its button, what stands beside it, and what is said when it is done."""

    title: str
    button: str
    beside: str
    done: str


def _form_page(request: StaffRequest, course: Course, form: forms.Form, words: MovePage, obey: Callable[[int], object]) -> HttpResponse:
    """Shows the form, or does what it says and goes back to the course. A refusal stands on the form, with everything typed."""
    if form.is_bound and form.is_valid():
        try:
            obey(version_sent(request))
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, words.done)
            return see_other("courses:detail", course.pk)
    note_refused(request, course.patient)
    presenter = presenter_of(course)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    version = request.POST.get("version", course.version)
    context = {**who(request, course.patient), **named, "course": course, "form": form, "words": words, "version": version}
    return render(request, "courses/move.html", context, status=422 if form.errors else 200)


def _button(request: StaffRequest, pk: int, obey: Callable[[Course, int], object], done: str) -> HttpResponse:
    """Does what a button says and goes back to the course; a refusal is said there."""
    course = queries.course_or_404(request.clinic, pk)
    obey(course, version_sent(request))
    messages.success(request, done)
    return see_other("courses:detail", pk)


# To the doctor and back -------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
@require_POST
def submit_course(request: StaffRequest, pk: int) -> HttpResponse:
    question, on = words_sent(request, "question"), today(request)
    return _button(
        request,
        pk,
        lambda course, version: actions.submit_course(course=course, question=question, on=on, version=version, actor=request.actor),
        _("The plan is with the doctor."),
    )


@roles_allowed(*PLAN)
@require_POST
def withdraw_submission(request: StaffRequest, pk: int) -> HttpResponse:
    return _button(
        request,
        pk,
        lambda course, version: actions.withdraw_submission(course=course, on=today(request), version=version, actor=request.actor),
        _("The plan is back."),
    )


@roles_allowed(*PLAN)
def ask_doctor(request: StaffRequest, pk: int) -> HttpResponse:
    course, form = course_seen(request, pk), QuestionForm(request.POST or None)
    words = MovePage(
        _("Ask the doctor"),
        _("Send the question"),
        _("The course goes on meanwhile, unless the doctor stops it."),
        _("The doctor is asked."),
    )
    return _form_page(
        request, course, form, words,
        lambda _version: actions.ask_doctor(course=course, question=form.cleaned_data["question"], actor=request.actor),
    )  # fmt: skip


# Stopped and on again ---------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
def pause_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    form = PauseForm(request.POST or None, dates=len(queries.future_bookings(course)))
    words = MovePage(
        _("Pause the course"), _("Pause it"), _("Nothing is given until somebody lets the course go on again."), _("The course is paused.")
    )
    return _form_page(
        request, course, form, words,
        lambda version: actions.pause_course(
            course=course, why=form.why(), gives_dates_up=form.cleaned_data.get("gives_dates_up", False), on=today(request),
            version=version, actor=request.actor,
        ),
    )  # fmt: skip


@roles_allowed(*PLAN)
@require_POST
def resume_course(request: StaffRequest, pk: int) -> HttpResponse:
    return _button(
        request,
        pk,
        lambda course, version: actions.resume_course(course=course, on=today(request), version=version, actor=request.actor),
        _("The course goes on. Ask today's questions before the next session."),
    )


@roles_allowed(*PLAN)
def end_course(request: StaffRequest, pk: int) -> HttpResponse:
    course, form = course_seen(request, pk), ReasonForm(request.POST or None, reasons=ENDING)
    gone = gone_words(len(queries.future_bookings(course)))
    stays = _("What was given stays in the record. A course that was ended does not go on: plan a new one.")
    words = MovePage(
        _("End the course early"),
        _("End it"),
        f"{stays} {gone}".strip(),
        f"{_('The course is ended.')} {gone}".strip(),
    )
    return _form_page(
        request, course, form, words,
        lambda version: actions.end_course(course=course, why=form.why(), on=today(request), version=version, actor=request.actor),
    )  # fmt: skip


@roles_allowed(*PLAN)
def transfer_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    form = TherapistForm(request.POST or None, clinic=request.clinic, but=course.therapist_id)
    booked = len(queries.future_bookings(course))
    stay = _("The dates that are booked stay with whom they are booked. Move them in the calendar where that should change.")
    words = MovePage(
        _("Hand the course over"),
        _("Hand it over"),
        " ".join([_("The plan and its signature stay as they are."), *([stay] if booked else [])]),
        " ".join([_("The course is handed over."), *([stay] if booked else [])]),
    )
    return _form_page(
        request, course, form, words,
        lambda version: actions.transfer_course(
            course=course, therapist=form.cleaned_data["therapist"], note=form.cleaned_data["note"], version=version, actor=request.actor
        ),
    )  # fmt: skip


# Sessions that were lost --------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
def lose_session(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    course = course_seen(request, pk)
    queries.session_or_404(course, number)
    form = LostForm(request.POST or None)
    words = MovePage(
        _("Session %(number)s was not given") % {"number": number},
        _("Keep it"),
        _("The session stays in the plan and can be given on another day."),
        _("It is written down that session %(number)s was not given.") % {"number": number},
    )
    return _form_page(
        request, course, form, words,
        lambda version: actions.lose_session(
            course=course, number=number, lost=form.lost(), on=today(request), version=version, actor=request.actor
        ),
    )  # fmt: skip


@roles_allowed(*PLAN)
def undo_lost_session(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    course = course_seen(request, pk)
    queries.session_or_404(course, number)
    form = NoteForm(request.POST or None)
    words = MovePage(
        _("Session %(number)s is to come again") % {"number": number},
        _("Take it back"),
        _("What was written down stays in the history, with this reason."),
        _("Session %(number)s is to come again.") % {"number": number},
    )
    return _form_page(
        request, course, form, words,
        lambda version: actions.undo_lost_session(
            course=course, number=number, note=form.cleaned_data["note"], on=today(request), version=version, actor=request.actor
        ),
    )  # fmt: skip
