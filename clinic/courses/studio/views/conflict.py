"""The course was changed under somebody's draft: both are shown in words, and the person chooses."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of, presenter_of
from clinic.courses.presentation.differences import DifferencePresenter
from clinic.courses.studio import actions
from clinic.courses.studio.conflicts import conflict_of
from clinic.courses.studio.queries import course_on_desk, desk_for
from clinic.courses.studio.views.acting import version_of_draft
from clinic.courses.studio.views.replies import elsewhere
from clinic.courses.views.common import course_seen
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from patients.views import who
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan


@roles_allowed(*PLAN)
@require_safe
def conflict(request: StaffRequest, pk: int) -> HttpResponse:
    """What others changed and what one has changed oneself, with the three ways on; the studio where nothing stands against anything."""
    course = course_seen(request, pk)
    try:
        desk = desk_for(course, request.user, today(request))
        if not desk.is_stale:
            return elsewhere(request, "studio:plan", pk)
        presenter = presenter_of(course)
        found = conflict_of(
            desk, presenter, DifferencePresenter(library_of(course), names_of(course)), number=_number(request.GET.get("session", ""))
        )
    except (Faults, UnsafePlan):
        return elsewhere(request, "studio:plan", pk)
    names = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return render(
        request, "studio/conflict.html", {**who(request, course.patient), **names, "course": course, "desk": desk, "found": found}
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


@roles_allowed(*PLAN)
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Goes on with the choice that was made."""
    course, choice = course_on_desk(request.clinic, pk), request.POST.get("choice", "")
    if choice not in actions.CHOICES:
        messages.error(request, _("Choose how to go on."))
        return elsewhere(request, "studio:conflict", pk)
    try:
        desk = desk_for(course, request.user, today(request))
        actions.settle(desk=desk, choice=cast(actions.Choice, choice), version=version_of_draft(request.POST), actor=request.actor)
    except (Faults, UnsafePlan):
        return elsewhere(request, "studio:plan", pk)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
        return elsewhere(request, "studio:conflict", pk)
    messages.success(request, SAID[choice])
    return elsewhere(request, "studio:plan", pk)


SAID = {
    "theirs": _lazy("You go on with the plan as it stands. “Redo” brings your own changes back one by one."),
    "mine-on-top": _lazy("Your changes stand on the newest plan now. Look at it, and keep it."),
    "mine": _lazy("Your changes stand in the place of the others now. Look at the plan, and keep it."),
}
