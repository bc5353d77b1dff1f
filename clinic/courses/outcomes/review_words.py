"""What a review proposes, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.models import Course, CourseReview, SessionRecord
from clinic.courses.outcomes.asked import measures_of
from clinic.courses.outcomes.due import OF_THE_RECORD
from clinic.courses.outcomes.page import OutcomeWords, lines_of, main_measure, worst_trend
from clinic.courses.outcomes.review_proposal import TWICE, ReviewFacts, ReviewProposal, review_proposal
from clinic.courses.outcomes.stage_steps import neighbours
from clinic.courses.outcomes.trends import worse_running
from clinic.courses.outcomes.values import Valued
from protocols.method.library import Library

WHAT: Final[dict[str, tuple[str | Promise, str]]] = {
    "go-on": (gettext_lazy("Go on as planned"), CourseReview.Decision.GO_ON),
    "measure": (gettext_lazy("Measure first: without a number nobody can tell whether it helps"), CourseReview.Decision.GO_ON),
    "reassess": (gettext_lazy("Reassess the plan"), CourseReview.Decision.CHANGE),
    "next-stage": (gettext_lazy("Think about the next stage"), CourseReview.Decision.CHANGE),
    "doctor": (gettext_lazy("Do not simply go on: change or stop"), CourseReview.Decision.CHANGE),
}


@dataclass(frozen=True, slots=True)
class ProposalLines:
    """A proposal in words; ``decision`` is the answer that fits it, ``stage`` the code of a stage that is proposed."""

    words: str
    reasons: tuple[str, ...]
    decision: str
    stage: str


def worse_twice(library: Library, values: Sequence[Valued], records: Sequence[SessionRecord]) -> tuple[str, ...]:
    """The codes of everything measured that was worse than at the start twice running."""
    codes = dict.fromkeys((*(each.measure for each in values), *sorted(OF_THE_RECORD)))
    known = [library.measures[code] for code in codes if code in library.measures]
    return tuple(
        measure.code for measure in known if any(worse_running(measure, line) >= TWICE for line in lines_of(measure, values, records))
    )


def review_facts(
    library: Library, course: Course, values: Sequence[Valued], records: Sequence[SessionRecord], *, action: str, lost: int
) -> ReviewFacts:
    """What the proposal is made of. ``action``: what the method proposes for the next session."""
    asked = measures_of(library, course)
    main = main_measure(asked, values, records)
    tolerance = OutcomeWords.borne(library, records)
    return ReviewFacts(
        given=len(records),
        by=min(library.course.review.session, course.session_count),
        trend=worst_trend(library.measures[main], values, records) if main else None,
        worse=worse_twice(library, values, records),
        action=action,
        low_comfort=len(tolerance.low),
        bad_reactions=len(tolerance.bad),
        lost=lost,
        stages=neighbours(course.condition, course.stage),
    )


def proposal_lines(words: OutcomeWords, facts: ReviewFacts, main: str) -> ProposalLines:
    """The proposal as the doctor reads it; ``main`` is the name of the main measure."""
    found: ReviewProposal = review_proposal(facts)
    sentence, decision = WHAT[found.what]
    reasons = tuple(_reason(words, facts, code, main) for code in found.reasons)
    return ProposalLines(str(sentence), reasons, str(decision), found.stage)


def _reason(words: OutcomeWords, facts: ReviewFacts, code: str, main: str) -> str:
    if code == "worse-twice":
        named = ", ".join(words.names.of("measures", each) for each in facts.worse)
        return _("Worse twice running: %(measures)s.") % {"measures": named}
    if code == "late":
        return f"{words.names.of('course', 'review', 'text')[:1].upper()}{words.names.of('course', 'review', 'text')[1:]}."
    about = {"measure": main, "count": facts.low_comfort, "bad": facts.bad_reactions, "lost": facts.lost, "by": facts.by}
    return str(REASONS[code]) % about


REASONS: Final[dict[str, str | Promise]] = {
    "action-pause": gettext_lazy("The records of the sessions propose to pause."),
    "action-doctor": gettext_lazy("The records of the sessions propose that a doctor sees the patient."),
    "action-reassess": gettext_lazy("So many days were missed that the plan is to be made anew."),
    "bad": gettext_lazy("Bad reactions: %(bad)s."),
    "trend-good": gettext_lazy("%(measure)s: better by a real change."),
    "trend-partial": gettext_lazy("%(measure)s: better by half of a real change."),
    "trend-none": gettext_lazy("%(measure)s: no real change."),
    "trend-worse": gettext_lazy("%(measure)s: worse than at the start."),
    "no-trend": gettext_lazy("%(measure)s: nothing to compare yet, or read by eye only."),
    "early": gettext_lazy("A change is expected by session %(by)s only."),
    "low-comfort": gettext_lazy("Sessions with low comfort: %(count)s."),
    "borne": gettext_lazy("Borne well: no low comfort, no bad reaction."),
    "missed": gettext_lazy("Sessions missed or cancelled late: %(lost)s."),
}
