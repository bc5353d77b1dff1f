"""The rules of a course as a clinic's variant has them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other
from protocols.editions.queries import library_in_force
from protocols.rulebook.changing_course import CourseTexts
from protocols.rulebook.course_numbers import Section, sections
from protocols.rulebook.course_page import drawing, effects, entries
from protocols.rulebook.forms.course import CourseForm
from protocols.rulebook.page import changed_words
from protocols.rulebook.permissions import READ, WRITE
from protocols.rulebook.reading import COURSE, COURSE_RU
from protocols.rulebook.views.common import Desk, desk_or_404
from protocols.variants.checking import library_of_variant
from protocols.variants.subjects import COURSE_RULES


@roles_allowed(*READ)
@require_safe
def course_rules(request: StaffRequest, pk: int) -> HttpResponse:
    """Every part of the rules, what the variant changes, and what comes of it."""
    return course_page(desk_or_404(request, pk, COURSE_RULES), None)


@roles_allowed(*WRITE)
@require_POST
def save(request: StaffRequest, pk: int, section: str) -> HttpResponse:
    """Keeps one part."""
    desk = desk_or_404(request, pk, COURSE_RULES)
    form = next((each for each in course_forms(desk, section) if each.is_bound), None)
    if form is None:
        raise Http404
    if not form.is_valid():
        return course_page(desk, form)
    made = form.made()
    said = _("rules of a course: %(part)s") % {"part": form.section.title}
    then = f"{reverse('rulebook:course-rules', args=[pk])}#{section}"
    return desk.kept(lambda: changes(made), said=said, then=then) or course_page(desk, form)


@roles_allowed(*WRITE)
@require_POST
def take_back(request: StaffRequest, pk: int, section: str) -> HttpResponse:
    """Makes the entries of one part what they are in force, or what they were shipped as."""
    desk = desk_or_404(request, pk, COURSE_RULES)
    part = next((each for each in sections_of(desk) if each.code == section), None)
    if part is None:
        raise Http404
    there = desk.drawer.shipped if request.POST.get("to") == "shipped" else desk.drawer.in_force
    addresses = {f"{COURSE}{slot.entry}" for slot in part.slots}
    said = _("taken back: %(part)s") % {"part": part.title}
    then = f"{reverse('rulebook:course-rules', args=[pk])}#{section}"
    return desk.kept(lambda: back(desk, there, addresses), said=said, then=then) or see_other("rulebook:course-rules", pk)


def back(desk: Desk, there: Any, addresses: set[str]) -> dict[str, Any]:
    """The old entries with what hangs on them, and their Russian: texts name the numbers of their entries."""
    hanging = {f"{COURSE}phase/build-up"} if f"{COURSE}ladder" in addresses else set()
    hanging |= {each for each in there if each.startswith(f"{COURSE}stop_set/")} if f"{COURSE}stop_threshold" in addresses else set()
    touched = addresses | hanging
    found = {address: there[address] for address in touched}
    return found | {COURSE_RU: _russian(desk, there, touched)}


def _russian(desk: Desk, there: Any, touched: set[str]) -> Any:
    """The Russian with the texts of these entries as they were."""
    now, old = dict(desk.drawer.now[COURSE_RU]), there[COURSE_RU]
    keys = {address.removeprefix(COURSE) for address in touched}
    now |= {key: old[key] for key in keys & {"review", "repeat"}}
    if "stop_threshold" in keys:
        now |= {"stop-sets": old["stop-sets"], "suspend": old["suspend"]}
    return now


def changes(made: CourseTexts) -> dict[str, Any]:
    """The entries by their addresses; those that are as before are no change and fall away when they are kept."""
    return {f"{COURSE}{key}": entry for key, entry in made.entries.items()} | {COURSE_RU: dict(made.russian)}


def sections_of(desk: Desk) -> tuple[Section, ...]:
    """The parts of the rules with their bounds."""
    return sections(entries(desk.drawer.shipped), desk.reader.library.facts, desk.reader.names)


def course_forms(desk: Desk, sent: str = "") -> tuple[CourseForm, ...]:
    """A form for each part; the one of the part that was sent is bound."""
    drawer = desk.drawer
    now, shipped = CourseTexts(entries(drawer.now), drawer.now[COURSE_RU]), entries(drawer.shipped)
    return tuple(
        CourseForm(desk.request.POST if part.code == sent else None, section=part, now=now, shipped=shipped) for part in sections_of(desk)
    )


def course_page(desk: Desk, bound: CourseForm | None) -> HttpResponse:
    """The page with its drawing, cases and forms."""
    drawer, library = desk.drawer, library_of_variant(desk.variant)
    forms = course_forms(desk)
    context = {
        "changes": changed_words(drawer, drawer.in_force, [each for each in drawer.changes if each.startswith(COURSE)], desk.reader),
        "hanging": changed_words(drawer, drawer.in_force, [each for each in drawer.changes if not each.startswith(COURSE)], desk.reader),
        "drawing": drawing(library_in_force(desk.request.clinic).course, library.course) if library else None,
        "effects": effects(desk.request.clinic, library, desk.reader) if library else (),
        "forms": tuple(bound if bound is not None and bound.section.code == form.section.code else form for form in forms),
        "bound": bound.section.code if bound else "",
    }
    return desk.page("course", context, status=422 if bound else 200)
