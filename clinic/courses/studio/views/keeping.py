"""A draft is kept, or dropped."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clinic.courses.permissions import PLAN
from clinic.courses.studio import actions
from clinic.courses.studio.actions.acting import LONGEST_NOTE
from clinic.courses.studio.queries import course_on_desk, desk_for
from clinic.courses.studio.views.acting import obeyed, version_of_draft
from clinic.courses.studio.views.replies import elsewhere, refused
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan


@roles_allowed(*PLAN)
@require_POST
def keep(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps what was changed as the plan of the course, or says what is missing."""
    course, on, note = course_on_desk(request.clinic, pk), today(request), words_sent(request, "note", longest=LONGEST_NOTE)
    try:
        desk = desk_for(course, request.user, on)
        if desk.draft is None:
            return elsewhere(request, "studio:plan", pk)
    except (Faults, UnsafePlan):
        return elsewhere(request, "studio:plan", pk)
    try:
        if note != desk.draft.words:  # typed, and lost where the plan cannot be kept
            actions.keep_words(course=course, words=note, actor=request.actor)
            desk.draft.words = note
        kept = actions.keep_edits(
            course=course, draft=desk.draft, note=note, on=on, version=version_of_draft(request.POST), actor=request.actor
        )
    except actions.StaleCourse:
        return elsewhere(request, "studio:conflict", pk)
    except (Faults, UnsafePlan):  # the record was changed at this very moment: the page says what no longer fits
        return elsewhere(request, "studio:plan", pk)
    except ActionDenied as denied:
        return refused(request, desk, request.POST, denied)
    messages.success(request, f"{_('What you changed by hand is kept.')} {_aside_words(len(kept.aside))}".strip())
    return elsewhere(request, "courses:detail", pk)


def _aside_words(count: int) -> str:
    words = ngettext(
        "%(count)s change does not hold today; it comes back by itself when it may.",
        "%(count)s changes do not hold today; they come back by themselves when they may.",
        count,
    )
    return words % {"count": count} if count else ""


@roles_allowed(*PLAN)
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts away everything that was not kept."""
    answer = obeyed(request, pk, lambda desk, sent: actions.drop_draft(desk=desk, version=version_of_draft(sent), actor=request.actor))
    if answer.status_code in (200, 303):
        messages.success(request, _("Your changes are put away. “Redo” brings them back."))
    return answer
