"""What a course brought about, measure by measure, in words, as drawings and as rows of a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clinic.courses.models import Course, SessionRecord
from clinic.courses.outcomes.asked import is_by_eye, measures_of, sides_of
from clinic.courses.outcomes.charts import Chart, Marks, Series, chart_of, figure
from clinic.courses.outcomes.due import OF_THE_RECORD, Due
from clinic.courses.outcomes.queries.measures import main_line, recorded
from clinic.courses.outcomes.trends import Trend, has_direction, numbers, start_and_now, trend
from clinic.courses.outcomes.values import Valued
from clinic.web.marks import SIDES
from protocols.method.entries import Measure
from protocols.method.library import Library
from protocols.method.names import Names

QUESTIONS: Final[dict[str, str | Promise]] = {
    "before": pgettext_lazy("measure", "before the session"),
    "after": pgettext_lazy("measure", "after it"),
    "next": pgettext_lazy("measure", "next morning"),
    "now": "",
}
COMFORT: Final = "session-comfort"


@dataclass(frozen=True, slots=True)
class TrendMark:
    """How a verdict looks and reads; icon and word carry it where colour does not."""

    code: str
    word: str | Promise
    tone: str
    icon: str


TRENDS: Final = {
    mark.code: mark
    for mark in (
        TrendMark("good", gettext_lazy("Better by a real change"), "clear", "circle-check"),
        TrendMark("partial", gettext_lazy("Better by half of a real change"), "modify", "circle-arrow-right"),
        TrendMark("none", gettext_lazy("No real change"), "caution", "circle-minus"),
        TrendMark("worse", gettext_lazy("Worse than at the start"), "defer", "triangle-alert"),
    )
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one line of a measure: from, to, and the mark; without a mark ``word`` says why there is none."""

    side: str
    start: str
    now: str
    mark: TrendMark | None
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was said at a session (``cells`` by question), or one value that was taken (``pk``)."""

    day: date
    session: int | None
    cells: tuple[str, ...]
    pk: int = 0
    by: str = ""
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure with everything that the page shows of it."""

    measure: Measure
    code: str
    name: str
    unit: str
    change: str
    chart: Chart | None
    verdicts: tuple[Verdict, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    due: Due | None
    when: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How the sessions were borne. ``low`` are the sessions with comfort below ``below``, ``bad`` those with a bad reaction."""

    given: int
    comfort: str
    asked: int
    below: int
    low: tuple[int, ...]
    bad: tuple[int, ...]


class OutcomeWords:
    """Says what was measured in a course in one language."""

    def __init__(self, library: Library, names: Names) -> None:
        self.library, self.names = library, names

    def views(
        self, course: Course, values: Sequence[Valued], records: Sequence[SessionRecord], due: Iterable[Due] = ()
    ) -> tuple[MeasureView, ...]:
        """The measures of the course in the library's order, then others that were measured in it. ``values`` oldest first."""
        asked = measures_of(self.library, course)
        codes = dict.fromkeys((*(each.code for each in asked), *(each.measure for each in values if each.measure in self.library.measures)))
        waiting = {each.measure.code: each for each in due}
        main = main_measure(asked, values, records)
        return tuple(self._view(self.library.measures[code], values, records, waiting.get(code), is_main=code == main) for code in codes)

    def _view(
        self, measure: Measure, values: Sequence[Valued], records: Sequence[SessionRecord], due: Due | None, *, is_main: bool
    ) -> MeasureView:
        code, names = measure.code, self.names
        series = tuple(series_of(measure, values, records))
        taken = [each for each in values if each.measure == code]
        return MeasureView(
            measure=measure,
            code=code,
            name=names.of("measures", code),
            unit=names.of("measures", code, "unit"),
            change=names.of("measures", code, "meaningful_change"),
            chart=None if is_by_eye(measure) else chart_of(measure, series, self._marks(measure, records)),
            verdicts=tuple(verdict_of(measure, each) for each in judged(series)),
            heads=tuple(str(each.name or _("Value")) for each in series) if code in OF_THE_RECORD else (),
            rows=tuple(_of_sessions(series)) if code in OF_THE_RECORD else tuple(_taken(each) for each in reversed(taken)),
            due=due,
            when=", ".join(names.of("times", time).replace("-", " ") for time in measure.when),
            is_main=is_main,
        )

    def _marks(self, measure: Measure, records: Sequence[SessionRecord]) -> Marks:
        rule = self.library.course.discomfort.low_comfort
        limit = (float(rule.below), _("low under %(below)s") % {"below": rule.below}) if measure.code == COMFORT else None
        days = tuple(record.given_on for record in records)
        return Marks(days, pgettext("chart", "start"), pgettext("chart", "good at"), pgettext("chart", "target"), limit)

    def tolerance(self, records: Sequence[SessionRecord]) -> Tolerance:
        """How the sessions so far were borne."""
        return self.borne(self.library, records)

    @staticmethod
    def borne(library: Library, records: Sequence[SessionRecord]) -> Tolerance:
        """The same without words."""
        below = library.course.discomfort.low_comfort.below
        said = [(record.session.number, record.comfort) for record in records if record.comfort is not None]
        mean = figure(sum(comfort for _number, comfort in said) / len(said)) if said else ""
        low = tuple(number for number, comfort in said if comfort < below)
        bad = tuple(record.session.number for record in records if record.bad_reaction)
        return Tolerance(len(records), mean, len(said), below, low, bad)


def series_of(measure: Measure, values: Sequence[Valued], records: Sequence[SessionRecord]) -> Iterator[Series]:
    """The lines of a measure: the questions of the record, or the sides; those without a value are left out of the sides."""
    if measure.code in OF_THE_RECORD:
        for kind, found in recorded(records, measure.code).items():
            yield Series(kind, str(QUESTIONS[kind]), found)
        return
    for side in sides_of(measure):
        found = tuple(each for each in values if each.measure == measure.code and each.side == side)
        if found:
            yield Series(side or "now", str(SIDES[side]) if side else "", found)


def judged(series: Iterable[Series]) -> tuple[Series, ...]:
    """The lines by which a measure is judged: each side, or before each session."""
    return tuple(each for each in series if each.kind in ("now", "before", "left", "right") and numbers(each.values))


def verdict_of(measure: Measure, line: Series) -> Verdict:
    """The verdict on one line, in words."""
    found, pair = trend(measure, line.values), start_and_now(measure, line.values)
    side = line.name if line.kind in ("left", "right") else ""
    if pair is None:
        return Verdict(side, figure(numbers(line.values)[0]), "", None, _("Measured once: nothing to compare with yet."))
    start, now = (figure(each) for each in pair)
    return Verdict(side, start, now, TRENDS[found] if found else None, "" if found else _why_none(measure))


def _why_none(measure: Measure) -> str:
    if measure.code == COMFORT:
        return ""  # it guides the pressure of the next session and judges no course
    if not has_direction(measure):
        return _("The library names no better direction: read it by eye.")
    return _("The library gives no number for a real change: read it by eye.")


def main_measure(asked: Sequence[Measure], values: Sequence[Valued], records: Sequence[SessionRecord]) -> str:
    """The code of the measure by which the course is judged: the first of the library's list with a verdict, else the first; or ""."""
    told = (each.code for each in asked if worst_trend(each, values, records) is not None)
    return next(told, asked[0].code if asked else "")


def worst_trend(measure: Measure, values: Sequence[Valued], records: Sequence[SessionRecord]) -> Trend | None:
    """The verdict on a measure; of two sides the worse one."""
    found = [trend(measure, line) for line in lines_of(measure, values, records)]
    return next((each for each in ("worse", "none", "partial", "good") if each in found), None)


def lines_of(measure: Measure, values: Sequence[Valued], records: Sequence[SessionRecord]) -> list[tuple[Valued, ...]]:
    """The lines by which a measure is judged, as values."""
    if measure.code in OF_THE_RECORD:
        return [main_line(records, measure.code)]
    mine = [each for each in values if each.measure == measure.code]
    return [tuple(each for each in mine if each.side == side) for side in dict.fromkeys(each.side for each in mine)]


def _of_sessions(series: Sequence[Series]) -> Iterator[Row]:
    """One row for each session with what was said of it, the newest first."""
    numbers_of = sorted({each.session or 0 for line in series for each in line.values}, reverse=True)
    for number in numbers_of:
        said = [next((each for each in line.values if each.session == number), None) for line in series]
        day = min(each.day for each in said if each is not None)
        yield Row(day, number, tuple("–" if each is None or each.value is None else figure(each.value) for each in said))


def _taken(each: Valued) -> Row:
    word = figure(each.value) if each.value is not None else each.words
    side = f"{SIDES[each.side]}: " if each.side else ""
    return Row(each.day, each.session, (f"{side}{word}",), each.pk, each.by, each.corrects)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure in one line: its name, unit and verdicts."""

    name: str
    unit: str
    verdicts: tuple[Verdict, ...]


def measure_lines(asked: Iterable[Measure], values: Sequence[Valued], records: Sequence[SessionRecord], names: Names) -> list[MeasureLine]:
    """The measures that have a number, judged by their main lines alone: ``records`` need no mornings."""
    found = []
    for measure in asked:
        lines = [line for line in lines_of(measure, values, records) if numbers(line)]
        series = [Series(line[0].side or "now", str(SIDES.get(line[0].side, "")), line) for line in lines]
        if series:
            unit = names.of("measures", measure.code, "unit")
            verdicts = tuple(verdict_of(measure, each) for each in series)
            found.append(MeasureLine(names.of("measures", measure.code), unit, verdicts))
    return found
