"""What a case expects and what it says, in a form that knows the words of cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.web.marks import OUTCOMES, PRESSURES, TEMPOS
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.names import NUMBER
from protocols.method.planning import PlannedSession
from protocols.presentation.reader import LibraryReader
from protocols.testbench.expecting import ITEMS, SINGLE, as_expected, is_met, items_of, known_only, said
from protocols.testbench.forms.adding import AddingForm, Choices
from protocols.testbench.given import items_given

LONGEST_SENTENCE: Final = 400
WIDEST_MINUTES: Final = 120

TITLES: Final[Mapping[str, Promise | str]] = {
    "findings": gettext_lazy("Found"),
    "open": gettext_lazy("Left open for lack of an answer"),
    "blocked_by": gettext_lazy("In the way of the start"),
    "works": gettext_lazy("Worked"),
    "never_works": gettext_lazy("Never worked"),
    "uses": gettext_lazy("Used there"),
    "never_uses": gettext_lazy("Never used there"),
    "pressure_at": gettext_lazy("Pressure at most, there"),
    "omitted": gettext_lazy("Left out with its reason"),
    "order": gettext_lazy("In this order"),
    "positions": gettext_lazy("Only in these positions"),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that may be expected. ``holds``: in the plan as it is now; None where there is no plan."""

    value: str
    words: str
    is_ticked: bool
    holds: bool | None


@dataclass(frozen=True, slots=True)
class TickList:
    """Everything of one word: what is expected, what the plan gives besides, and what adds another."""

    word: str
    title: Promise | str
    ticks: tuple[Tick, ...]
    adding: tuple[forms.BoundField, ...]

    @property
    def count(self) -> int:
        """How many are expected."""
        return sum(tick.is_ticked for tick in self.ticks)


class ExpectationForm(forms.Form):
    """The sentence of a case in every language, and what must come of it. ``planned`` is the plan of its patient, where there is one."""

    def __init__(self, data: QueryDict | None, *, reader: LibraryReader, expected: Mapping[str, Any], says: Mapping[str, str]) -> None:
        self.reader, self.library, self.expected = reader, reader.library, expected
        single = {word: _as_typed(expected[word]) for word in SINGLE if word in expected}
        super().__init__(data, initial={**single, **{f"says-{language}": text for language, text in says.items()}})
        self.languages = tuple(says)
        for language in says:
            self.fields[f"says-{language}"] = _sentence(language)
        self._add_single()
        self.adding = AddingForm(reader)

    def _add_single(self) -> None:
        outcomes = [(code, mark.word) for code, mark in OUTCOMES.items()]
        self.fields["outcome"] = _choice(_("Outcome"), outcomes)
        self.fields["may_start"] = _choice(_("The session"), [("yes", _("may start")), ("no", _("may not start"))])
        self.fields["no_steps"] = _choice(_("Steps"), [("yes", _("none at all")), ("no", _("some are drafted"))])
        self.fields["tempo"] = _choice(_("The whole session is"), list(TEMPOS.items()))
        self.fields["replanned"] = _choice(_("Made calm by a finding"), [("yes", _("yes")), ("no", _("no"))])
        self.fields["pressure_at_most"] = _choice(
            _("Pressure at most"), [(str(level), f"{level} – {word}") for level, word in PRESSURES.items()]
        )
        self.fields["minutes_at_most"] = _minutes(_("Minutes at most"))
        self.fields["minutes_about"] = _minutes(_("Minutes, half a minute up or down"))

    # Items --------------------------------------------------------------------------------------------------------------------
    def items(self, word: str) -> list[str]:
        """What is ticked of a word, with what is just being added."""
        if not self.is_bound:
            return items_of(word, self.expected)
        sent = known_only(word, self.data.getlist(word), self.library)  # type: ignore[attr-defined]
        added = self._added(word)
        return [*sent, *([added] if added and added not in sent else [])]

    def _added(self, word: str) -> str:
        item = self.adding.item(word, self.data)
        return next(iter(known_only(word, [item], self.library)), "") if item else ""

    def lists(self, planned: PlannedSession | None) -> tuple[TickList, ...]:
        """What can be ticked, word by word."""
        given = items_given(planned) if planned else {}
        return tuple(self._list(word, given.get(word, []), planned) for word in ITEMS)

    def _list(self, word: str, given: Iterable[str], planned: PlannedSession | None) -> TickList:
        ticked = self.items(word)
        offered = [*ticked, *(item for item in given if item not in ticked)]
        ticks = tuple(self._tick(word, item, ticked, planned) for item in offered)
        return TickList(word, TITLES[word], ticks, self.adding.of(word))

    def _tick(self, word: str, item: str, ticked: list[str], planned: PlannedSession | None) -> Tick:
        wanted = ITEMS[word].together(ticked if word == "positions" and item in ticked else [item])
        holds = is_met(word, wanted, planned) if planned else None
        if word == "positions" and planned:
            holds = item in planned.session.positions
        return Tick(item, self._said(word, item), item in ticked, holds)

    def _said(self, word: str, item: str) -> str:
        words = said(word, item, self.reader)
        _title, separator, rest = words.partition(": ") if word not in ("uses", "never_uses", "pressure_at") else ("", "", "")
        if separator:
            return rest
        return words.partition(" – ")[2] or words

    # What comes of it -----------------------------------------------------------------------------------------------------------
    def single_fields(self) -> list[forms.BoundField]:
        """The words with one value each."""
        return [self[word] for word in SINGLE]

    def sentence_fields(self) -> list[forms.BoundField]:
        """The sentence in each language."""
        return [self[f"says-{language}"] for language in self.languages]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        english = cleaned.get("says-en", "")
        for language in self.languages:
            other = cleaned.get(f"says-{language}", "")
            if other and english and _numbers(other) != _numbers(english):
                self.add_error(f"says-{language}", ValidationError(_("Both sentences must name the same numbers."), code="numbers"))
        if not self.errors and not self.wanted():
            self.add_error(
                None, ValidationError(_("A case that expects nothing is met by every plan. Say what must come of it."), code="empty")
            )
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """What is expected, as a case keeps it; of a form without errors in its fields."""
        single = {word: _read(word, self.cleaned_data.get(word)) for word in SINGLE}
        return as_expected(single, {word: self.items(word) for word in ITEMS})

    def says(self) -> dict[str, str]:
        """The sentence by language."""
        return {language: self.cleaned_data[f"says-{language}"] for language in self.languages}


def _choice(label: str, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", _("nothing is expected")), *choices], required=False, widget=forms.Select(attrs={"class": "form-select"})
    )


def _minutes(label: str) -> forms.FloatField:
    wrong = _("Write minutes from %(min)s to %(max)s.") % {"min": 1, "max": WIDEST_MINUTES}
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5", "class": "form-control"})
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
    return forms.FloatField(label=label, min_value=1, max_value=WIDEST_MINUTES, required=False, widget=widget, error_messages=messages)


def _sentence(language: str) -> forms.CharField:
    labels = {"en": _("What the case says, in English"), "ru": _("What the case says, in Russian")}
    return forms.CharField(
        label=labels.get(language, language),
        max_length=LONGEST_SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control", "lang": language}),
        error_messages={"required": _("Write one sentence: who comes, and what must come of it.")},
        validators=[check_lines_can_be_seen],
    )


def _as_typed(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _read(word: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    if word in ("may_start", "no_steps", "replanned"):
        return value == "yes"
    if word == "pressure_at_most":
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _numbers(text: str) -> list[str]:
    """The numbers of a sentence, with a point as decimal sign: the library refuses a translation that names others."""
    return sorted(number.replace(",", ".") for number in NUMBER.findall(text))
