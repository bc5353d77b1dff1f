"""One search over everything that the reader may see: pages, patients, courses, the library.

Patients are found as on the list of patients, for the same roles; courses only where the reader may open the record, because a course
tells about health; the library is for everybody.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from clinic.courses.models import Course
from clinic.courses.panel import rows_of
from clinic.courses.permissions import can_plan
from clinic.home.queries import courses_found
from clinic.staff.permissions import Actor
from clinic.web.folding import folded
from clinic.web.navigation import Link, links_for
from patients.models import Patient
from patients.permissions import can_register
from patients.queries import page_of_patients, similar_spellings
from protocols.editions.queries import edition_in_force
from protocols.presentation.search import Hits, codes_found, grouped

SHORTEST: Final = 2  # letters; one letter finds everybody
LONGEST: Final = 100
SHOWN: Final = 8
SUGGESTED: Final = 4
KINDS_SUGGESTED: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``similar``: nobody is written so, these people are spelt nearly so. ``more`` of the people are not shown."""

    query: str
    pages: tuple[Link, ...] = ()
    people: tuple[Patient, ...] = ()
    similar: bool = False
    more: int = 0
    courses: tuple[tuple[Course, str, str, bool, str], ...] = ()
    library: tuple[Hits, ...] = ()
    tells_people: bool = False

    @property
    def count(self) -> int:
        """How much is shown."""
        return len(self.pages) + len(self.people) + len(self.courses) + sum(len(group.hits) for group in self.library)

    @property
    def named(self) -> list[int]:
        """The numbers of everybody whose name is shown."""
        return sorted({*(each.pk for each in self.people), *(row[0].patient_id for row in self.courses)})


def nearest(found: Found) -> Found:
    """The first few of each kind, for the list under the box; the page has the rest."""
    kinds = [replace(group, hits=group.hits[:SUGGESTED], more=0) for group in found.library[:KINDS_SUGGESTED]]
    people, courses = found.people[:SUGGESTED], found.courses[:SUGGESTED]
    more = found.more + len(found.people) - len(people)
    return replace(found, people=people, more=more, courses=courses, library=tuple(kinds))


def words_asked(text: str) -> str:
    """What was typed, as it is searched for; empty while it is too short to mean anything."""
    query = text.strip()[:LONGEST]
    return query if len(folded(query)) >= SHORTEST else ""


def find(query: str, actor: Actor) -> Found:
    """Everything that holds the query, of each kind at most eight. Eight queries at most, however much there is."""
    pages = _pages(query, actor)
    people = _people(query, actor) if can_register(actor) else {}
    courses = _courses(query, [each.pk for each in people.get("people", ())], actor) if can_plan(actor) else ()
    return Found(query, pages, **people, courses=courses, library=grouped(query, actor.clinic))


def _pages(query: str, actor: Actor) -> tuple[Link, ...]:
    """Entries of the navigation that begin with what was typed."""
    return tuple(link for link in links_for(actor.roles, "") if folded(str(link.label)).startswith(folded(query)))


def _people(query: str, actor: Actor) -> dict[str, Any]:
    page = page_of_patients(actor.clinic, query, "1")
    found = tuple(page.object_list)
    similar = () if found else similar_spellings(actor.clinic, query, page)
    shown = (found or similar)[:SHOWN]
    count = page.paginator.count if found else len(similar)
    return {"people": shown, "similar": bool(similar), "more": count - len(shown), "tells_people": True}


def _courses(query: str, people: list[int], actor: Actor) -> tuple[tuple[Course, str, str, bool, str], ...]:
    """Courses of these people and courses for a condition of that name, as far as the reader may open the record. One query."""
    conditions = codes_found(query, "condition", edition_in_force(actor.clinic)) or frozenset()
    found = courses_found(actor, people, conditions) if people or conditions else ()
    return tuple(rows_of(found, actor.clinic.today()))
