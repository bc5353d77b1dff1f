"""Acts, undone and done again, and a note that is typed."""

from collections.abc import Callable

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from clinic.courses.permissions import PLAN
from clinic.courses.studio import actions
from clinic.courses.studio.actions.acting import LONGEST_NOTE
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.forms.acting import act_of
from clinic.courses.studio.pressed import pressed
from clinic.courses.studio.queries import course_on_desk, desk_for
from clinic.courses.studio.views.replies import done, elsewhere, refused
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from protocols.method.answers import Faults
from protocols.method.plans import UnsafePlan


def obeyed(request: StaffRequest, pk: int, obey: Callable[[Desk, QueryDict], Desk]) -> HttpResponse:
    """Does what was sent to the desk of this person, and shows what came of it. A refusal changes nothing and is told beside it."""
    course, sent = course_on_desk(request.clinic, pk), pressed(request.POST)
    try:
        desk = desk_for(course, request.user, today(request))
    except (Faults, UnsafePlan):  # the page says which answer no longer fits
        return elsewhere(request, "studio:plan", pk)
    try:
        return done(request, obey(desk, sent), sent, was=desk)
    except actions.StaleCourse:
        return elsewhere(request, "studio:conflict", pk)
    except (Faults, UnsafePlan):  # what was changed calls for an answer that does not fit
        return elsewhere(request, "studio:plan", pk)
    except actions.StaleDraft as stale:
        return refused(request, desk_for(course, request.user, today(request)), sent, stale)
    except ActionDenied as denied:
        return refused(request, desk, sent, denied)


@roles_allowed(*PLAN)
@require_POST
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """One act, as the page sends it."""
    return obeyed(
        request,
        pk,
        lambda desk, sent: actions.do_act(desk=desk, act=act_of(sent, desk), version=version_of_draft(sent), actor=request.actor),
    )


@roles_allowed(*PLAN)
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Without the last act."""
    return obeyed(request, pk, lambda desk, sent: actions.undo(desk=desk, version=version_of_draft(sent), actor=request.actor))


@roles_allowed(*PLAN)
@require_POST
def redo(request: StaffRequest, pk: int) -> HttpResponse:
    """With the next act that was undone, or all of them (``all``)."""
    return obeyed(
        request,
        pk,
        lambda desk, sent: actions.redo(desk=desk, version=version_of_draft(sent), is_all="all" in sent, actor=request.actor),
    )


@roles_allowed(*PLAN)
@require_POST
def words(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps a note that is being typed; there is nothing to show."""
    course = course_on_desk(request.clinic, pk)
    actions.keep_words(course=course, words=words_sent(request, "note", longest=LONGEST_NOTE), actor=request.actor)
    return HttpResponse(status=204)


def version_of_draft(sent: QueryDict) -> int:
    """The version of the draft that the page was made from; 0 where it says none."""
    text = sent.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
