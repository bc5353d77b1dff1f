"""What was changed by hand in one course, with the way back; and, for the clinical lead, every rule set aside in a month."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import search_seen
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.studio.actions import load_edits
from clinic.courses.studio.actions.ledger import export_ledger
from clinic.courses.studio.history import history_of
from clinic.courses.studio.ledger import LedgerWords, choices_in, narrowed
from clinic.courses.studio.ledger_asked import ledger_asked
from clinic.courses.studio.ledger_readers import LEDGER, sees_names
from clinic.courses.studio.permissions import can_change_by_hand
from clinic.courses.studio.queries.history import changes_of
from clinic.courses.studio.queries.ledger import ledger_of
from clinic.courses.views.common import course_seen
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.views import who
from protocols.method.edits import edits_from_json


# The changes of one course ------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
@require_safe
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every change by hand that was kept in this course, the newest first."""
    course = course_seen(request, pk)
    presenter = presenter_of(course)
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "changes": history_of(course, changes_of(course), presenter),
        "may_change": can_change_by_hand(request.actor, course),
    }
    return render(request, "studio/history.html", context)


@roles_allowed(*PLAN)
@require_POST
def bring_back(request: StaffRequest, pk: int, version: int) -> HttpResponse:
    """What stood after an earlier change becomes a draft, which the studio shows; nothing is kept yet."""
    course = course_or_404(request.clinic, pk)
    kept = next((each for each in changes_of(course) if each.version == version), None)
    if kept is None:
        raise Http404
    try:
        load_edits(course=course, edits=edits_from_json(kept.after), on=today(request), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
        return see_other("studio:history", pk)
    messages.info(request, _("These changes are a draft now. Nothing is kept until you keep it."))
    return see_other("studio:plan", pk)


# Every rule that was set aside ---------------------------------------------------------------------------------------------------
@roles_allowed(*LEDGER)
@require_safe
def ledger(request: StaffRequest) -> HttpResponse:
    """The month by rule, with what came of it. Whose names stand in it is written down."""
    asked, is_named = ledger_asked(request.GET, today(request)), sees_names(request.actor)
    entries = ledger_of(request.clinic, asked)
    shown = narrowed(entries, asked)
    named = sorted({entry.course.patient_id for entry in shown})
    if named:
        search_seen(actor=request.actor, found=named)
    words = LedgerWords(names_patients=is_named)
    context = {
        "asked": asked,
        "groups": words.groups(shown),
        "count": len(shown),
        "choices": choices_in(entries),
        "is_named": is_named,
        "earlier": asked.beside(-1).url(),
        "later": asked.beside(1).url(),
        "this_month": ledger_asked({}, today(request)).url(),
        "csv": asked.url("studio:ledger-csv"),
        "printed_at": timezone.now(),
    }
    return render(request, "studio/ledger.html", context)


@roles_allowed(*LEDGER)
@require_POST
def ledger_csv(request: StaffRequest) -> HttpResponse:
    """The same as a file. It is sent for because it leaves a line in the audit."""
    asked = ledger_asked(request.GET, today(request))
    entries = narrowed(ledger_of(request.clinic, asked), asked)
    table = LedgerWords(names_patients=sees_names(request.actor)).table(entries)
    patients = [entry.course.patient_id for entry in entries]
    text = export_ledger(table=table, asked=asked, patients=patients, actor=request.actor)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tactus-overrides-{asked.month}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
