"""What else the patient has on the day of a session, in its order: exercise, the partner therapies of the stage, a warm pack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.chains import source_lines
from clinic.courses.presentation.lines import SourceLine
from protocols.method.entries import Condition, Stage
from protocols.method.findings import Screening
from protocols.method.partners import PartnerLine, partners_of
from protocols.method.plans import SessionPlan


@dataclass(frozen=True, slots=True)
class PartnerWords:
    """One therapy: what it is, when it comes (before | after | beside | open), why, and where that stands."""

    name: str
    when: str
    when_words: str
    why: str
    sources: tuple[SourceLine, ...]
    is_unclear: bool = False  # two parts of the rule meet in this patient


@dataclass(frozen=True, slots=True)
class DayOrder:
    """The day around a session. ``open`` are those whose order nothing names; ``rule`` is the rule in the words of the library."""

    before: tuple[PartnerWords, ...]
    after: tuple[PartnerWords, ...]
    open: tuple[PartnerWords, ...]
    rule: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What has its order, and where two parts of the rule meet, as lines of text: for the card and for whoever stands in."""
        ordered = (f"{each.name}: {each.when_words}" for each in (*self.before, *self.after))
        unclear = (f"{each.name}: {each.why}" for each in self.open if each.is_unclear)
        return (*ordered, *unclear)


def day_order(
    condition: Condition, stage: Stage, facts: Mapping[str, object], words: InOneLanguage, *, chosen: tuple[str, ...] = ()
) -> DayOrder | None:
    """The order of the day; None for a stage that is not massaged. ``facts`` are the screening's, ``chosen`` the session's supplements."""
    code = f"{condition.code}/{stage.code}"
    lines = [_words(line, code, words) for line in partners_of(words.library, condition, stage, facts, chosen)]
    if not lines:
        return None
    before, after = (tuple(each for each in lines if each.when == when) for when in ("before", "after"))
    rest = tuple(each for each in lines if each.when in ("beside", "open"))
    return DayOrder(before, after, rest, words.names.of("order-rules", "exercise-order", "rule"))


def day_order_of(course: Course, screening: Screening, words: InOneLanguage, plan: SessionPlan | None = None) -> DayOrder | None:
    """The order of the day of a course that stands, with the supplements of its session; None where the library has no such stage."""
    condition = words.library.conditions.get(course.condition)
    stage = condition.stages.get(course.stage) if condition else None
    if condition is None or stage is None:
        return None
    chosen = tuple(each.supplement for each in plan.supplements) if plan else ()
    return day_order(condition, stage, screening.facts, words, chosen=chosen)


def _words(line: PartnerLine, stage: str, words: InOneLanguage) -> PartnerWords:
    return PartnerWords(
        name=_name(line, stage, words),
        when=line.when,
        when_words=WHEN[line.when](),
        why=" ".join(_why(line)),
        sources=source_lines(words.library, line.sources),
        is_unclear=line.when == "open" and bool(line.clauses),
    )


def _name(line: PartnerLine, stage: str, words: InOneLanguage) -> str:
    if line.supplement:
        return words.names.of("supplements", line.supplement)
    if line.row < 0:
        return _("Exercise therapy")
    name = words.names.lines("stages", stage, "partners")[line.row]
    return name[:1].upper() + name[1:]


def _why(line: PartnerLine) -> list[str]:
    found = [CLAUSES[clause]() for clause in line.clauses]
    if len(line.clauses) > 1 and line.when == "open":
        found.append(_("Two parts of the rule meet in this patient: decide, and write down which comes first."))
    if line.is_exercise_in_general and not line.clauses:
        found.append(_("The rule names no order for this condition."))
    return found


WHEN: Final[Mapping[str, Callable[[], str]]] = {
    "before": lambda: _("before the massage"),
    "after": lambda: _("after the massage"),
    "beside": lambda: _("beside the massage, no order named"),
    "open": lambda: _("the order is open"),
}
CLAUSES: Final[Mapping[str, Callable[[], str]]] = {
    "pain": lambda: _("Pain or contracture: massage first."),
    "hypertension": lambda: _("Hypertension: exercise first."),
    "lungs": lambda: _("Lungs: the vibration massage first."),
}
