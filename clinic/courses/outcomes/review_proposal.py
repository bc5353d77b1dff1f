"""What a review half-way proposes, from what was measured and how it was borne. A pure reading; the doctor decides.

Library, head of measures.toml: no change at session 6 = review; worse twice running = ask the doctor. course-rules.toml [review]: no
change of the main measure by then = reassess the plan; [discomfort]: comfort below 6 twice.
"""

from dataclasses import dataclass
from typing import Final, Literal

from clinic.courses.outcomes.stage_steps import NO_NEIGHBOURS, Neighbours
from clinic.courses.outcomes.trends import Trend

What = Literal["go-on", "measure", "reassess", "next-stage", "doctor"]
TWICE: Final = 2  # "worse twice running"
MANY_MISSED: Final = 3  # sessions lost: then what was measured says little about the plan
HOLDS: Final = frozenset({"pause", "doctor", "reassess"})  # actions of the method's proposal that are no routine


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What a proposal is made of. ``trend`` of the main measure, None where it cannot be told; ``worse`` the codes that were worse twice
    running; ``action`` what the method proposes for the next session; ``by`` the session by which a change is expected."""

    given: int
    by: int
    trend: Trend | None
    worse: tuple[str, ...] = ()
    action: str = "go-on"
    low_comfort: int = 0
    bad_reactions: int = 0
    lost: int = 0
    stages: Neighbours = NO_NEIGHBOURS


@dataclass(frozen=True, slots=True)
class ReviewProposal:
    """What is proposed, the codes of the reasons (``REASONS`` of ``review_words`` say them), and a stage where one is proposed."""

    what: What
    reasons: tuple[str, ...]
    stage: str = ""


def review_proposal(facts: ReviewFacts) -> ReviewProposal:
    """One proposal, the gravest that holds, with every reason that speaks for or against it."""
    what = _what(facts)
    stage = {"doctor": facts.stages.before, "next-stage": facts.stages.after}.get(what, "")
    return ReviewProposal(what, tuple(_reasons(facts)), stage)


def _what(facts: ReviewFacts) -> What:
    if facts.worse or facts.action in HOLDS:
        return "doctor"
    if facts.trend is None:
        return "measure"
    if facts.trend in ("none", "worse") and facts.given >= facts.by:
        return "reassess"
    is_borne = not facts.low_comfort and not facts.bad_reactions
    return "next-stage" if facts.trend == "good" and is_borne and facts.stages.after else "go-on"


def _reasons(facts: ReviewFacts) -> list[str]:
    known = {
        "worse-twice": bool(facts.worse),
        f"action-{facts.action}": facts.action in HOLDS,
        f"trend-{facts.trend}": facts.trend is not None,
        "no-trend": facts.trend is None,
        "late": facts.trend in ("none", "worse") and facts.given >= facts.by,
        "early": facts.trend in ("none", "worse") and facts.given < facts.by,
        "bad": facts.bad_reactions > 0,
        "low-comfort": facts.low_comfort > 0,
        "borne": not facts.low_comfort and not facts.bad_reactions,
        "missed": facts.lost >= MANY_MISSED,
    }
    return [code for code, holds in known.items() if holds]
