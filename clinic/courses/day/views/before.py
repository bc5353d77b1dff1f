"""The minute before a session: today's questions, what they change, and the start."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.courses import actions, queries
from clinic.courses.adapted import proposal_card
from clinic.courses.day.forms.before import BeforeForm, StartForm
from clinic.courses.day.guard import alike_on, is_about, patient_digest
from clinic.courses.day.queries.before import Before, answers_before, before_of, blocks_of, last_time
from clinic.courses.day.queries.changes import changes_of
from clinic.courses.day.queries.playing import open_start_of, start_or_404
from clinic.courses.forms import refuse
from clinic.courses.models import OVER, Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.starts import stood_in_for
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, note_refused, version_sent
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other, see_other_address
from patients.day import day_questions
from patients.queries import replies_of_day
from patients.views import who
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan


@dataclass(frozen=True, slots=True)
class Minute:
    """One request about a session that is about to begin."""

    request: StaffRequest
    before: Before
    presenter: Presenter
    is_given_today: bool

    @property
    def course(self) -> Course:
        return self.before.course

    def form(self, data: Any = None) -> BeforeForm | None:
        """Today's questions of this session; None where the course is asked none. Raises ``Faults`` as ``answers_before`` does."""
        try:
            actions.check_has_questions(self.course)
        except ActionDenied:
            return None
        library, on = self.presenter.library, today(self.request)
        questions = day_questions(library, answers_before(self.course, library, on=on))
        kept = replies_of_day(self.course.patient, library, on)
        return BeforeForm(data, questions=questions, library=library, names=self.presenter.names, kept=kept)

    def start_form(self, data: Any = None) -> StartForm:
        """What starts it, with a key of its own."""
        on, course = today(self.request), self.course
        whose = stood_in_for(course, self.before.session, on=on, user=self.request.user)
        fresh = {"key": secrets.token_hex(16), "version": course.version}
        return StartForm(data, patient=course.patient, alike=alike_on(course.patient, on), whose=whose, **fresh)

    def page(self, *, form: BeforeForm | None, start: StartForm | None = None, changes: Any = None) -> HttpResponse:
        """The page with what was typed so far."""
        request, course, before, on = self.request, self.course, self.before, today(self.request)
        note_refused(request, course.patient)
        blocks = blocks_of(course, self.presenter, on=on, is_given_today=self.is_given_today)
        context = {
            **who(request, course.patient),
            "course": course,
            "before": before,
            "condition_name": self.presenter.condition(course),
            "stage_name": self.presenter.stage(course),
            "last": last_time(before.last, self.presenter),
            "proposal": proposal_card(course, on),
            "blocks": blocks,
            "besides": tuple(block for block in blocks if not block.is_question),
            "form": form,
            "start": start or self.start_form(),
            "changes": changes,
            "digest": patient_digest(course.patient),
            "version": request.POST.get("version", course.version) if form and form.is_bound else course.version,
            "is_emergency": course.outcome == "emergency" and before.is_asked,
        }
        wrong = bool((form is not None and form.errors and changes is None) or (start is not None and start.errors))
        return render(request, "day/before.html", context, status=422 if wrong else 200)


@roles_allowed(*PLAN)
def before(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """What to know before the session, today's questions, and the start."""
    course = course_seen(request, pk)
    if request.method == "POST" and not is_about(course.patient, request.POST.get("patient", "")):
        return other_patient(request, course)
    minute = _minute(request, course, number)
    if isinstance(minute, HttpResponse):
        return minute
    try:
        form = minute.form(request.POST if request.method == "POST" else None)
    except Faults:
        messages.error(request, _("The record says something else than this course. Correct the course here, or the record."))
        return see_other("courses:edit", pk)
    if form is not None and form.is_bound and form.is_valid() and (reply := _kept(minute, form)) is not None:
        return reply
    return minute.page(form=form)


def _kept(minute: Minute, form: BeforeForm) -> HttpResponse | None:
    """Keeps the answers and plans under them; None where that was refused, which the form then says."""
    request, course = minute.request, minute.course
    try:
        sent = version_sent(request)
        course = actions.answer_day_questions(course=course, replies=form.replies(), on=today(request), version=sent, actor=request.actor)
    except UnsafePlan as refused:
        refuse(form, refused)
        return None
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
        return None
    if course.outcome == "emergency":
        return see_other("day:emergency", course.pk, minute.before.number)
    return see_other_address(reverse("day:before", args=[course.pk, minute.before.number]) + "#start")


@roles_allowed(*PLAN)
@require_POST
def changes(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """What the answers typed so far would change: a fragment where a script asks, else the whole page. Keeps nothing."""
    course = course_seen(request, pk)
    if not is_about(course.patient, request.POST.get("patient", "")):
        return other_patient(request, course)
    minute = _minute(request, course, number)
    if isinstance(minute, HttpResponse):
        return minute
    form = minute.form(request.POST)
    if form is None:
        return see_other("day:before", pk, number)
    try:
        found = changes_of(minute.before, form.replies_so_far(), minute.presenter, on=today(request))
    except (Faults, UnsafePlan) as refused:
        refuse(form, refused) if isinstance(refused, UnsafePlan) else form.add_error(None, _("These answers make no plan yet."))
        found = None
    if request.htmx:
        note_refused(request, course.patient)
        return render(request, "day/_changes.html", {"changes": found, "course": course, "number": number})
    return minute.page(form=form, changes=found)


@roles_allowed(*PLAN)
@require_POST
def start(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Begins the session; whoever presses twice, or on a second device, comes to the same player."""
    course = queries.course_or_404(request.clinic, pk)
    if not is_about(course.patient, request.POST.get("patient", "")):
        return other_patient(request, course)
    minute = _minute(request, course, number)
    if isinstance(minute, HttpResponse):
        return minute
    form = minute.start_form(request.POST)
    if form.is_valid():
        try:
            begun = actions.start_session(
                course=course, number=number, on=today(request), now=timezone.now(), actor=request.actor, **form.pressed()
            )
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            return see_other("day:player", begun.pk)
    course.refresh_from_db()
    return minute.page(form=_unbound(minute), start=form)


def _unbound(minute: Minute) -> BeforeForm | None:
    try:
        return minute.form()
    except Faults:
        return None


@roles_allowed(*PLAN)
@require_POST
def start_taken_back(request: StaffRequest, pk: int) -> HttpResponse:
    """A start by mistake: the session is to come again."""
    begun = start_or_404(request.clinic, pk)
    course, number = begun.session.course, begun.session.number
    try:
        actions.take_back_start(start=begun, note=words_sent(request, "note"), now=timezone.now(), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
        return see_other("day:player", pk) if begun.closed_at is None else see_other("courses:detail", course.pk)
    messages.success(request, _("The start is taken back: session %(number)s is to come.") % {"number": number})
    return see_other("day:before", course.pk, number)


def _minute(request: StaffRequest, course: Course, number: int) -> Minute | HttpResponse:
    """The session that comes next, or where to go instead: to the player, to the session whose turn it is, to the course."""
    if (begun := open_start_of(course)) is not None:
        return see_other("day:player", begun.pk)
    presenter = presenter_of(course)
    coming = before_of(course, presenter, on=today(request))
    if coming is None or course.state in (*OVER, CourseState.DISCARDED):
        messages.info(request, _("This course has no session left."))
        return see_other("courses:detail", course.pk)
    if coming.number != number:
        return see_other("day:before", course.pk, coming.number)
    is_given_today = coming.last is not None and coming.last.given_on >= today(request)
    return Minute(request, coming, presenter, is_given_today)


def other_patient(request: StaffRequest, course: Course) -> HttpResponse:
    """A form that was made for somebody else, or before the patient's name or birth date was corrected: nothing is done."""
    note_refused(request, course.patient)
    context: Mapping[str, object] = {**who(request, course.patient), "course": course}
    return render(request, "day/other_patient.html", context, status=409)
