"""A signed record in words, ready for its page: done beside planned, what was felt and measured, who signed, and whether it verifies."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.courses.given import Played
from clinic.courses.models import Addendum, Course, Session, SessionRecord
from clinic.courses.pinned import names_of
from clinic.courses.record_content import all_planned, hurts_of, rows_of, verifies
from clinic.courses.record_sheet import RowShown, hurt_words, rows_shown, stop_word
from clinic.courses.states import EXPECTED_REACTIONS, Reaction, Reading


@dataclass(frozen=True, slots=True)
class RecordShown:
    """``felt`` and ``readings`` are (term, value) of what somebody said; ``is_sound`` None: of the time before records were sealed."""

    record: SessionRecord
    course: Course
    rows: tuple[RowShown, ...]
    is_by_row: bool
    stop_word: str
    felt: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    bad: tuple[str, ...]
    readings: tuple[tuple[str, int], ...]
    hurts: tuple[str, ...]
    is_sound: bool | None
    addenda: tuple[Addendum, ...]
    coming: Session | None

    @property
    def given(self) -> int:
        return sum(row.given for row in self.rows)

    @property
    def planned(self) -> int:
        return sum(row.planned for row in self.rows)


def record_shown(record: SessionRecord, *, addenda: tuple[Addendum, ...], coming: Session | None) -> RecordShown:
    """Everything the page of a record says."""
    plan, names = record.session.plan, names_of(record.session.course)
    given = _given(record)
    told = [code for code in record.reactions if code in Reaction.values]
    return RecordShown(
        record=record,
        course=record.session.course,
        rows=rows_shown(plan, given, names),
        is_by_row=bool(record.rows),
        stop_word=stop_word(record.stop_reason),
        felt=tuple(_felt(record)),
        expected=tuple(str(Reaction(code).label) for code in told if code in EXPECTED_REACTIONS),
        bad=tuple(str(Reaction(code).label) for code in told if code not in EXPECTED_REACTIONS),
        readings=tuple((str(Reading(code).label), value) for code, value in record.readings.items() if code in Reading.values),
        hurts=tuple(hurt_words(plan, given, names)),
        is_sound=verifies(record),
        addenda=addenda,
        coming=coming,
    )


def _given(record: SessionRecord) -> Played:
    rows = rows_of(record)
    if not rows:
        rows = all_planned(row["seconds"] for row in record.session.plan["rows"]).rows
    return Played(None, 0, is_paused=False, ended_ms=None, rows=rows, hurts=hurts_of(record), stop_reason=record.stop_reason)


def _felt(record: SessionRecord) -> Iterator[tuple[str, str]]:
    marks = (
        (_("Comfort of the session"), record.comfort),
        (_("Pain before"), record.pain_before),
        (_("Pain after"), record.pain_after),
        (_("Well-being after"), record.wellbeing),
    )
    for term, mark in marks:
        if mark is not None:
            yield term, _("%(mark)s of 10") % {"mark": mark}
    if record.warmth:
        yield _("Warmth of the skin after"), record.get_warmth_display()
