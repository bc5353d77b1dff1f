"""The page on which a doctor revokes the signature on a course."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.courses import actions
from clinic.courses.actions.signing_off import may_be_revoked
from clinic.courses.models import Course
from clinic.courses.permissions import SIGN_OFF
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.signed_content import course_content
from clinic.courses.views.common import course_seen, note_refused
from clinic.signing.actions import SeenOtherwise
from clinic.signing.ceremony import NotRecent, foreign_form, meaning_sent, open_ceremony, proof_from, reauthenticate
from clinic.signing.models import Meaning
from clinic.signing.reasons import keep_reason, typed_reason
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other
from patients.views import who


@roles_allowed(*SIGN_OFF)
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """The doctor takes back what a doctor signed of this course, with a reason: nothing is given from then on."""
    course = course_seen(request, pk)
    if not may_be_revoked(course):
        messages.info(request, _("No signature of this course is in force."))
        return see_other("courses:detail", pk)
    if request.method != "POST":
        return _page(request, course)
    if meaning_sent(request) != Meaning.REVOKED:
        return _page(request, course, foreign_form())
    return _revoked(request, course)


def _revoked(request: StaffRequest, course: Course) -> HttpResponse:
    try:
        word = actions.Word(request.POST.get("intent", ""), proof_from(request), words_sent(request, "note"))
        actions.revoke_signature(course=course, word=word, on=today(request), actor=request.actor)
    except NotRecent:
        keep_reason(request)
        return reauthenticate(request.get_full_path())
    except SeenOtherwise as other:
        return _page(request, course, other.sentence)
    except ActionDenied as denied:
        return _page(request, course, denied.sentence)
    messages.success(request, _("Revoked. Nothing is given in this course until a doctor signs a plan again."))
    return see_other("courses:detail", course.pk)


def _page(request: StaffRequest, course: Course, trouble: str = "") -> HttpResponse:
    """The document as it is now, with a new intent. After trouble it answers 409 and says what it was."""
    if trouble:
        course = course_or_404(request.clinic, course.pk)
    note_refused(request, course.patient)
    presenter = presenter_of(course)
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "ceremony": open_ceremony(request, course_content(course)),
        "note": typed_reason(request),
        "trouble": trouble,
    }
    return render(request, "courses/revoke.html", context, status=409 if trouble else 200)
