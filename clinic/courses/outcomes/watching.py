"""What of a course is a doctor's to decide before the review half-way: told by itself, once, as soon as it was recorded."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.outcomes.page import lines_of
from clinic.courses.outcomes.queries.decided import last_decision_on
from clinic.courses.outcomes.queries.measures import records_alone, values_of
from clinic.courses.outcomes.review_proposal import TWICE
from clinic.courses.outcomes.review_words import worse_twice
from clinic.courses.outcomes.values import Valued
from clinic.courses.pinned import library_of, names_of
from clinic.courses.proposals import proposal_for
from clinic.courses.reasons import Speaker

HELD: Final = frozenset({"pause", "doctor"})


def for_a_doctor(course: Course) -> Iterator[str]:
    """Sentences: what was worse than at the start twice running since a doctor last decided, and why the records propose a pause."""
    library, names = library_of(course), names_of(course)
    records, values, decided = records_alone(course), values_of(course), last_decision_on(course)
    worse = (library.measures[code] for code in worse_twice(library, values, records))
    new = [measure.code for measure in worse if _taken_since(decided, lines_of(measure, values, records)) >= TWICE]
    if new:
        named = ", ".join(names.of("measures", code) for code in new)
        yield _("Worse than at the start twice running: %(measures)s.") % {"measures": named}
    proposal = proposal_for(course).proposal
    if proposal.action in HELD:
        yield from dict.fromkeys(Speaker(library, names).say(reason) for reason in proposal.because)


def _taken_since(day: date | None, lines: list[tuple[Valued, ...]]) -> int:
    """How many values the longest line has after that day; all of them where no doctor has decided yet."""
    return max((sum(day is None or each.day > day for each in line) for line in lines), default=0)
