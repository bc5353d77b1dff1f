"""Today's questions of a course."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.courses import actions
from clinic.courses.forms import DayForm, refuse
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of
from clinic.courses.planning import answers_for_the_day
from clinic.courses.presentation import Presenter
from clinic.courses.views.common import course_seen, note_refused, refuse_stale, version_for_page, version_sent
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.day import day_questions
from patients.queries import replies_of_day
from patients.views import who
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan


@roles_allowed(*PLAN)
def day_questions_page(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    library = library_of(course)
    wanted = actions.request_of(course)
    try:
        answers = answers_for_the_day(course.patient, wanted, library, on=today(request))
    except Faults:
        messages.error(request, _("The record says something else than this course. Correct the course here, or the record."))
        return see_other("courses:edit", pk)
    names, kept = names_of(course), replies_of_day(course.patient, library, today(request))
    form = DayForm(request.POST or None, questions=day_questions(library, answers), library=library, names=names, kept=kept)
    if form.is_bound and form.is_valid():
        try:
            sent = version_sent(request)
            actions.answer_day_questions(course=course, replies=form.replies(), on=today(request), version=sent, actor=request.actor)
        except UnsafePlan as refused:
            refuse(form, refused)
        except actions.StaleCourse as stale:
            refuse_stale(form, stale)
        else:
            messages.success(request, _("Today's answers are kept and the sessions to come are planned under them."))
            return see_other("courses:detail", pk)
    note_refused(request, course.patient)
    presenter, version = Presenter(library, names), version_for_page(request, course, form)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    context = {**who(request, course.patient), **named, "form": form, "course": course, "version": version}
    return render(request, "courses/today.html", context, status=422 if form.errors else 200)
