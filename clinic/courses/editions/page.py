"""The page of courses by edition: how many keep to which, and what the edition in force would change in each."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clinic.courses.editions.impact import Impact, Kind, impact_of
from clinic.courses.editions.permissions import can_move
from clinic.courses.editions.queries import OlderEdition, courses_on
from clinic.courses.editions.words import KINDS, MOST_LINES, ImpactPresenter, summary
from clinic.courses.models import Course
from clinic.courses.other_edition import is_concerned
from clinic.courses.pinned import names_of
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from protocols.editions.queries import edition_in_force, library_in_force, names_in_force

MOST_AT_ONCE: Final = 20  # courses that one press of a button moves: each is planned again, and a server waits half a minute at most
GRAVEST_FIRST: Final[tuple[Kind, ...]] = ("forbidden", "cannot", "needs-signature", "differs", "same")
A_PAGE: Final = 20  # impacts that one page reckons: two plans each, where what differs concerns the course


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a list says of an impact."""

    kind: Kind
    lines: tuple[str, ...] = ()
    needs_signature: bool = False

    @property
    def word(self) -> str:
        """The impact in a word or two."""
        return str(KINDS[self.kind])

    @property
    def first(self) -> tuple[str, ...]:
        """As many lines as a list shows."""
        return self.lines[:MOST_LINES]

    @property
    def more(self) -> int:
        """How many it does not show."""
        return max(0, len(self.lines) - MOST_LINES)


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One course of the list."""

    course: Course
    condition: str
    stage: str
    reckoned: Reckoned
    may_move: bool


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One edition with a page of its courses. ``sentence`` counts them all; ``here`` those of the page, where the page is not all."""

    edition: OlderEdition
    page: Page[Course]
    rows: tuple[CourseRow, ...]
    sentence: str
    here: str

    @property
    def unaffected(self) -> int:
        """How many can be moved without a look: those that nothing concerns, and those of the page in which nothing changes."""
        seen = sum(row.reckoned.kind == "same" and is_concerned(row.course) for row in self.rows)
        return seen + self.edition.courses - self.edition.concerned


def page_of(clinic: Clinic, actor: Actor, edition: OlderEdition, *, number: str, on: date) -> EditionPage:
    """A page of the courses of this edition. Five queries, and up to 30 for each course that what differs concerns."""
    page = Paginator(courses_on(clinic, actor, edition.digest), A_PAGE).get_page(number)
    found = (_row(course, actor, on) for course in page.object_list)
    rows = tuple(sorted(found, key=lambda row: GRAVEST_FIRST.index(row.reckoned.kind)))
    counts = Counter(row.reckoned.kind for row in rows)
    is_whole = edition.concerned <= sum(counts.values()) and page.number == 1
    if is_whole:  # what differs concerns none of the courses on the further pages
        counts["same"] += edition.courses - len(rows)
    return EditionPage(edition, page, rows, _sentence(edition, summary(counts) if is_whole else ""), "" if is_whole else summary(counts))


def unaffected_of(clinic: Clinic, actor: Actor, shown: EditionPage) -> tuple[Course, ...]:
    """The courses that one press moves: those of the page in which nothing changes, then those that nothing concerns."""
    seen = {row.course.pk: row.course for row in shown.rows if row.reckoned.kind == "same"}
    others = courses_on(clinic, actor, shown.edition.digest).exclude(pk__in=seen).defer("plan", "screening")
    untouched = (course for course in others if not is_concerned(course))
    return tuple([*seen.values(), *untouched][:MOST_AT_ONCE])


def _sentence(edition: OlderEdition, told: str) -> str:
    words = ngettext("%(count)s course uses edition %(name)s", "%(count)s courses use edition %(name)s", edition.courses)
    said = words % {"count": edition.courses, "name": edition.name}
    return f"{said}: {told}" if told else said


def _row(course: Course, actor: Actor, on: date) -> CourseRow:
    names = names_of(course)
    condition = names.of("conditions", course.condition) or course.condition
    stage = names.of("stages", f"{course.condition}/{course.stage}") or course.stage
    reckoned = _reckoned(_Marked(course, on))
    return CourseRow(course, condition, stage, reckoned, can_move(actor, course) and reckoned.kind != "cannot")


def reckon(course: Course, on: date) -> tuple[Impact, Reckoned]:
    """The impact with its words by the names of the edition in force."""
    impact = impact_of(course, on)
    lines = ImpactPresenter(library_in_force(course.clinic), names_in_force(course.clinic)).lines(impact)
    return impact, Reckoned(impact.kind, lines, impact.needs_signature)


class _Marked:
    """A course on a day, equal to another as long as nothing has changed that its impact hangs on."""

    __slots__ = ("course", "key", "on")

    def __init__(self, course: Any, on: date) -> None:
        self.course, self.on = course, on
        self.key: Hashable = (
            course.pk, course.version, course.state, course.screened, course.given, course.said, on, course.pinned_id,
            edition_in_force(course.clinic), get_language(),
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Marked) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=1024)
def _reckoned(marked: _Marked) -> Reckoned:
    reckoned = reckon(marked.course, marked.on)[1]
    marked.course = None  # what is kept is its words alone
    return reckoned


def moved_words(moved: int, left: int) -> str:
    """What is said after several courses were moved at once."""
    done = ngettext("%(count)s course was moved.", "%(count)s courses were moved.", moved) % {"count": moved}
    more = ngettext("%(count)s more is there: press once more.", "%(count)s more are there: press once more.", left) % {"count": left}
    return f"{done} {more}" if left else done


def nothing_words(edition: str) -> str:
    """What is said where every course keeps to the edition in force."""
    return _("Every open course keeps to edition %(edition)s, with which the clinic works.") % {"edition": edition}
