"""Courses by their edition: the list with what the edition in force would change, one course with its difference, and the moves."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses.editions import actions
from clinic.courses.editions.one import difference_context
from clinic.courses.editions.page import moved_words, nothing_words, page_of, unaffected_of
from clinic.courses.editions.permissions import can_move, sees_all
from clinic.courses.editions.queries import OlderEdition, moves_of_course, older_editions, way_back
from clinic.courses.models import Course, EditionMove
from clinic.courses.other_edition import keeps_to_another
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.views.common import course_seen, version_sent
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other
from patients.views import who
from protocols.editions.queries import library_in_force

MOVERS = (Role.THERAPIST, Role.CLINICAL_LEAD)


@roles_allowed(*PLAN)
@require_safe
def courses(request: StaffRequest) -> HttpResponse:
    """The open courses that keep to another edition than the one in force, edition by edition. A therapist sees those of their own."""
    found, asked = older_editions(request.clinic, request.actor), request.GET.get("edition", "")
    chosen = next((each for each in found if each.digest == asked), found[0] if found else None)
    in_force = library_in_force(request.clinic).edition
    context: dict[str, Any] = {"in_force": in_force, "is_all": sees_all(request.actor), "nothing": nothing_words(in_force)}
    if chosen is not None:
        number = request.GET.get("page", "1")
        context |= {
            "chosen": page_of(request.clinic, request.actor, chosen, number=number, on=today(request)),
            "tabs": _tabs(found, chosen) if len(found) > 1 else [],
            "query": f"edition={chosen.digest}&",
        }
    return render(request, "editions/courses.html", context)


def _tabs(found: tuple[OlderEdition, ...], chosen: OlderEdition) -> list[dict[str, Any]]:
    return [
        {"label": each.name, "url": f"?edition={each.digest}", "is_current": each.digest == chosen.digest, "count": each.courses}
        for each in found
    ]


@roles_allowed(*MOVERS)
@require_POST
def move_all(request: StaffRequest) -> HttpResponse:
    """Moves the courses of a page that do not change by it, each by itself: what cannot be moved is told and keeps no other back."""
    digest, on = request.POST.get("edition", ""), today(request)
    chosen = next((each for each in older_editions(request.clinic, request.actor) if each.digest == digest), None)
    if chosen is None:
        messages.info(request, _("No course keeps to this edition any more."))
        return see_other("editions:courses")
    shown = page_of(request.clinic, request.actor, chosen, number=request.POST.get("page", "1"), on=on)
    found = unaffected_of(request.clinic, request.actor, shown)
    moved = sum(_is_moved(request, course) for course in found)
    messages.success(request, moved_words(moved, shown.unaffected - len(found)))
    return see_other("editions:courses")


def _is_moved(request: StaffRequest, course: Course) -> bool:
    try:
        actions.move_unaffected(course=course, on=today(request), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, f"{course.patient.full_name}: {denied.sentence}")
        return False
    return True


@roles_allowed(*PLAN)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """One course: what the edition in force would change, with the button that moves it, and how it went from edition to edition."""
    if request.method == "POST":
        return _obey(request, pk, actions.move_course)
    course = course_seen(request, pk)
    presenter, is_elsewhere = presenter_of(course), keeps_to_another(course)
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "keeps_to": library_of(course).edition,
        "in_force": library_in_force(course.clinic).edition,
        "is_elsewhere": is_elsewhere,
        "may_move": can_move(request.actor, course),
        "back": way_back(course),
        "moves": moves_of_course(course),
        **(difference_context(course, request.GET, on=today(request)) if is_elsewhere else {}),
    }
    return render(request, "editions/move.html", context)


def _obey(request: StaffRequest, pk: int, obey: Callable[..., EditionMove]) -> HttpResponse:
    """Does what a button says and goes to the course; a refusal is said on the page of the button, which shows what stands now."""
    course = course_or_404(request.clinic, pk)
    try:
        note = words_sent(request, "note")
        done = obey(course=course, on=today(request), version=version_sent(request), note=note, actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
        return see_other("editions:move", pk)
    messages.success(request, _said(done))
    return see_other("courses:detail", pk)


def _said(done: EditionMove) -> str:
    moved = _("The course keeps to edition %(edition)s now.") % {"edition": done.after.name}
    beyond, today_first = (
        _("Its plan goes beyond what was signed: send it for sign-off."),
        _("Ask today's questions before the next session."),
    )
    return f"{moved} {beyond if done.needs_signature else today_first}"


@roles_allowed(*MOVERS)
@require_POST
def back(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes back the last move of a course."""
    return _obey(request, pk, actions.move_back)
