"""What was set aside by hand in a month, and what came of it: read from the records of the sessions that it held for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from clinic.courses.models import AdaptationChoice, Course, PlanEdit, RuleOverride, SessionRecord
from clinic.courses.pinned import library_of
from clinic.courses.so_far import felt_of
from clinic.courses.studio.ledger_asked import LedgerAsked
from clinic.staff.models import Clinic
from protocols.method.edits import LAST_SESSION

PROPOSAL: Final = "proposal"  # the code of a proposal for the next session that was not taken as it was
LARGE: Final = ("plan", "screening", "request")


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """What was felt in the sessions that were given under it. ``of`` is how many sessions it holds for.

    ``pain`` are pairs of before and after, ``next_day`` the pain of the next morning; ``hurt_there`` counts sessions in which the place
    hurt (any place, where it holds for a whole session).
    """

    of: int
    given: int = 0
    comfort: tuple[int, ...] = ()
    pain: tuple[tuple[int, int], ...] = ()
    next_day: tuple[int, ...] = ()
    hurt_there: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One soft rule that was set aside, or one proposal that was changed. ``until``: taken back again at that moment."""

    code: str
    step: str
    zone: str
    side: str
    course: Course
    first: int
    last: int
    at: datetime
    by_id: int
    by: str
    reason: str
    reason_word: str
    words: str
    until: datetime | None = None
    came: CameOfIt = CameOfIt(0)


def ledger_of(clinic: Clinic, asked: LedgerAsked) -> tuple[LedgerEntry, ...]:
    """Everything of the month, the newest first, whatever rule, person and reason are asked for. Five queries, however much there is."""
    begin, end = asked.moments(clinic.zone)
    found = [*_overrides(clinic, begin, end), *_choices(clinic, begin, end)]
    courses = {entry.course.pk for entry in found}
    later, records = _later_edits(courses), _records(courses, begin)
    whole = (_with_outcome(_until(entry, later.get(entry.course.pk, ())), records.get(entry.course.pk, ())) for entry in found)
    return tuple(sorted(whole, key=lambda entry: entry.at, reverse=True))


def _overrides(clinic: Clinic, begin: datetime, end: datetime) -> Iterable[LedgerEntry]:
    rows = RuleOverride.objects.filter(edit__course__clinic=clinic, edit__at__gte=begin, edit__at__lt=end)
    unread = (*(f"edit__course__{name}" for name in LARGE), "edit__before", "edit__after", "edit__acts")
    for row in rows.select_related("edit__by", "edit__course__patient", "edit__course__clinic").defer(*unread):
        said, edit = (row.code, row.step, row.zone, row.side), row.edit
        why = (row.reason, row.get_reason_display(), row.words)
        last = min(row.last, edit.course.session_count)
        yield LedgerEntry(*said, edit.course, row.first, max(row.first, last), edit.at, edit.by_id, edit.by.full_name, *why)


def _choices(clinic: Clinic, begin: datetime, end: datetime) -> Iterable[LedgerEntry]:
    rows = AdaptationChoice.objects.filter(course__clinic=clinic, at__gte=begin, at__lt=end, is_edited=True)
    unread = (*(f"course__{name}" for name in LARGE), "proposal", "chosen")
    for row in rows.select_related("by", "course__patient", "course__clinic").defer(*unread):
        number = row.after_session + 1
        why = (row.reason, row.get_reason_display(), row.note)
        yield LedgerEntry(PROPOSAL, "", "", "", row.course, number, number, row.at, row.by_id, row.by.full_name, *why)


# Until when it held -------------------------------------------------------------------------------------------------------------
Later = tuple[datetime, frozenset[tuple[str, str]]]


def _later_edits(courses: Iterable[int]) -> Mapping[int, tuple[Later, ...]]:
    """Of each course the changes by hand in their order: when, and which rules stood set aside then. One query."""
    found: dict[int, tuple[Later, ...]] = {}
    rows = PlanEdit.objects.filter(course__in=courses).order_by("pk")
    for course, at, overrides in rows.values_list("course_id", "at", "after__overrides"):
        standing = frozenset((each["code"], each["step"]) for each in overrides or ())
        found[course] = (*found.get(course, ()), (at, standing))
    return found


def _until(entry: LedgerEntry, edits: Sequence[Later]) -> LedgerEntry:
    if entry.code == PROPOSAL:
        return entry
    gone = next((at for at, standing in edits if at > entry.at and (entry.code, entry.step) not in standing), None)
    return replace(entry, until=gone)


# What came of it ----------------------------------------------------------------------------------------------------------------
def _records(courses: Iterable[int], begin: datetime) -> Mapping[int, tuple[SessionRecord, ...]]:
    """What was recorded in these courses since then, with what was said of the next day. Two queries."""
    found: dict[int, tuple[SessionRecord, ...]] = {}
    rows = SessionRecord.objects.filter(session__course__in=courses, recorded_at__gte=begin).order_by("pk")
    for record in rows.select_related("session").defer("session__plan", "rows").prefetch_related("next_days"):
        found[record.session.course_id] = (*found.get(record.session.course_id, ()), record)
    return found


def _with_outcome(entry: LedgerEntry, records: Iterable[SessionRecord]) -> LedgerEntry:
    last, library = min(entry.last, LAST_SESSION), library_of(entry.course)
    under = [record for record in records if entry.first <= record.session.number <= last and _held(entry, record)]
    felt = [felt_of(record, library) for record in under]
    came = CameOfIt(
        of=last - entry.first + 1,
        given=len(felt),
        comfort=tuple(each.comfort for each in felt if each.comfort is not None),
        pain=tuple((each.pain_before, each.pain_after) for each in felt if each.pain_before is not None and each.pain_after is not None),
        next_day=tuple(each.pain_next_day for each in felt if each.pain_next_day is not None),
        hurt_there=sum(_hurt_there(entry, record) for record in under),
        bad=sum(each.bad_reaction or each.skin_or_swelling is True for each in felt),
    )
    return replace(entry, came=came)


def _held(entry: LedgerEntry, record: SessionRecord) -> bool:
    given = record.started_at or record.recorded_at
    return given >= entry.at and (entry.until is None or given < entry.until)


def _hurt_there(entry: LedgerEntry, record: SessionRecord) -> bool:
    """Whether the place hurt in that session; of a whole session, whether anything did."""
    if not entry.zone:
        return bool(record.hurts)
    here = [hurt["side"] for hurt in record.hurts if hurt["zone"] == entry.zone]
    return any("both" in (side, entry.side) or side == entry.side for side in here)
