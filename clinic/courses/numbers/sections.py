"""The tables of the page and of the files in words: which columns, what each counts, and how its bar is drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.courses.numbers.asked import Asked
from clinic.courses.numbers.queries import attendance as who_came
from clinic.courses.numbers.queries import courses as how_it_went
from clinic.courses.numbers.queries.decisions import choices_made, stops_made
from clinic.courses.numbers.tables import Cell, Column, DayBar, Key, Mean, Piece, Row, Share, Table, pieces_of
from clinic.courses.states import ChoiceReason, CourseReason, CourseState
from clinic.staff.models import Clinic
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.names import Names

LIMIT_AT: Final = 80.0  # of 100: the height of a day that reaches its limit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a table is made from."""

    clinic: Clinic
    asked: Asked
    now: datetime


def _words(label: str) -> Column:
    return Column(label, "")


def _share(label: str, note: str = "") -> Column:
    return Column(label, "share", note)


# Attendance -----------------------------------------------------------------------------------------------------------------
def attendance_table(wanted: Wanted) -> Table:
    """What became of the dates in the calendar, by therapist. Two queries."""
    people = who_came.attendance(wanted.clinic, wanted.asked, now=wanted.now)
    ends = _ends()
    rows = [_attendance_row(each.therapist, each.ends, each.undated) for each in people]
    if len(rows) > 1:
        whole = {end: sum(each.ends.get(end, 0) for each in people) for end in ends}
        rows.append(_attendance_row(_("Everybody"), whole, sum(each.undated for each in people), is_total=True))
    return Table(
        "attendance",
        _("Attendance"),
        _(
            "What became of the dates in the calendar. A date that was moved counts on the day to which it was moved; dates that a course "
            "gave up do not count. Unresolved: the time is over and nobody has said what came of it."
        ),
        (_words(_("Therapist")), Column(_("Dates")), _share(_("Came"), _("given, of given, missed and cancelled late")),
         *(Column(word) for word in ends.values()), Column(_("Given without a date"))),
        tuple(rows),
        _("There are no dates on these days."),
        tuple(Key(end, word) for end, word in ends.items()),
    )  # fmt: skip


def _ends() -> dict[str, str]:
    return {
        "given": pgettext("dates", "Given"),
        "in-progress": pgettext("session", "In progress"),
        "unresolved": pgettext("dates", "Unresolved"),
        "to-come": pgettext("dates", "To come"),
        "in-time": pgettext("dates", "Cancelled in time"),
        "by-clinic": pgettext("dates", "Cancelled by the clinic"),
        "cancelled": pgettext("dates", "Cancelled late"),
        "missed": pgettext("dates", "Missed"),
    }


def _attendance_row(name: str, ends: Mapping[str, int], undated: int, *, is_total: bool = False) -> Row:
    counts = [(end, ends.get(end, 0)) for end in who_came.ENDS]
    decided = sum(ends.get(end, 0) for end in ("given", *who_came.LOST))
    came = Share(ends.get("given", 0), decided)
    return Row((name, sum(ends.values()), came, *(count for _end, count in counts), undated), pieces=pieces_of(counts), is_total=is_total)


# Load -----------------------------------------------------------------------------------------------------------------------
def load_table(wanted: Wanted) -> Table:
    """Hands-on minutes and massage units of each therapist, with a strip of their days. Two queries."""
    limits = who_came.limits_of(wanted.clinic)
    people = who_came.by_therapist(who_came.days_of_work(wanted.clinic, wanted.asked))
    about = _(
        "What stands booked, without what was missed or cancelled, against what the clinic lets a person do on a day: %(minutes)s "
        "hands-on minutes and %(units)s massage units."
    )
    return Table(
        "load",
        _("Load of the hands"),
        about % {"minutes": limits.minutes, "units": f"{limits.units.normalize():f}"},
        (_words(_("Therapist")), Column(_("Days")), Column(_("Sessions")), Column(_("Hands-on minutes")), Column(_("Massage units")),
         Column(_("Minutes a day"), "share"), Column(_("Most minutes on a day")), Column(_("Days over a limit"))),
        tuple(_load_row(name, days, limits, wanted.asked) for (_pk, name), days in people.items()),
        _("Nothing is booked on these days."),
        length=(wanted.asked.last - wanted.asked.first).days + 1,
    )  # fmt: skip


def _load_row(name: str, days: Sequence[who_came.DayOfWork], limits: who_came.Limits, asked: Asked) -> Row:
    minutes = sum(day.minutes for day in days)
    bars = tuple(
        DayBar((day.day - asked.first).days, round(min(LIMIT_AT * limits.fills(day), 100), 1), limits.fills(day) > 1) for day in days
    )
    cells = (
        name,
        len(days),
        sum(day.sessions for day in days),
        minutes,
        sum(day.units for day in days),
        round(minutes / len(days)),
        max(day.minutes for day in days),
        sum(bar.is_over for bar in bars),
    )
    return Row(cells, days=bars)


def load_by_day(wanted: Wanted) -> Table:
    """The same for a file: a row for each therapist and day. Two queries."""
    limits = who_came.limits_of(wanted.clinic)
    columns = (
        _("Day"),
        _("Therapist"),
        _("Sessions"),
        _("Hands-on minutes"),
        _("Limit of minutes"),
        _("Massage units"),
        _("Limit of units"),
    )
    rows = (
        Row((day.day, day.name, day.sessions, day.minutes, limits.minutes, day.units, limits.units))
        for day in who_came.days_of_work(wanted.clinic, wanted.asked)
    )
    return Table("load", _("Load of the hands"), "", tuple(map(Column, columns)), tuple(rows))


# Adherence ------------------------------------------------------------------------------------------------------------------
def adherence_table(wanted: Wanted) -> Table:
    """Courses that came to an end: given of planned, gaps kept. Four queries."""
    people = how_it_went.adherence(wanted.clinic, wanted.asked, library_in_force(wanted.clinic))
    return Table(
        "adherence",
        _("Courses that came to an end"),
        _(
            "Courses whose last day lies in this span. A gap is kept as long as the plan simply goes on after it; working days are "
            "counted, without public holidays."
        ),
        (_words(_("Therapist")), Column(_("Finished")), Column(_("Ended early")), Column(_("Sessions planned")),
         Column(_("Sessions given")), _share(_("Given of planned")),
         Column(_("Dates lost"), note=_("missed or cancelled late")), _share(_("Gaps kept"))),
        tuple(_adherence_row(each) for each in people),
        _("No course came to an end on these days."),
        (Key("given", pgettext("dates", "Given")), Key("none", _("Planned and not given"))),
    )  # fmt: skip


def _adherence_row(each: how_it_went.Adherence) -> Row:
    share, gaps = Share(each.given, each.planned), Share(each.kept, each.gaps)
    name = each.therapist or _("No therapist")
    counts = (("given", each.given), ("none", max(each.planned - each.given, 0)))
    return Row((name, each.finished, each.ended, each.planned, each.given, share, each.lost, gaps), pieces=pieces_of(counts))


# Outcomes -------------------------------------------------------------------------------------------------------------------
def outcomes_table(wanted: Wanted) -> Table:
    """What the courses did to the pain, by condition and stage. One query."""
    library, names = library_in_force(wanted.clinic), names_in_force(wanted.clinic)
    results = {"good": _("Good"), "partial": _("Partial"), "none": _("No change"), "worse": _("Worse")}
    change = names.of("measures", how_it_went.PAIN, "meaningful_change") or library.measures[how_it_went.PAIN].meaningful_change.text
    about = _("Pain before the first session against pain after the last, of courses whose last day lies in this span. Good: at least "
              "%(change)s less; partial: half of that; worse: as much more.") % {"change": change}  # fmt: skip
    return Table(
        "outcomes",
        _("Outcomes"),
        about,
        (_words(_("Condition")), _words(_("Stage")), Column(_("Courses")), *(Column(word) for word in results.values()),
         Column(_("Not measured"), note=_("pain was told once or never, or there was none")), _share(_("Good of measured"))),
        tuple(_outcome_row(each, names) for each in how_it_went.outcomes(wanted.clinic, wanted.asked, library)),
        _("No course came to an end on these days."),
        tuple(Key(result, word) for result, word in results.items()),
    )  # fmt: skip


def _outcome_row(each: how_it_went.Outcomes, names: Names) -> Row:
    counts = [(result, each.results.get(result, 0)) for result in how_it_went.RESULTS]
    rest, good = each.courses - each.measured, Share(each.results.get("good", 0), each.measured)
    cells: tuple[Cell, ...] = (*_kind(each, names), each.courses, *(count for _result, count in counts), rest, good)
    return Row(cells, pieces=pieces_of(counts))


def tolerance_table(wanted: Wanted) -> Table:
    """How the sessions were borne, by condition and stage. One query."""
    names = names_in_force(wanted.clinic)
    return Table(
        "tolerance",
        _("How sessions were borne"),
        _("Sessions given on these days. Comfort is 0 to 10, 10 is best; below 6 twice lowers the pressure."),
        (_words(_("Condition")), _words(_("Stage")), Column(_("Sessions")), Column(_("Mean comfort"), "share"),
         Column(_("Comfort below 6")), Column(_("Bad reactions")), _share(_("Bad reactions in 100 sessions")), Column(_("Stopped"))),
        tuple(_tolerance_row(each, names) for each in how_it_went.tolerance(wanted.clinic, wanted.asked)),
        _("No session was given on these days."),
        (Key("given", _("Borne well")), Key("worse", _("Bad reaction"))),
    )  # fmt: skip


def _tolerance_row(each: how_it_went.Tolerance, names: Names) -> Row:
    bad = Share(each.bad, each.sessions)
    cells = (*_kind(each, names), each.sessions, Mean(each.comfort, each.told), each.low, each.bad, bad, each.stopped)
    return Row(cells, pieces=pieces_of((("given", each.sessions - each.bad), ("worse", each.bad))))


def _kind(each: how_it_went.Outcomes | how_it_went.Tolerance, names: Names) -> tuple[str, str]:
    """Condition and stage in words; a code of an older library as it is."""
    stage = names.of("stages", f"{each.condition}/{each.stage}") or each.stage
    return names.of("conditions", each.condition) or each.condition, stage


# Decisions ------------------------------------------------------------------------------------------------------------------
def proposals_table(wanted: Wanted) -> Table:
    """Proposals for a next session, taken or edited, by reason. One query."""
    made = choices_made(wanted.clinic, wanted.asked)
    whole = sum(each.number for each in made)
    return Table(
        "proposals",
        _("Proposals that were decided otherwise"),
        _("What therapists decided about the proposals for a next session, and why. A rule that is often edited should be looked at."),
        (_words(_("Decision")), _words(_("Reason")), Column(_("Number")), _share(_("Of all"))),
        tuple(
            Row((_("edited") if each.is_edited else _("taken as proposed"), _label(ChoiceReason, each.reason), each.number,
                 Share(each.number, whole)), pieces=_length(each.number, [row.number for row in made]))
            for each in made
        ),
        _("Nobody decided about a proposal on these days."),
    )  # fmt: skip


def stops_table(wanted: Wanted) -> Table:
    """Courses that were paused, suspended, returned or ended, by reason. One query."""
    made = stops_made(wanted.clinic, wanted.asked)
    return Table(
        "stops",
        _("Courses that were stopped"),
        _("Every change of a course's state that was given a reason."),
        (_words(_("The course then was")), _words(_("Reason")), Column(_("Number"))),
        tuple(
            Row((_label(CourseState, each.after), _label(CourseReason, each.reason), each.number),
                pieces=_length(each.number, [row.number for row in made]))
            for each in made
        ),
        _("No course was stopped on these days."),
    )  # fmt: skip


def _length(count: int, all_counts: Iterable[int]) -> tuple[Piece, ...]:
    return (Piece("given", 0, round(100 * count / max(all_counts), 2)),)


def _label(choices: type[ChoiceReason | CourseReason | CourseState], code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


Maker = Callable[[Wanted], Table]
PAGE: Final[Mapping[str, Maker]] = {
    "attendance": attendance_table,
    "load": load_table,
    "adherence": adherence_table,
    "outcomes": outcomes_table,
    "tolerance": tolerance_table,
    "proposals": proposals_table,
    "stops": stops_table,
}
FILES: Final[Mapping[str, Maker]] = {**PAGE, "load": load_by_day}
