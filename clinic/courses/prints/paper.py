"""What both prints share: whose plan it is, which version, where it can be checked, and steps in words."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from clinic.courses.bodymap import BodyMapView, side_mark
from clinic.courses.bodymap_svg import body_map_svg, legend_svg
from clinic.courses.consents import missing_consent
from clinic.courses.models import Course
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.lines import RowLine, StepLine
from clinic.courses.prints.qr import qr_svg
from clinic.courses.states import CourseState
from clinic.web import marks

DIGEST: Final = 12  # as many figures of a digest as the pages show


@dataclass(frozen=True, slots=True)
class Paper:
    """A course about to be printed in the presenter's language. ``address`` is where the plan can be checked, in full."""

    course: Course
    presenter: Presenter
    address: str


def frame(paper: Paper, *, title: str, digest: str) -> dict[str, Any]:
    """What stands on every page of both prints, and the words that their templates share. ``digest`` is of what is printed."""
    course = paper.course
    return {
        "language": get_language() or "en",
        "title": f"{title} – {course.patient.full_name}",
        "kind": title,
        "clinic": course.clinic.name,
        "name": course.patient.full_name,
        "patient": [_born(course), f"{_('card')} {course.patient.card_number}"],
        "condition": paper.presenter.condition(course),
        "stage": capital(paper.presenter.stage(course)),
        "valid": valid_words(course),
        "foot": _("Edition %(edition)s · plan %(digest)s · version %(version)s · printed %(at)s") % {
            "edition": course.edition, "digest": digest[:DIGEST], "version": course.version, "at": _now(course),
        },
        "leaf": _("Page {page} of {pages}"),
        "address": paper.address,
        "qr": qr_svg(paper.address),
        "qr_alt": _("QR code of the address %(address)s") % {"address": paper.address},
        "heads": [_("Zone and side"), _("Technique"), _("min"), _("Pressure"), _("Tempo")],
        "letters": {side: side_mark(side).letter for side in ("left", "right")},
        "stop_title": _("Stop at once"),
        "stop": in_two(paper.presenter.stop_rules(course)),
    }  # fmt: skip


def _born(course: Course) -> str:
    return _("born %(day)s") % {"day": date_format(course.patient.born_on, "SHORT_DATE_FORMAT")}


def valid_words(course: Course) -> str:
    """For how long a print may be believed: a plan stands on the answers of one day, and a finished course is a record."""
    if course.finished_on:
        return _("Finished on %(day)s: a record, not for use.") % {"day": date_format(course.finished_on, "SHORT_DATE_FORMAT")}
    day = date_format(course.planned_on, "SHORT_DATE_FORMAT")
    return _("Plan of %(day)s, valid on this day only. On any other day ask today's questions before use.") % {"day": day}


def _now(course: Course) -> str:
    return moment(timezone.now(), course)


def moment(at: Any, course: Course) -> str:
    """Date, time and zone at the clinic: paper travels."""
    there = timezone.localtime(at, course.clinic.zone)
    return f"{date_format(there, 'SHORT_DATETIME_FORMAT')} {there.tzname()}"


def is_overtaken(course: Course) -> bool:
    """Whether this plan waits for the questions of the day on which it is printed."""
    return course.is_overtaken_on(course.clinic.today())


def is_held(course: Course) -> bool:
    """Whether nothing may be given in this course whatever its plan says: it is suspended, paused, ended or with the doctor."""
    return course.state in (CourseState.SUSPENDED, CourseState.PAUSED, CourseState.ENDED, CourseState.AWAITING)


def lacks_consent(course: Course) -> bool:
    """Whether a course that may begin or runs has nobody's word for all that is planned."""
    return course.state in (CourseState.SIGNED, CourseState.RUNNING) and bool(missing_consent(course))


def standing_words(course: Course, *, may_start: bool) -> str:
    """What nobody may overlook about the state of the plan; "" where it may be used on its day."""
    if course.state == CourseState.DISCARDED:
        return _("Discarded: not for use")
    if is_held(course):
        return _("%(state)s: not for use") % {"state": course.get_state_display()}
    if not may_start:
        return refusal_words(course)
    if is_overtaken(course):
        return _("Plan of another day: ask today's questions first")
    if lacks_consent(course):
        return _("Consent is missing: not for use")
    return _("Draft: the course has not been started") if course.state == CourseState.DRAFT else ""


def refusal_words(course: Course) -> str:
    """What is said of a plan that may not be used: a course that was begun is no draft any more."""
    return _("May not be given") if course.started_on else _("Draft: may not start")


def in_two(lines: Sequence[Any], lengths: Sequence[int] | None = None) -> tuple[list[Any], list[Any]]:
    """Lines for two columns that end at about the same height; ``lengths`` say how tall each is, all alike where nobody says."""
    sizes = lengths if lengths is not None else [1] * len(lines)
    reached = list(accumulate(sizes))
    middle = bisect_left(reached, (reached[-1] + 1) // 2) + 1 if reached else 0
    return list(lines[:middle]), list(lines[middle:])


def minutes(seconds: int) -> str:
    """``24:30 min`` for a text."""
    return f"{marks.clock(seconds)} {_('min')}"


def pressure_words(level: int) -> str:
    """``2 – light``; a dash for none."""
    return f"{level} – {marks.PRESSURES[level]}" if level else "–"


def printed_steps(steps: Iterable[StepLine]) -> list[dict[str, Any]]:
    """The steps of a session for the table. ``group`` is a line of its own wherever the position or the part changes."""
    printed, before = [], ""
    for step in steps:
        group = f"{step.part} · {step.position}"
        printed.append(_step(step, group if group != before else ""))
        before = group
    return printed


def _step(step: StepLine, group: str) -> dict[str, Any]:
    avoided = list(dict.fromkeys(row.avoid for row in step.rows))
    shared = avoided[0] if len(avoided) == 1 else ""  # said once where every row goes round the same place
    return {
        "group": group,
        "number": str(step.number),
        "zone": capital(step.zone),
        "side": step.side,
        "side_word": side_in_words(step),
        "role": step.side_role,
        "not_here": _not_here(shared),
        "rows": [_row(row, "" if shared else row.avoid) for row in step.rows],
    }


def _not_here(places: str) -> str:
    return f"{_('Not here:')} {places}" if places else ""


def _row(row: RowLine, avoid: str) -> dict[str, Any]:
    return {
        "technique": row.technique,
        "not_here": _not_here(avoid),
        "minutes": marks.clock(row.seconds),
        "pressure": row.pressure,
        "pressure_word": pressure_words(row.pressure),
        "tempo": str(marks.TEMPOS[row.tempo]),
    }


def capital(words: str) -> str:
    """The words with a capital at their beginning, however many more they have."""
    return words[:1].upper() + words[1:]


def side_in_words(step: StepLine) -> str:
    """The side in capitals; both sides in small letters, and nothing for a zone that has no sides."""
    if step.side != "both":
        return loud_side(step.side)
    return str(marks.SIDES["both"]) if any(place.endswith(("-left", "-right")) for place in step.places) else ""


def loud_side(side: str) -> str:
    """Left and right in capitals, "" for everything else: a mistaken side is the mistake that paper must not help."""
    return str(marks.SIDES[side]).upper() if side in ("left", "right") else ""


def with_side(words: str, side: str) -> str:
    """``Shoulder – LEFT``."""
    return f"{words} – {loud_side(side)}" if loud_side(side) else words


def printed_map(view: BodyMapView) -> dict[str, Any]:
    """The body map with its key and its text twin."""
    return {
        "svg": body_map_svg(view),
        "alt": " ".join(figure.label for figure in view.figures),
        "legend": [{"svg": legend_svg(kind), "words": _kind_word(kind)} for kind in view.kinds],
    }


def _kind_word(kind: str) -> str:
    return {
        "worked": pgettext("key of the body map", "worked"),
        "spared": pgettext("key of the body map", "left out by protocol or dose"),
        "out": pgettext("key of the body map", "not on this patient"),
        "never": pgettext("key of the body map", "never on anybody"),
    }[kind]
