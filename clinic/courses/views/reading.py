"""The pages that show: the list of courses, one course with a session, and its way into the bin and back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses import actions, queries
from clinic.courses.actions.signing_off import may_be_revoked
from clinic.courses.at_hand import only_shows
from clinic.courses.bodymap import body_map
from clinic.courses.by_hand import by_hand_in
from clinic.courses.consents import consent_line
from clinic.courses.course_state import standing_of
from clinic.courses.models import Course, ScreeningRecord
from clinic.courses.panel import rows_of
from clinic.courses.panels import course_panels
from clinic.courses.permissions import PLAN, can_sign_off
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter, timeline
from clinic.courses.presentation.curve import curve_of
from clinic.courses.presentation.day_order import day_order_of
from clinic.courses.presentation.methods import planned_methods
from clinic.courses.presentation.reviewed import reviews_of
from clinic.courses.presentation.stage_choice import StagePresenter
from clinic.courses.screening_words import CAUSES, difference_context, outcome_word
from clinic.courses.screenings import difference
from clinic.courses.since_signed import signatures_on
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, gone_words
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from clinic.web.undoing import done_with_undo
from patients.care.relation import by_role
from patients.queries.referrals import referrals_under_way
from patients.views import who
from protocols.method.findings import Screening
from protocols.variants.permissions import can_change_library


@roles_allowed(*PLAN)
@require_safe
def course_list(request: StaffRequest) -> HttpResponse:
    page = queries.page_of_courses(request.actor, request.GET.get("page", "1"))
    rows = rows_of(page.object_list, today(request))
    return render(request, "courses/list.html", {"page": page, "rows": rows, "is_of_care": by_role(request.actor) is None})


@roles_allowed(*PLAN)
@require_safe
def course_detail(request: StaffRequest, pk: int) -> HttpResponse:
    course = only_shows(course_seen(request, pk))
    presenter = presenter_of(course)
    screening, stands = queries.screening_of(course), standing_of(course, presenter, on=today(request))
    context = {
        **who(request, course.patient),
        "standing": stands,
        "consent": consent_line(course),
        "dated": (dated := queries.dated_sessions(course)),
        "undated": course.session_count - len(stands.given) - len(dated),
        **_plan(request, course, screening, presenter, coming=stands.next_number),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "screening": presenter.screening(screening, course.outcome),
        "referrals": referrals_under_way(course.patient, course.condition, today(request)),
        "stop_rules": presenter.stop_rules(course),
        "sources": presenter.sources(course),
        "reviews": reviews_of(course, screening, presenter),
        "stage_warnings": StagePresenter(presenter.library, presenter.names).warnings_of(course, screening),
        "signatures": signatures_on(course, presenter),
        "can_sign": can_sign_off(request.actor),
        "panels": course_panels(course, request.actor),
        "can_revoke": can_sign_off(request.actor) and may_be_revoked(course),
        "can_make_case": can_change_library(request.actor),
    }
    return render(request, "courses/detail.html", context)


def _plan(request: HttpRequest, course: Course, screening: Screening, presenter: Presenter, *, coming: int) -> dict[str, object]:
    """The course as a curve, and the session that the address asks for (or the nearest, or the coming one) with its pictures."""
    sessions, plan = queries.sessions_of(course), queries.course_plan_of(course)
    shown: dict[str, object] = {"review_after": plan.review_after, "units": plan.units}
    if not sessions:
        return shown
    session = sessions[min(max(_session_number(request, coming), 1), len(sessions)) - 1]
    view = presenter.session(session, stage=f"{course.condition}/{course.stage}", limits=screening.limits)
    body = body_map(session, screening, library=presenter.library, names=presenter.names, speaker=presenter.speaker)
    pictures = {"curve": curve_of(presenter.doses(plan, sessions), view.number, given=coming - 1), "body": body}
    shown["methods"] = planned_methods(session, presenter)
    shown["day_order"] = day_order_of(course, screening, presenter, session)
    shown["by_hand"] = by_hand_in(course, [session], presenter, number=session.number)
    return shown | {"session": view} | pictures | {"lying": timeline.lying(view), "upright": timeline.standing(view)}


@roles_allowed(*PLAN)
@require_safe
def screening_history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every screening of the course, and what changed between two of them: the last two, or those that the address names."""
    course = course_seen(request, pk)
    presenter, kept = presenter_of(course), queries.screenings_kept(course)
    then, now = _two_of(request, kept)
    compared = None
    if then and now:
        found = difference(*(queries.kept_screening(queries.screening_kept_or_404(course, each.pk)) for each in (then, now)))
        compared = {"then": then, "now": now, **difference_context(found, presenter, now)}
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "rows": [(each, CAUSES[each.cause], outcome_word(each.outcome)) for each in kept],
        "compared": compared,
        "can_make_case": can_change_library(request.actor),
    }
    return render(request, "courses/screenings.html", context)


def _two_of(request: HttpRequest, kept: tuple[ScreeningRecord, ...]) -> tuple[ScreeningRecord | None, ScreeningRecord | None]:
    """The screenings that the address asks for, the older first; those it does not name are the last two."""
    by_number = {str(each.pk): each for each in kept}
    usual = (*kept[:2], None, None)
    then, now = (by_number.get(request.GET.get(name, ""), other) for name, other in (("from", usual[1]), ("to", usual[0])))
    return (now, then) if then and now and then.pk > now.pk else (then, now)


@roles_allowed(*PLAN)
@require_POST
def discard_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = queries.course_or_404(request.clinic, pk)
    gone = gone_words(len(queries.future_bookings(course)))
    actions.move_course(course=course, state=CourseState.DISCARDED, actor=request.actor)
    done_with_undo(
        request, f"{_('The draft is discarded. You can bring it back below.')} {gone}".strip(), reverse("courses:restore", args=[pk])
    )
    return see_other("patients:detail", course.patient_id)


@roles_allowed(*PLAN)
@require_POST
def restore_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = actions.move_course(course=queries.course_or_404(request.clinic, pk), state=CourseState.DRAFT, actor=request.actor)
    messages.success(request, _("The draft is back."))
    return see_other("courses:detail", course.pk)


def _session_number(request: HttpRequest, usual: int) -> int:
    """The number that the address asks for; the usual one where it names none."""
    text = request.GET.get("session", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else usual
