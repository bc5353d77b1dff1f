"""What the pages after a session read: the record, the proposal with the sessions beside it, where a technique hurt."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.courses.adapted import ProposalCard, card_of, sessions_beside
from clinic.courses.models import Course, NextDay, SessionRecord
from clinic.courses.pinned import library_of
from clinic.courses.proposals import (
    Proposal,
    gap_to_plan_after,
    proposal_for,
    reaction_digest,
    reaction_to_acknowledge,
    reaction_words,
)
from clinic.courses.queries import records_of
from clinic.web.marks import clock
from clinic.web.templatetags.marks import pressure_word
from protocols.method.names import Names
from protocols.method.plans import SessionPlan
from protocols.method.storage import plan_digest, plan_from_json
from protocols.method.vocabulary import FAMILIES

LAST_SESSIONS = 2  # whose hurts are told beside a technique


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the last session, of the next as planned, and of the next as adapted."""

    name: str
    last: str
    plain: str
    adapted: str

    @property
    def is_changed(self) -> bool:
        """Whether the adaptation changes it."""
        return self.plain != self.adapted


@dataclass(frozen=True, slots=True)
class After:
    """Everything that the page of the proposal shows. ``plain`` is the next session without adaptation; None where no plan is made."""

    found: Proposal
    card: ProposalCard | None
    plain: SessionPlan | None
    lines: tuple[Line, ...]
    reaction: SessionRecord | None
    felt: str
    read: str  # the digest of that reaction; "" where there is none
    gap: tuple[int, int] | None
    last: SessionRecord | None
    answers: tuple[NextDay, ...]
    hurt_at: dict[str, str]

    @property
    def digest(self) -> str:
        """Of the proposal that the page shows."""
        return plan_digest(self.found.proposal)


def after_of(course: Course, names: Names) -> After:
    """The page of the proposal of today."""
    on, library = course.clinic.today(), library_of(course)
    found = proposal_for(course, on)
    records = tuple(records_of(course).defer(None).select_related("session").order_by("-session__number")[:LAST_SESSIONS])
    last, reaction = (records[0] if records else None), reaction_to_acknowledge(course)
    beside = sessions_beside(course, on, found) if found.after else None
    return After(
        found=found,
        card=None if found.is_empty else card_of(course, found, beside),
        plain=beside[0] if beside else None,
        lines=tuple(_lines(plan_from_json(last.session.plan), *beside, names)) if last and beside else (),
        reaction=reaction,
        felt=reaction_words(reaction, library) if reaction else "",
        read=reaction_digest(reaction, library) if reaction else "",
        gap=gap_to_plan_after(course, on),
        last=last,
        answers=tuple(last.next_days.select_related("by").order_by("-pk")) if last else (),
        hurt_at=_hurt_at(records),
    )


def _lines(last: SessionPlan, plain: SessionPlan, adapted: SessionPlan, names: Names) -> Iterable[Line]:
    plans = (last, plain, adapted)
    yield Line(_("Minutes"), *(clock(plan.total_seconds) for plan in plans))
    yield Line(_("Strongest pressure"), *(_strongest(plan) for plan in plans))
    for code in FAMILIES:
        seconds = [sum(row.seconds for row in plan.rows if row.family == code) for plan in plans]
        if any(seconds):
            yield Line(names.of("families", code), *(clock(each) if each else "–" for each in seconds))


def _strongest(plan: SessionPlan) -> str:
    levels = [row.pressure for row in plan.rows]
    return str(pressure_word(max(levels))) if levels else "–"


def _hurt_at(records: Iterable[SessionRecord]) -> dict[str, str]:
    """Technique -> at which of these sessions it hurt, where the row is known."""
    found: dict[str, list[str]] = {}
    for record in records:
        rows = plan_from_json(record.session.plan).rows
        hurt = {rows[each["row"]].technique for each in record.hurts if each.get("row") is not None and each["row"] < len(rows)}
        for code in hurt:
            found.setdefault(code, []).append(_("session %(number)s") % {"number": record.session.number})
    return {code: ", ".join(reversed(where)) for code, where in found.items()}
