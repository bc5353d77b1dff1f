"""The page of a review or a question about a course: how it went, what was changed and why, what is proposed, what the doctor decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.courses import actions
from clinic.courses.course_state import past_of
from clinic.courses.inbox import review_or_404
from clinic.courses.models import OVER, Course, CourseReview
from clinic.courses.outcomes.forms.reviewing import StageReviewForm
from clinic.courses.outcomes.page import OutcomeWords
from clinic.courses.outcomes.queries.decided import choices_of, lost_sessions
from clinic.courses.outcomes.queries.measures import records_with_mornings, values_of
from clinic.courses.outcomes.review_words import proposal_lines, review_facts
from clinic.courses.outcomes.stage_change import stage_change
from clinic.courses.outcomes.stage_steps import neighbours
from clinic.courses.permissions import PLAN, can_sign_off
from clinic.courses.pinned import names_of, presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.proposals import proposal_for
from clinic.courses.queries import has_open_emergency, screening_of
from clinic.courses.views.common import note_look, note_refused
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.views import who


@roles_allowed(*PLAN)
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """A review that can be decided within a minute, or what was decided."""
    found = review_or_404(request.clinic, pk)
    note_look(request, found.course.patient)
    may_decide = can_sign_off(request.actor) and not found.decision
    form = StageReviewForm(request.POST if request.method == "POST" else None, stages=_stages(found.course))
    if form.is_bound and form.is_valid():
        decided = {name: form.cleaned_data[name] for name in ("decision", "note")}
        try:
            actions.decide_review(review=found, on=today(request), actor=request.actor, **decided)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("Your decision is kept. The therapist sees it on the course."))
            return see_other("courses:inbox")
    note_refused(request, found.course.patient)
    context = {**_course_words(request, found), "review": found, "form": form, "may_decide": may_decide}
    return render(request, "courses/review.html", context, status=422 if form.errors else 200)


def _stages(course: Course) -> list[tuple[str, str]]:
    """The stages beside the course's own, each with its name."""
    beside = neighbours(course.condition, course.stage)
    names = names_of(course)
    return [(code, names.of("stages", f"{course.condition}/{code}")) for code in (beside.before, beside.after) if code]


def _course_words(request: StaffRequest, found: CourseReview) -> dict[str, Any]:
    course, presenter = found.course, presenter_of(found.course)
    return {
        **who(request, course.patient),
        **_measured(course, presenter, is_open=not found.decision),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "standing": past_of(course, presenter),
        "choices": choices_of(course),
        "screening": presenter.screening(screening_of(course), course.outcome),
    }


def _measured(course: Course, presenter: Presenter, *, is_open: bool) -> dict[str, Any]:
    """What was measured; while nobody has decided and the course goes on, also what is proposed and what another stage would mean.

    Nothing is proposed beside an emergency: no measure knows of it.
    """
    words = OutcomeWords(presenter.library, presenter.names)
    values, records = values_of(course), records_with_mornings(course)
    views = words.views(course, values, records)
    shown = [view for view in views if view.is_main or view.code == "pain-nrs"]
    context = {"given": records, "views": [view for view in shown if view.rows], "tolerance": words.tolerance(records)}
    if not is_open or not records or course.state in OVER or has_open_emergency(course):
        return context
    action = proposal_for(course).proposal.action
    facts = review_facts(presenter.library, course, values, records, action=action, lost=lost_sessions(course))
    main = next((view.name for view in views if view.is_main), "")
    proposal = proposal_lines(words, facts, main)
    change = stage_change(course, proposal.stage, presenter.library, presenter.names) if proposal.stage else None
    return context | {"proposal": proposal, "change": change}
