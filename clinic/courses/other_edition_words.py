"""What an edition forbids of a course, in words for the page of the course, its history and whoever is told."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clinic.courses.models import Course, CourseMove
from clinic.courses.other_edition import Forbidden, ForbiddenRow, forbidden_from_json
from clinic.courses.pinned import library_of, names_of
from clinic.courses.reasons import Speaker
from clinic.courses.screenings import PAPER, STAGE
from clinic.courses.session_spans import sessions_words
from clinic.courses.states import CourseReason
from clinic.web import marks
from protocols.editions.queries import EditionLost, library_in_force, library_of_edition, names_in_force, names_of_edition
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.method.places import Place

MOST_TOLD: Final = 4  # of what a plan does: the page of the move shows all of it

# {place} is a zone with its side. One sentence for each problem of the checker that forbids something; a test keeps the table whole.
WORDS: Final[Mapping[str, Any]] = {
    "dose-too-long": gettext_lazy("{dose} is more than the {ceiling} that a rule leaves."),
    "zone-barred": gettext_lazy("{place} is left out."),
    "zone-excluded": gettext_lazy("{place} is left out."),
    "zone-never-worked": gettext_lazy("{place} is never worked."),
    "family-excluded": gettext_lazy("{family} is left out on {place}."),
    "technique-excluded": gettext_lazy("{technique} is left out on {place}."),
    "technique-barred": gettext_lazy("{technique} is left out on {place}."),
    "technique-avoided": gettext_lazy("{technique} is not done on {place} with what is known of the patient."),
    "technique-left-out": gettext_lazy("{technique} is left out on {place}."),
    "technique-never": gettext_lazy("{technique} is never done on {place}."),
    "stage-forbids": gettext_lazy("The stage forbids {technique} on {place}."),
    "danger-map": gettext_lazy("Danger map: no {technique} on {place}."),
    "breathing-place": gettext_lazy("The breath is not assisted on {place}."),
    "percussion-age": gettext_lazy("{technique} is not done at the age of {age}."),
    "percussion-policy": gettext_lazy("{technique} may not strike {place}."),
    "percussion-closed": gettext_lazy("This part of a course has no percussion."),
    "percussion-strong": gettext_lazy("Percussion on {place}: pressure {limit} at most, not {pressure}."),
    "pressure-too-strong": gettext_lazy("{place}: pressure {limit} at most, not {pressure}."),
    "tempo-not-calm": gettext_lazy("{place} is worked calmly only."),
    "position-not-allowed": gettext_lazy("This position is not open at this stage: {position}."),
    "position-excluded": gettext_lazy("This position is left out: {position}."),
    "supplement-not-planned": gettext_lazy("{supplement} does not belong to this stage."),
    "supplement-excluded": gettext_lazy("{supplement} is left out."),
    "supplement-barred": gettext_lazy("{supplement} is left out."),
    "supplement-avoided": gettext_lazy("{supplement} is not done with what is known of the patient."),
    "supplements-over-cap": gettext_lazy("Steps and supplements take {total} together, more than the {cap} that a rule leaves."),
    "rows-under-refusal": gettext_lazy("This stage is not massaged."),
    "unknown-code": gettext_lazy("The library does not hold this any more: {what}."),
}
NAMED: Final[Mapping[str, str]] = {"family": "families", "technique": "techniques", "position": "positions", "supplement": "supplements"}
TIMES: Final = frozenset({"dose", "ceiling", "total", "cap"})


def bars_in_words(codes: Iterable[str], names: Names) -> tuple[str, ...]:
    """What forbids a course, by the codes of ``screenings.barring``: titles of rules, names of papers."""
    return tuple(_bar(code, names) for code in sorted(codes))


def _bar(code: str, names: Names) -> str:
    if code == STAGE:
        return _("This stage is not massaged.")
    if code.startswith(PAPER):
        return _("Missing: %(document)s") % {"document": names.of("documents", code.removeprefix(PAPER))}
    return names.of("rules", code, "title") or code


def forbidden_words(forbidden: Forbidden, library: Library, names: Names, *, most: int = 0) -> tuple[str, ...]:
    """Everything that is forbidden, a line each, by the names of the edition that forbids it; ``most`` rows of the plan, 0 for all."""
    if forbidden.is_gone:
        return (_("The library does not hold this protocol any more."),)
    speaker = Speaker(library, names)
    rows = [_row(row, speaker) for row in forbidden.rows]
    left = len(rows) - most if most else 0
    shown = rows[:most] if most else rows
    more = [_("and %(count)s more") % {"count": left}] if left > 0 else []
    asked = (names.of("facts", code, "question") or code for code in forbidden.asked)
    return (
        *bars_in_words((*forbidden.found, *forbidden.today), names),
        *shown,
        *more,
        *(_("Asked first: %(what)s") % {"what": each} for each in asked),
    )


def words_in_force(forbidden: Forbidden, course: Course, *, most: int = MOST_TOLD) -> tuple[str, ...]:
    """The same by the names of the edition that the clinic works with now."""
    return forbidden_words(forbidden, library_in_force(course.clinic), names_in_force(course.clinic), most=most)


def is_by_an_edition(move: CourseMove) -> bool:
    """Whether an edition that forbids more made this move, and not somebody who moved the course."""
    return move.reason == CourseReason.EDITION and "edition" in move.details


def kept_words(course: Course, details: Mapping[str, Any]) -> tuple[str, ...]:
    """What a move of the course keeps of it, by the names of the edition that forbade it then."""
    language = get_language() or ENGLISH
    try:
        library, names = library_of_edition(details["edition"]), names_of_edition(details["edition"], language)
    except (EditionLost, KeyError):
        library, names = library_of(course), names_of(course)
    return forbidden_words(forbidden_from_json(details), library, names)


def _row(row: ForbiddenRow, speaker: Speaker) -> str:
    about = dict(row.about)
    words = {name: _word(name, value, speaker) for name, value in about.items()}
    zone, side = about.get("zone", ""), about.get("side", "both")
    words["place"] = speaker.place(Place(zone, side)) if zone in speaker.library.zones else zone  # type: ignore[arg-type]  # a side as it was planned
    said = str(WORDS[row.code]).format_map(words)
    return f"{sessions_words(row.sessions)}: {said[:1].upper()}{said[1:]}"


def _word(name: str, value: str, speaker: Speaker) -> str:
    if name in TIMES and value.isdigit():
        return _("%(minutes)s min") % {"minutes": marks.clock(int(value))}
    return (speaker.names.of(NAMED[name], value) if name in NAMED else "") or value
