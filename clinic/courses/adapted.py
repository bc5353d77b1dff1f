"""What a proposal changes in the next session, in figures and words. Nothing here decides anything."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clinic.courses.models import AdaptationChoice, Course
from clinic.courses.pinned import library_of, names_of
from clinic.courses.planning import case_of
from clinic.courses.proposals import Proposal, proposal_for
from clinic.courses.queries import request_of
from clinic.courses.reasons import Speaker
from clinic.courses.states import ChoiceReason
from clinic.web.marks import clock
from clinic.web.templatetags.marks import pressure_word, side_word
from protocols.method.adapting import HELD_UP
from protocols.method.answers import Faults
from protocols.method.names import Names
from protocols.method.planning import plan_session
from protocols.method.plans import SessionPlan, UnsafePlan
from protocols.method.storage import plan_digest
from protocols.method.vocabulary import FAMILIES

MOST_ZONES: Final = 3  # named in one breath; the others are counted
KINDS: Final = ("minutes", "pressure", "family", "technique")
LEAST_SECONDS: Final = 30  # a change of a family's time that is worth a word


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: minutes, pressure, family or technique (``kind``), what, where ("" for the session), and both values."""

    kind: str
    what: str
    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """What ``day/_proposal.html`` shows. ``changes`` are between the next session without and with what holds; ``because`` sentences."""

    course: Course
    after: int
    changes: tuple[Change, ...]
    because: tuple[str, ...]
    digest: str  # of the proposal, so that nobody accepts another one than was read
    is_open: bool
    is_held: bool
    decided_by: str = ""
    decided_at: datetime | None = None
    is_edited: bool = False
    reason: str = ""

    @property
    def brief(self) -> tuple[Change, ...]:
        """The same in a breath: pressure that falls in many ways, time by family and many techniques are told in one word each."""
        by_kind = {kind: [change for change in self.changes if change.kind == kind] for kind in KINDS}
        pressures, gone = by_kind["pressure"], by_kind["technique"]
        if len(pressures) > 1:
            pressures = [Change("pressure", _("Pressure"), _("in most zones"), "", _("less"))]
        if len(gone) > 1:
            words = ngettext("%(count)s left out", "%(count)s left out", len(gone)) % {"count": len(gone)}
            gone = [Change("technique", _("Techniques"), "", "", words)]
        return (*by_kind["minutes"], *pressures, *([] if by_kind["minutes"] else by_kind["family"]), *gone)

    @property
    def details(self) -> tuple[Change, ...]:
        """Without the time by family, for a page that has it in a table."""
        return tuple(change for change in self.changes if change.kind != "family")


def proposal_card(course: Course, on: date | None = None) -> ProposalCard | None:
    """The proposal for the next session of that day (today, when not said); None where nothing is proposed and nothing was decided."""
    on = on or course.clinic.today()
    found = proposal_for(course, on)
    return None if found.is_empty else card_of(course, found, sessions_beside(course, on, found))


def card_of(course: Course, found: Proposal, sessions: tuple[SessionPlan, SessionPlan] | None) -> ProposalCard:
    """The same of a proposal and of the sessions beside it."""
    names = names_of(course)
    speaker = Speaker(library_of(course), names)
    return ProposalCard(
        course=course,
        after=found.after,
        changes=tuple(changes_between(*sessions, names)) if sessions else (),
        because=tuple(speaker.say(reason) for reason in found.stands.because),
        digest=plan_digest(found.proposal),
        is_open=found.is_open,
        is_held=found.stands.action in HELD_UP,
        **(decided_words(found.choice) if found.choice else {}),
    )


def decided_words(choice: AdaptationChoice) -> dict[str, Any]:
    """Who decided, when, and why it was edited."""
    reason = str(ChoiceReason(choice.reason).label) if choice.reason else ""
    return {"decided_by": choice.by.full_name, "decided_at": choice.at, "is_edited": choice.is_edited, "reason": reason}


def sessions_beside(course: Course, on: date, found: Proposal) -> tuple[SessionPlan, SessionPlan] | None:
    """The next session as it would be without any adaptation, and as it holds; None where the record makes no plan."""
    try:
        case = case_of(course.patient, request_of(course), library_of(course), on=on, so_far=found.before)
        plain = plan_session(replace(case, records=(), decided=None), library_of(course)).session
        return plain, plan_session(replace(case, decided=found.stands), library_of(course)).session
    except (Faults, UnsafePlan):
        return None


def changes_between(before: SessionPlan, after: SessionPlan, names: Names) -> Iterator[Change]:
    """What is less in ``after``: minutes, pressure by zone, time by family, techniques that are gone."""
    if before.total_seconds != after.total_seconds:
        yield Change("minutes", _("Minutes"), "", clock(before.total_seconds), clock(after.total_seconds))
    yield from _pressures(before, after, names)
    yield from _families(before, after, names)
    for code in sorted({row.technique for row in before.rows} - {row.technique for row in after.rows}):
        yield Change("technique", names.of("techniques", code), "", pgettext("technique", "planned"), _("left out"))


def _pressures(before: SessionPlan, after: SessionPlan, names: Names) -> Iterator[Change]:
    was, now = _strongest(before), _strongest(after)
    changed: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for place, level in was.items():
        if place in now and now[place] != level:
            changed.setdefault((level, now[place]), []).append(place)
    for (level, lower), places in sorted(changed.items()):
        yield Change("pressure", _("Pressure"), _zones(places, names), str(pressure_word(level)), str(pressure_word(lower)))


def _strongest(plan: SessionPlan) -> Mapping[tuple[str, str], int]:
    levels: dict[tuple[str, str], int] = {}
    for row in plan.rows:
        levels[row.zone, row.side] = max(row.pressure, levels.get((row.zone, row.side), 0))
    return levels


def _zones(places: Iterable[tuple[str, str]], names: Names) -> str:
    said = [_zone(zone, side, names) for zone, side in places]
    more = len(said) - MOST_ZONES
    if more > 0:
        said = [*said[:MOST_ZONES], ngettext("%(count)s more", "%(count)s more", more) % {"count": more}]
    return ", ".join(said)


def _zone(code: str, side: str, names: Names) -> str:
    name = names.of("zones", code) or code
    return name if side == "both" else f"{name} ({side_word(side)})"


def _families(before: SessionPlan, after: SessionPlan, names: Names) -> Iterator[Change]:
    was, now = _seconds(before), _seconds(after)
    for code in FAMILIES:
        if was[code] - now[code] >= LEAST_SECONDS:
            yield Change("family", names.of("families", code), "", clock(was[code]), clock(now[code]))


def _seconds(plan: SessionPlan) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in plan.rows:
        found[row.family] += row.seconds
    return found
