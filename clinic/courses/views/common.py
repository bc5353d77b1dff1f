"""What the pages of courses share: whose record is looked at, and the entries of the library that an address names."""

from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.audit.actions import read_seen
from clinic.audit.models import Look
from clinic.courses import queries
from clinic.courses.actions import StaleCourse
from clinic.courses.models import Course
from clinic.staff.requests import StaffRequest
from patients.models import Patient
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library


def course_seen(request: StaffRequest, pk: int, *, kind: str = Look.LOOKED) -> Course:
    """This clinic's course; opening a page about somebody leaves a line of who looked, or printed it."""
    course = queries.course_or_404(request.clinic, pk)
    note_look(request, course.patient, kind=kind)
    return course


def note_look(request: StaffRequest, patient: Patient, *, kind: str = Look.LOOKED) -> None:
    """A page about somebody that is opened leaves a line of who looked."""
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient, kind=kind)


def note_refused(request: StaffRequest, patient: Patient) -> None:
    """A form that is refused shows the patient again, so it is a look; one that is obeyed leaves a line of its own."""
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)


def gone_words(count: int) -> str:
    """How many booked dates are given up with what was done; "" for none."""
    words = ngettext("%(count)s date is given up.", "%(count)s dates are given up.", count)
    return words % {"count": count} if count else ""


def condition_or_404(library: Library, code: str) -> Condition:
    """The condition with this code."""
    if (found := library.conditions.get(code)) is None:
        raise Http404
    return found


def stage_or_404(condition: Condition, code: str) -> Stage:
    """The stage of this condition with this code."""
    if (found := condition.stages.get(code)) is None:
        raise Http404
    return found


def version_for_page(request: HttpRequest, course: Course | None, form: BaseForm) -> int | str:
    """What the page of a bound form keeps as its version: what was sent, until its reader was told that it is stale (``refuse_stale``)."""
    newest = course.version if course else ""
    return newest if getattr(form, "is_told_stale", False) else request.POST.get("version", newest)


def refuse_stale(form: BaseForm, stale: StaleCourse) -> None:
    """Says that somebody changed the course meanwhile. What was typed stays, and counts when it is sent again."""
    form.add_error(None, f"{stale.sentence} {_('What you typed is still here: send it again, and it counts.')}")
    form.is_told_stale = True  # type: ignore[attr-defined]  # read by ``version_for_page``


def version_sent(request: HttpRequest) -> int:
    """The version of the course that the sent page was made from; 0 where it says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
