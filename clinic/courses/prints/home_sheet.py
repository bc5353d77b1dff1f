"""Advice for home from the library. It is general: printed only where no finding changes the plan, so that paper never outruns a rule."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.prints.paper import Paper, capital
from clinic.courses.states import CourseState
from protocols.method.entries import HomeSheet
from protocols.method.findings import Screening
from protocols.method.vocabulary import Outcome


def printed_home_sheets(paper: Paper, screening: Screening) -> dict[str, Any]:
    """The sheets of the course's condition, or why none is printed; without a title where the library has none."""
    course, library = paper.course, paper.presenter.library
    sheets = [sheet for sheet in library.sheets.values() if course.condition in sheet.conditions]
    if not sheets or not screening.outcome.allows_steps:
        return {"title": "", "note": "", "sheets": []}
    if screening.outcome > Outcome.CAUTION or not course.may_start or course.state == CourseState.SUSPENDED:
        withheld = _("The library has home advice for this condition. It is not printed: the findings or open questions come first.")
        return {"title": _("At home"), "note": withheld, "sheets": []}
    note = _("General advice of the library, not made for this patient. It begins when the therapist has watched it once.")
    return {"title": _("At home"), "note": note, "sheets": [*_sheets(paper, sheets)]}


def _sheets(paper: Paper, sheets: Iterable[HomeSheet]) -> Iterable[dict[str, Any]]:
    names = paper.presenter.names
    for sheet in sheets:
        yield {
            "position": capital(names.of("sheets", sheet.code, "position")),
            "dose": _("%(minutes)s min, %(times)s a day") % {"minutes": sheet.minutes, "times": _times(*sheet.times_per_day)},
            "steps": list(names.lines("sheets", sheet.code, "steps")),
            "avoid": _("Avoid: %(what)s") % {"what": "; ".join(names.lines("sheets", sheet.code, "avoid"))},
            "note": names.of("sheets", sheet.code, "note"),
        }


def _times(low: int, high: int) -> str:
    return f"{low}×" if low == high else f"{low}–{high}×"
