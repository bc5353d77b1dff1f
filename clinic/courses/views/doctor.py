"""The doctor's pages: the inbox, and the page on which a plan is read and signed, returned or refused."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses import actions, queries
from clinic.courses.allowing import open_questions, supposed
from clinic.courses.by_hand import by_hand_in
from clinic.courses.course_state import past_of
from clinic.courses.doctor_forms import DecisionForm
from clinic.courses.inbox import KINDS, answered_lately, flags_of, tabs_of, waiting_at
from clinic.courses.models import Course
from clinic.courses.permissions import SIGN_OFF, can_sign_off
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.effects import plan_in_figures
from clinic.courses.presentation.stage_choice import StagePresenter
from clinic.courses.queries import count_elsewhere, course_or_404, screening_of, sessions_to_come
from clinic.courses.sign_off_gates import answerable_findings, signing_hindrances
from clinic.courses.signed_content import course_content
from clinic.courses.since_signed import kept_words, reread, since_signed
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, note_refused, version_sent
from clinic.signing.actions import SeenOtherwise
from clinic.signing.ceremony import NotRecent, foreign_form, meaning_sent, open_ceremony, proof_from, reauthenticate
from clinic.signing.models import Meaning
from clinic.signing.reasons import keep_reason, typed_words
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other
from patients.views import who
from protocols.editions.queries import names_in_force
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan
from protocols.publishing.waiting import waiting_variants
from protocols.queries import overdue_for_review
from protocols.variants.permissions import can_change_library

INBOX: Final = (Role.DOCTOR, Role.CLINICAL_LEAD)
ITEMS_A_PAGE: Final = 25


# The inbox ------------------------------------------------------------------------------------------------------------------
@roles_allowed(*INBOX)
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """Everything that waits for a doctor, and what was answered lately."""
    names = names_in_force(request.clinic)
    waiting = waiting_at(request.clinic, names, on=today(request), actor=request.actor)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in KINDS else ""
    shown = [each for each in waiting if chosen in ("", each.kind)]
    tabs = [
        {"label": label, "count": count, "is_current": is_current, "url": f"?kind={kind}" if kind else "?"}
        for kind, label, count, is_current in tabs_of(waiting, chosen)
    ]
    context = {
        "page": Paginator(shown, ITEMS_A_PAGE).get_page(request.GET.get("page", "1")),
        "tabs": tabs,
        "query": f"kind={chosen}&" if chosen else "",
        "today": today(request),
        "is_doctor": can_sign_off(request.actor),
        "answered": answered_lately(request.actor, names),
        "nothing_waits": not waiting,
        "variants": waiting_variants(request.clinic, request.actor),
        "overdue": overdue_for_review(request.clinic, today(request)),
        "is_lead": can_change_library(request.actor),
        "elsewhere": count_elsewhere(request.clinic),
    }
    return render(request, "courses/inbox.html", context)


# Signing --------------------------------------------------------------------------------------------------------------------
@roles_allowed(*SIGN_OFF)
def sign_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Exactly what is signed, and one deliberate act: approve, or refuse with a reason. Returning has its own button."""
    course = course_seen(request, pk)
    if course.state != CourseState.AWAITING:
        messages.info(request, _no_longer_waits(request, course))
        return see_other("courses:detail", pk)
    if request.method != "POST":
        return _page(request, course)
    answers: dict[str, Answer] = {Meaning.APPROVED: _approve, Meaning.REFUSED: _refuse}
    answer = answers.get(meaning_sent(request))
    if answer is None:
        return _page(request, course, foreign_form())
    return _word_given(request, course, answer)


def _no_longer_waits(request: StaffRequest, course: Course) -> str:
    """What the second of two clicks is told: that the first one signed."""
    if request.method == "POST" and course.signature is not None and course.signature.signer == request.user:
        return _("Signed: the plan for %(name)s.") % {"name": course.patient.full_name}
    return _("This plan does not wait for a signature any more.")


Answer = Callable[[StaffRequest, Course, actions.Word], str]


def _word_given(request: StaffRequest, course: Course, answer: Answer) -> HttpResponse:
    try:
        word = actions.Word(request.POST.get("intent", ""), proof_from(request), words_sent(request, "note"))
        messages.success(request, answer(request, course, word))
    except NotRecent:
        keep_reason(request)
        return reauthenticate(request.get_full_path())
    except SeenOtherwise as other:
        return _page(request, course, other.sentence, changed=reread(request.POST.get("read", ""), other.content.sections))
    except ActionDenied as denied:
        return _page(request, course, denied.sentence)
    return see_other("courses:inbox")


def _approve(request: StaffRequest, course: Course, word: actions.Word) -> str:
    actions.sign_course(course=course, word=word, on=today(request), actor=request.actor)
    return _("Signed: the plan for %(name)s.") % {"name": course.patient.full_name}


def _refuse(request: StaffRequest, course: Course, word: actions.Word) -> str:
    actions.refuse_course(course=course, word=word, on=today(request), actor=request.actor)
    return _("Refused. The therapist reads your reason.")


@roles_allowed(*SIGN_OFF)
@require_POST
def return_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan goes back to the therapist with a question."""
    course = course_or_404(request.clinic, pk)
    try:
        question = words_sent(request, "question")
        actions.return_course(course=course, question=question, on=today(request), version=version_sent(request), actor=request.actor)
    except ActionDenied as denied:
        if course.state == CourseState.AWAITING:
            return _page(request, course, denied.sentence)
        messages.error(request, denied.sentence)
        return see_other("courses:detail", pk)
    messages.success(request, _("The plan went back to the therapist with your question."))
    return see_other("courses:inbox")


def _page(request: StaffRequest, course: Course, trouble: str = "", **more: Any) -> HttpResponse:
    """The page as it is now, with a new intent. After trouble it answers 409 and says what it was."""
    if trouble:
        course = course_or_404(request.clinic, course.pk)
        note_refused(request, course.patient)
        if course.state != CourseState.AWAITING:
            messages.warning(request, trouble)
            return see_other("courses:detail", course.pk)
    presenter, on = presenter_of(course), today(request)
    hindrance = next(iter(signing_hindrances(course, request.actor, on)), None)
    content = course_content(course)
    context = {
        **who(request, course.patient),
        **_beside(course, presenter),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "hindrance": hindrance,
        "ceremony": open_ceremony(request, content),
        "read": kept_words(content),
        **typed_words(request),
        "trouble": trouble,
        **more,
    }
    return render(request, "courses/sign.html", context, status=409 if trouble else 200)


def _beside(course: Course, presenter: Presenter) -> dict[str, Any]:
    """What stands above the document: the question, what waits for a decision, what is no routine, what changed since a signature."""
    screening, stands = screening_of(course), past_of(course, presenter)
    questions = open_questions(course, presenter)
    return {
        "question": stands.question,
        "said_before": [line for line in stands.moves if line.note and line.note != stands.question],
        "standing": stands,
        "questions": questions,
        "can_decide": any(question.is_answerable for question in questions),
        "flags": flags_of(course),
        "screening": presenter.screening(screening, course.outcome),
        "stage_warnings": StagePresenter(presenter.library, presenter.names).warnings_of(course, screening),
        "since": since_signed(course, presenter),
        "by_hand": by_hand_in(course, sessions_to_come(course), presenter),
        "figures": plan_in_figures(sessions_to_come(course)),
    }


# Findings that wait for a doctor ------------------------------------------------------------------------------------------------
@roles_allowed(*SIGN_OFF)
def allow_findings(request: StaffRequest, pk: int) -> HttpResponse:
    """The effect of a decision on the plan, shown before it is made (GET), and the decision itself (POST)."""
    course = course_seen(request, pk)
    if course.state != CourseState.AWAITING:
        messages.info(request, _("This plan does not wait for a signature any more."))
        return see_other("courses:detail", pk)
    sent = request.POST if request.method == "POST" else request.GET
    rules = tuple(rule for rule in answerable_findings(course) if rule in sent.getlist("rule"))
    if not rules:
        messages.warning(request, _("Tick what you decide about."))
        return see_other("courses:sign-off", pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    return _allowed(request, course, rules, form) if form.is_valid() else _effect(request, course, rules, form)


def _allowed(request: StaffRequest, course: Course, rules: tuple[str, ...], form: DecisionForm) -> HttpResponse:
    said = {"rules": rules, "words": form.cleaned_data["words"], "version": version_sent(request)}
    try:
        actions.allow_findings(course=course, on=today(request), actor=request.actor, **said)
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
        return _effect(request, course, rules, form)
    except (Faults, UnsafePlan):
        messages.error(request, _("What the record says no longer makes a plan. Return it to the therapist."))
    else:
        messages.success(request, _("Your decision is recorded and the plan is made anew. Read it as it is now, and then sign."))
    return see_other("courses:sign-off", course.pk)


def _effect(request: StaffRequest, course: Course, rules: tuple[str, ...], form: DecisionForm) -> HttpResponse:
    presenter = presenter_of(course)
    try:
        found = supposed(course, rules, today(request), presenter)
    except (Faults, UnsafePlan):
        messages.error(request, _("What the record says no longer makes a plan. Return it to the therapist."))
        return see_other("courses:sign-off", course.pk)
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "rules": rules,
        "form": form,
        "decided": [question for question in open_questions(course, presenter) if question.rule in rules],
        "supposed": found,
        "given": queries.records_of(course).count(),
    }
    return render(request, "courses/sign_effect.html", context, status=422 if form.is_bound else 200)
