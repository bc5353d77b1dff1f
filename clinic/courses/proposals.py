"""What the records of a course mean for its next session: what is proposed, what a therapist made of it, what somebody must read first."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.courses.at_hand import at_hand, is_at_hand
from clinic.courses.models import AdaptationChoice, Course, ScreeningRecord, SessionRecord
from clinic.courses.pinned import library_of
from clinic.courses.planning import NOTHING_SO_FAR, SoFar
from clinic.courses.queries import records_of
from clinic.courses.so_far import days_missed, felt_of, proposal_after, so_far, stage_of, standing_choice
from clinic.courses.states import EXPECTED_REACTIONS, Reaction, StopReason
from clinic.web.prepared import Prepared
from protocols.method.course import after_gap
from protocols.method.library import Library
from protocols.method.plans import NO_ADAPTATION, Adaptation
from protocols.method.plans import SessionRecord as Felt

NEXT_DAY_PAIN: Final = "next-day-pain"  # the row of the suspend table whose rise is read at once
RISE_DURING: Final = "during.pain-rise"  # the fact whose threshold ends a session


@dataclass(frozen=True, slots=True)
class Proposal:
    """The method's proposal for the session after ``after`` (0: none was given), and the choice about it that stands, if any."""

    proposal: Adaptation = NO_ADAPTATION
    stands: Adaptation = NO_ADAPTATION
    after: int = 0
    choice: AdaptationChoice | None = None
    before: SoFar = NOTHING_SO_FAR  # what it was made from

    @property
    def is_empty(self) -> bool:
        """Whether nothing is proposed and nothing was decided: the course goes on as it is planned."""
        return self.proposal == NO_ADAPTATION and self.stands == NO_ADAPTATION

    @property
    def is_open(self) -> bool:
        """Whether something is proposed that nobody has answered. It holds all the same: an answer only says that it was read."""
        return self.proposal != NO_ADAPTATION and self.choice is None


def proposal_for(course: Course, on: date | None = None) -> Proposal:
    """What is proposed for the next session on that day (today, when not said), and what holds. A fixed number of queries."""
    found, library = so_far(course, on or course.clinic.today()), library_of(course)
    stage = stage_of(course, library)
    if not found.records or stage is None:
        return Proposal()
    proposal, after = proposal_after(found, library, stage), found.records[-1].number
    choice = standing_choice(course, proposal, after) if found.decided is not None else None
    return Proposal(proposal, found.decided or proposal, after, choice, found)


# A reaction that somebody must read -------------------------------------------------------------------------------------------
def reaction_to_acknowledge(course: Course) -> SessionRecord | None:
    """The newest record with a bad reaction, at the session or the day after, that nobody has acknowledged. Three queries."""
    library = library_of(course)
    for record in reversed(records_told(course)):
        if is_bad(record, library) and reaction_digest(record, library) not in {each.what for each in record.acknowledgements.all()}:
            return record
    return None


def records_told(course: Course) -> tuple[SessionRecord, ...]:
    """What was given so far in the order of the sessions, with what was said of the next days and who has read it. Three queries."""
    return at_hand(course, _read_told)


def _read_told(course: Course) -> tuple[SessionRecord, ...]:
    return tuple(_READ.objects(course=course.pk))


def _read(_kind: str, *, course: int) -> QuerySet[SessionRecord]:
    return records_of(course).prefetch_related("next_days", "acknowledgements")


_READ: Final = Prepared(_read)


def is_bad(record: SessionRecord, library: Library) -> bool:
    """Whether a record, or what was said of its next day, tells of a bad reaction."""
    return is_felt_bad(felt_of(record, library), library)


def is_felt_bad(felt: Felt, library: Library) -> bool:
    """The same of a record that was read already."""
    return felt.bad_reaction or felt.skin_or_swelling is True or pain_rise(felt, library) is not None


def pain_rise(felt: Felt, library: Library) -> int | None:
    """By how much pain rose by the next day, where the rise is one that the library counts; None otherwise."""
    if felt.pain_next_day is None or felt.pain_before is None:
        return None
    rise = felt.pain_next_day - felt.pain_before
    limit = next(row.value for row in library.course.suspend if row.code == NEXT_DAY_PAIN)
    return rise if rise >= int(limit) else None


def pain_rise_during(before: int | None, after: int | None, library: Library) -> int | None:
    """By how much pain (0-10) rose in a session, where the library ends a session at such a rise; None otherwise, and where nobody asked.

    Source: library, course-rules.toml, stop_threshold and stop_set: what does not settle is an adverse reaction, and goes one step back.
    """
    limit = stopping_rise(library)
    if before is None or after is None or limit is None:
        return None
    rise = after - before
    return rise if rise >= limit else None


def stopping_rise(library: Library) -> int | None:
    """From which rise of pain (0-10) on a session ends at once; None for a library that names none."""
    return min((int(row.value) for row in library.course.stop_threshold if row.fact == RISE_DURING), default=None)


def reaction_digest(record: SessionRecord, library: Library) -> str:
    """What there is to read, so that another reaction told later is read again."""
    felt = felt_of(record, library)
    told = [felt.bad_reaction, sorted(record.reactions), record.stop_reason, felt.skin_or_swelling is True, pain_rise(felt, library)]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


def reaction_words(record: SessionRecord, library: Library) -> str:
    """What was felt, in a few words."""
    return ", ".join(_felt(record, library))


def _felt(record: SessionRecord, library: Library) -> Iterator[str]:
    felt = felt_of(record, library)
    unusual = [code for code in record.reactions if code not in EXPECTED_REACTIONS]
    yield from (str(Reaction(code).label) for code in unusual)
    if record.stop_reason:
        yield _("stopped: %(why)s") % {"why": StopReason(record.stop_reason).label}
    rose = pain_rise_during(record.pain_before, record.pain_after, library)
    if rose is not None:
        yield _("pain up by %(rise)s in the session") % {"rise": rose}
    if felt.bad_reaction and not unusual and not record.stop_reason and rose is None:
        yield _("a bad reaction")
    if felt.skin_or_swelling:
        yield _("bruise, skin reaction, swelling or calf pain the next day")
    if (rise := pain_rise(felt, library)) is not None:
        yield _("pain up by %(rise)s the next day") % {"rise": rise}


# A plan that must be looked at anew ---------------------------------------------------------------------------------------------
def gap_to_plan_after(course: Course, on: date) -> tuple[int, int] | None:
    """(missed days at least, last session) where so many days were missed that the plan is made anew first; None when it is not so.

    Who has changed the plan by hand after so long a gap has looked at it anew.
    """
    last, library = _last_record(course), library_of(course)
    stage = stage_of(course, library)
    if last is None or stage is None or stage.treatment is None:
        return None
    row = after_gap(library, days_missed(course, stage.treatment, last.given_on, on))
    if row.action != "reassess":
        return None
    made = ScreeningRecord.objects.filter(course=course, cause__in=("replanned", "edited"), made_at__gt=last.recorded_at)
    newest = max(made.values_list("made_on", flat=True), default=last.given_on)
    if after_gap(library, days_missed(course, stage.treatment, last.given_on, newest)).action == "reassess":
        return None
    return row.missed_days_min, last.session.number


def _last_record(course: Course) -> SessionRecord | None:
    if is_at_hand(course):
        return next(reversed(records_told(course)), None)
    return _LAST.first(course=course.pk)


def _last(_kind: str, *, course: int) -> QuerySet[SessionRecord]:
    return records_of(course).order_by("-session__number")[:1]


_LAST: Final = Prepared(_last)
