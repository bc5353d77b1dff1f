"""The pages of courses: choosing condition and stage, planning, reading the plan, printing a session."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen
from clinic.courses import actions, queries
from clinic.courses.card import card_pdf
from clinic.courses.catalogue import conditions_found, stage_cards
from clinic.courses.forms import CourseForm, DayForm
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.planning import answers_for_the_day
from clinic.courses.presentation import Presenter
from clinic.courses.states import CourseState
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.sending import SentDifferently, made_before, once
from patients.day import day_questions
from patients.models import Patient
from patients.queries import age_on, patient_or_404
from protocols.method.answers import Faults
from protocols.method.entries import Condition, Stage
from protocols.method.names import Names
from protocols.method.plans import UnsafePlan
from protocols.shelf import shipped_library, shipped_names


def today(request: StaffRequest) -> date:
    """The day it is at the clinic."""
    return timezone.localdate(timezone=request.clinic.zone)


def names(request: HttpRequest) -> Names:
    """The library's words in the language of the page."""
    return shipped_names(get_language() or "en")


@roles_allowed(*PLAN)
@require_safe
def course_list(request: StaffRequest) -> HttpResponse:
    page = queries.page_of_courses(request.clinic, request.GET.get("page", "1"))
    presenter = Presenter(shipped_library(), names(request))
    rows = [(course, presenter.condition(course), presenter.stage(course)) for course in page.object_list]
    return render(request, "courses/list.html", {"page": page, "rows": rows})


@roles_allowed(*PLAN)
@require_safe
def choose_condition(request: StaffRequest, pk: int) -> HttpResponse:
    patient = _patient_seen(request, pk)
    query = request.GET.get("q", "").strip()[:100]
    groups = conditions_found(shipped_library(), names(request), query)
    return render(request, "courses/choose_condition.html", {**_who(request, patient), "groups": groups, "query": query})


@roles_allowed(*PLAN)
@require_safe
def choose_stage(request: StaffRequest, pk: int, condition: str) -> HttpResponse:
    patient, found = _patient_seen(request, pk), _condition_or_404(condition)
    cards = stage_cards(found, names(request))
    context = {**_who(request, patient), "condition": found, "condition_name": names(request).of("conditions", condition), "cards": cards}
    return render(request, "courses/choose_stage.html", context)


@roles_allowed(*PLAN)
def new_course(request: StaffRequest, pk: int, condition: str, stage: str) -> HttpResponse:
    patient, found = _patient_seen(request, pk), _condition_or_404(condition)
    chosen = _stage_or_404(found, stage)
    if address := made_before(request):
        return HttpResponseRedirect(address, status=303)
    form = CourseForm(request.POST or None, condition=found, stage=chosen, library=shipped_library(), names=names(request))
    if form.is_bound and form.is_valid():
        try:
            return HttpResponseRedirect(once(request, lambda: _planned(request, form, patient)), status=303)
        except (Faults, UnsafePlan) as refused:
            _refuse(form, refused)
        except SentDifferently as again:
            form.add_error(None, again.sentence)
    return _course_form(request, form, patient, found, chosen)


def _planned(request: StaffRequest, form: CourseForm, patient: Patient) -> str:
    course = actions.plan_course(patient=patient, wanted=form.wanted(), on=today(request), actor=request.actor)
    messages.success(request, _("The plan is kept as a draft. Nothing has been booked."))
    return reverse("courses:today" if "ask_today" in request.POST else "courses:detail", args=[course.pk])


@roles_allowed(*PLAN)
def edit_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = _course_seen(request, pk)
    found = _condition_or_404(course.condition)
    chosen = _stage_or_404(found, course.stage)
    kept = actions.request_of(course)
    form = CourseForm(request.POST or None, condition=found, stage=chosen, library=shipped_library(), names=names(request), kept=kept)
    if form.is_bound and form.is_valid():
        try:
            version = _version(request)
            actions.replan_course(course=course, wanted=form.wanted(), on=today(request), version=version, actor=request.actor)
        except (Faults, UnsafePlan) as refused:
            _refuse(form, refused)
        except actions.StaleCourse as stale:
            form.add_error(None, stale.sentence)
        else:
            messages.success(request, _("The draft is planned again."))
            return _see_other("courses:detail", course.pk)
    return _course_form(request, form, course.patient, found, chosen, course)


@roles_allowed(*PLAN)
def day_questions_page(request: StaffRequest, pk: int) -> HttpResponse:
    course, library = _course_seen(request, pk), shipped_library()
    wanted = actions.request_of(course)
    try:
        answers = answers_for_the_day(course.patient, wanted, library, on=today(request))
    except Faults:
        messages.error(request, _("The record says something else than this course. Correct the course here, or the record."))
        return _see_other("courses:edit", pk)
    form = DayForm(request.POST or None, questions=day_questions(library, answers), library=library, names=names(request))
    if form.is_bound and form.is_valid():
        try:
            version = _version(request)
            actions.answer_day_questions(course=course, replies=form.replies(), on=today(request), version=version, actor=request.actor)
        except UnsafePlan as refused:
            _refuse(form, refused)
        except actions.StaleCourse as stale:
            form.add_error(None, stale.sentence)
        else:
            messages.success(request, _("Today's answers are kept and the draft is planned under them."))
            return _see_other("courses:detail", pk)
    _note_refused(request, course.patient)
    context = {**_who(request, course.patient), "form": form, "course": course, "version": request.POST.get("version", course.version)}
    return render(request, "courses/today.html", context, status=422 if form.errors else 200)


@roles_allowed(*PLAN)
@require_safe
def course_detail(request: StaffRequest, pk: int) -> HttpResponse:
    course = _course_seen(request, pk)
    presenter = Presenter(shipped_library(), names(request))
    sessions, plan = queries.sessions_of(course), queries.course_plan_of(course)
    number = _session_number(request, len(sessions))
    context = {
        **_who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "screening": presenter.screening(queries.screening_of(course), course.outcome),
        "doses": presenter.doses(plan, sessions),
        "minutes": [round(session.total_seconds / 60) for session in sessions],
        "review_after": plan.review_after,
        "units": plan.units,
        "session": presenter.session(sessions[number - 1]) if sessions else None,
        "stop_rules": presenter.stop_rules(course),
    }
    return render(request, "courses/detail.html", context)


@roles_allowed(*PLAN)
@require_POST
def discard_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = actions.move_course(course=queries.course_or_404(request.clinic, pk), state=CourseState.DISCARDED, actor=request.actor)
    messages.info(request, _("The draft is discarded. You can bring it back below."))
    return _see_other("patients:detail", course.patient_id)


@roles_allowed(*PLAN)
@require_POST
def restore_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = actions.move_course(course=queries.course_or_404(request.clinic, pk), state=CourseState.DRAFT, actor=request.actor)
    messages.success(request, _("The draft is back."))
    return _see_other("courses:detail", course.pk)


@roles_allowed(*PLAN)
@require_safe
def session_card(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    course = _course_seen(request, pk)
    session = queries.session_or_404(course, number)
    pdf = card_pdf(
        course, session, Presenter(shipped_library(), names(request)), address=request.build_absolute_uri(course_address(course))
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="session-{course.pk}-{number}.pdf"'
    return response


def course_address(course: Course) -> str:
    """Where the plan can be read."""
    return f"/courses/{course.pk}/"


def _patient_seen(request: StaffRequest, pk: int) -> Patient:
    """This clinic's patient; opening a page about somebody leaves a line of who looked."""
    patient = patient_or_404(request.clinic, pk)
    _note_look(request, patient)
    return patient


def _course_seen(request: StaffRequest, pk: int) -> Course:
    """This clinic's course, in the same way."""
    course = queries.course_or_404(request.clinic, pk)
    _note_look(request, course.patient)
    return course


def _note_look(request: StaffRequest, patient: Patient) -> None:
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient)


def _note_refused(request: StaffRequest, patient: Patient) -> None:
    """A form that is refused shows the patient again, so it is a look; one that is obeyed leaves a line of its own."""
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)


def _who(request: StaffRequest, patient: Patient) -> dict[str, object]:
    return {"patient": patient, "age": age_on(patient, today(request))}


def _condition_or_404(code: str) -> Condition:
    if (found := shipped_library().conditions.get(code)) is None:
        raise Http404
    return found


def _stage_or_404(condition: Condition, code: str) -> Stage:
    if (found := condition.stages.get(code)) is None:
        raise Http404
    return found


def _refuse(form: CourseForm | DayForm, refused: Faults | UnsafePlan) -> None:
    if isinstance(refused, Faults) and isinstance(form, CourseForm):
        form.add_faults(refused.faults)
        return
    form.add_error(None, _("The independent check refused this plan, so there is none. Tell the clinical lead: nothing was saved."))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _session_number(request: HttpRequest, count: int) -> int:
    text = request.GET.get("session", "1")
    return min(max(int(text), 1), max(count, 1)) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _course_form(
    request: StaffRequest, form: CourseForm, patient: Patient, condition: Condition, stage: Stage, course: Course | None = None
) -> HttpResponse:
    _note_refused(request, patient)
    context = {
        **_who(request, patient),
        "form": form,
        "condition": condition,
        "stage": stage,
        "condition_name": names(request).of("conditions", condition.code),
        "stage_name": names(request).of("stages", f"{condition.code}/{stage.code}"),
        "course": course,
        "version": request.POST.get("version", course.version if course else ""),
    }
    return render(request, "courses/form.html", context, status=422 if form.errors else 200)


def _see_other(name: str, pk: int) -> HttpResponseRedirect:
    response = redirect(name, pk=pk)
    response.status_code = 303
    return response
