"""A body chart is drawn: always a new one, so that what was marked before stays as it was."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.models import BodyChart, Course
from clinic.courses.outcomes.marks import HAS_LEVEL, MOST, SIDES, Mark, as_json, is_paired, is_place, merged
from clinic.courses.outcomes.queries.body import newest_chart, session_of_the_day
from clinic.courses.permissions import check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.states import CourseState, MarkKind
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.library import Library


@transaction.atomic
def draw_body_chart(*, course: Course, marks: Iterable[Mark], on: date, actor: Actor, seen: int | None = None) -> BodyChart:
    """Keeps a new chart of that day with doubles merged. The chart that was sent twice is kept once, and given back.

    ``seen`` is the number of the chart that the page began with, 0 for none: one that was kept since then is not passed over unread.

    Denied to whoever may not plan, for a discarded course, for an unknown zone, side or kind, a level out of 0-10 or where it does not
    fit, more marks than a body holds, and for an empty chart of somebody of whom nothing was ever marked.
    """
    check_can_plan(actor)
    locked = Course.objects.select_for_update().get(pk=course.pk, clinic=actor.clinic)
    if locked.state == CourseState.DISCARDED:
        raise ActionDenied(_("This course was discarded. Bring it back before you mark anything."))
    library, marks = library_of(course), tuple(marks)
    for mark in marks:
        _check(mark, library)
    kept, last = merged(marks, library.tree), newest_chart(locked)
    if len(kept) > MOST:
        raise ActionDenied(_("More than %(count)s marks cannot be read any more. Put some of them together.") % {"count": MOST})
    if not kept and (last is None or not last.marks):
        raise ActionDenied(_("Nothing is marked, and nothing was marked before. Mark at least one place."))
    if last is not None and (last.course_id, last.drawn_on, last.marks) == (locked.pk, on, as_json(kept)):
        return last
    if seen is not None and last is not None and last.pk != seen:
        raise ActionDenied(_newer(last))
    return _kept(locked, kept, on, actor)


def _newer(chart: BodyChart) -> str:
    told = {"name": chart.by.full_name, "count": len(chart.marks)}
    words = _(
        "%(name)s kept a newer chart (%(count)s marks) since you opened this page: it is shown below. Save again to keep yours after it."
    )
    return words % told


def _kept(course: Course, marks: tuple[Mark, ...], on: date, actor: Actor) -> BodyChart:
    session = session_of_the_day(course, on)
    edition = library_of(course).edition
    chart = BodyChart.objects.create(course=course, session=session, marks=as_json(marks), drawn_on=on, edition=edition, by=actor.user)
    record(actor=actor, verb="drew-body-chart", subject=course, details={"chart": chart.pk, "marks": len(marks)})
    return chart


def _check(mark: Mark, library: Library) -> None:
    """Raises ``ActionDenied`` with a sentence for a mark that cannot stand."""
    if not is_place(library.tree, mark.zone):
        raise ActionDenied(_("“%(zone)s” is no place of the body chart.") % {"zone": mark.zone})
    allowed = (*SIDES, "both") if is_paired(library.tree, mark.zone) else ("both",)
    if mark.side not in allowed:
        raise ActionDenied(_("A mark has no side or the wrong one: %(zone)s.") % {"zone": mark.zone})
    if mark.kind not in MarkKind.values:
        raise ActionDenied(_("“%(kind)s” is no kind of mark.") % {"kind": mark.kind})
    if mark.level is not None and (mark.kind not in HAS_LEVEL or not 0 <= mark.level <= 10):
        raise ActionDenied(_("A level from 0 to 10 fits pain, tension and numbness only."))
