"""What else the patient has on the day of a session, in its order: exercise, the partner therapies of the stage, a warm pack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.chains import source_lines
from clinic.courses.presentation.lines import SourceLine
from protocols.method.partners import PartnerLine, partners_of
from protocols.method.setting import Setting


@dataclass(frozen=True, slots=True)
class PartnerWords:
    """One therapy: what it is, when it comes (before | after | beside | open), why, and where that stands."""

    name: str
    when: str
    when_words: str
    why: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class DayOrder:
    """The day around a session. ``open`` are those whose order nothing names; ``rule`` is the rule in the words of the library."""

    before: tuple[PartnerWords, ...]
    after: tuple[PartnerWords, ...]
    open: tuple[PartnerWords, ...]
    rule: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same as lines of text: for cards, prints and whoever hears the page."""
        return tuple(f"{each.name}: {each.when_words}" for each in (*self.before, *self.after, *self.open))


def day_order(setting: Setting, chosen: tuple[str, ...], words: InOneLanguage) -> DayOrder | None:
    """The order of the day; None for a stage that is not massaged. ``chosen`` are the supplements of the session."""
    lines = [_words(line, setting, words) for line in partners_of(setting, chosen)]
    if not lines:
        return None
    before, after = (tuple(each for each in lines if each.when == when) for when in ("before", "after"))
    rest = tuple(each for each in lines if each.when in ("beside", "open"))
    return DayOrder(before, after, rest, words.names.of("order-rules", "exercise-order", "rule"))


def _words(line: PartnerLine, setting: Setting, words: InOneLanguage) -> PartnerWords:
    return PartnerWords(
        name=_name(line, setting, words),
        when=line.when,
        when_words=WHEN[line.when](),
        why=" ".join(_why(line)),
        sources=source_lines(setting.library, line.sources),
    )


def _name(line: PartnerLine, setting: Setting, words: InOneLanguage) -> str:
    if line.supplement:
        return words.names.of("supplements", line.supplement)
    if line.row < 0:
        return _("Exercise therapy")
    stage = f"{setting.condition.code}/{setting.stage.code}"
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
