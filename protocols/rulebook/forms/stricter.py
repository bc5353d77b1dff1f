"""One rule made stricter: its numbers, its outcome, the days of its document, its words in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.web.marks import OUTCOMES
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.names import same_numbers
from protocols.method.vocabulary import Outcome
from protocols.presentation.reader import LibraryReader, number
from protocols.rulebook.changing import NotStricter, Raw
from protocols.rulebook.changing_rules import Threshold, Wanted, numbers_not_named, outcomes_open, thresholds, value_at, with_all

OPERATORS: Final = {
    "ge": gettext_lazy("counts from this value up"),
    "gt": gettext_lazy("counts above this value"),
    "le": gettext_lazy("counts from this value down"),
    "lt": gettext_lazy("counts below this value"),
}
WORDS: Final = {
    "title": pgettext_lazy("of a rule", "Title"),
    "explanation": gettext_lazy("Explanation"),
    "ask_intake": gettext_lazy("Question on the intake form"),
    "ask_day": gettext_lazy("Question before a session"),
    "ends_when": gettext_lazy("It ends when"),
}
LONG: Final = ("explanation", "ends_when")
RUSSIAN: Final = "_ru"


def words_field(key: str, *, longest: int = 300, required: bool = False) -> forms.CharField:
    """A text of a rule."""
    rows = 3 if key.removesuffix(RUSSIAN) in LONG else 2
    widget = forms.Textarea(attrs={"rows": rows, "class": "form-control short-area"})
    label = WORDS[key.removesuffix(RUSSIAN)]
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, validators=[check_lines_can_be_seen])


# An end of a shipped rule stays as it is: another one would be an easier one.
KEPT: Final = tuple(key for key in WORDS if key != "ends_when")


def check_pair(form: forms.Form, english: str, russian: str) -> None:
    """Both languages or neither, and the same numbers in both: the library's checks ask for it, and it is said beside the field."""
    if {english, russian} & form.errors.keys():
        return
    first, second = str(form.cleaned_data.get(english) or ""), str(form.cleaned_data.get(russian) or "")
    if bool(first) is not bool(second):
        form.add_error(russian if first else english, _("Write it in both languages, or in neither."))
    elif not same_numbers(first, second):
        form.add_error(russian, _("Both languages must name the same numbers."))


class StricterForm(forms.Form):
    """What of a shipped rule may be set stricter. ``now`` is the rule as the variant has it, ``russian`` its words."""

    def __init__(self, data: Any = None, *, shipped: Raw, now: Raw, russian: Raw, reader: LibraryReader) -> None:
        super().__init__(data)
        self.shipped, self.now, self.reader = shipped, now, reader
        self.thresholds = thresholds(shipped, reader.library.facts)
        for threshold in self.thresholds:
            self.fields[threshold.name] = self._number_field(threshold)
        self._add_outcome()
        if "clearance" in shipped:
            self._add_days(shipped["clearance"]["valid_days"])
        for key in KEPT:
            self.fields[key] = words_field(key, required=key in ("title", "explanation"))
            self.fields[key + RUSSIAN] = words_field(key + RUSSIAN, required=key in ("title", "explanation"))
            self.initial[key], self.initial[key + RUSSIAN] = now.get(key, ""), russian.get(key, "")

    def _number_field(self, threshold: Threshold) -> forms.Field:
        fact = self.reader.library.facts[threshold.fact]
        kind: Any = forms.IntegerField if fact.type == "int" else forms.FloatField
        words = (
            _("Shipped: %(value)s.") if threshold.low == threshold.high else _("Shipped: %(value)s. Stricter: from %(low)s to %(high)s.")
        )
        about = {"value": number(threshold.shipped), "low": number(threshold.low), "high": number(threshold.high)}
        value = value_at(self.now, threshold)
        self.initial[threshold.name] = int(value) if value.is_integer() else value
        return kind(  # type: ignore[no-any-return]
            label=f"{self.reader.names.of('facts', threshold.fact, 'question')} – {OPERATORS[threshold.op]}",
            help_text=words % about,
            widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "decimal", "step": "any"}),
            min_value=threshold.low,
            max_value=threshold.high,
            localize=False,
        )

    def _add_outcome(self) -> None:
        choices = [
            (outcome.code, OUTCOMES[outcome.code].word) for outcome in outcomes_open(self.shipped, self.now, self.reader.library.facts)
        ]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Outcome"), choices=choices, initial=self.now["outcome"], widget=forms.Select(attrs={"class": "form-select"})
        )
        self.initial["outcome"] = self.now["outcome"]

    def _add_days(self, shipped: int) -> None:
        self.initial["valid_days"] = self.now["clearance"]["valid_days"]
        self.fields["valid_days"] = forms.IntegerField(
            label=_("Days that the document holds"),
            help_text=_("Shipped: %(days)s. Fewer is stricter.") % {"days": shipped},
            widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            min_value=1,
            max_value=shipped,
        )

    def number_rows(self) -> Iterator[tuple[Threshold, forms.BoundField]]:
        """The thresholds with their fields."""
        return ((threshold, self[threshold.name]) for threshold in self.thresholds)

    def word_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The English and the Russian of each text beside each other."""
        return ((self[key], self[key + RUSSIAN]) for key in KEPT)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in KEPT:
            check_pair(self, key, key + RUSSIAN)
        if not self.errors:
            self._check_words(data)
        if not self.errors:
            self._check_stricter()
        return data

    def _check_words(self, data: Mapping[str, Any]) -> None:
        """Words that still name the old number would tell people something else than the rule does."""
        for threshold in self.thresholds:
            before, after = value_at(self.now, threshold), float(data[threshold.name])
            for ending in ("", RUSSIAN):
                texts = [str(data.get(key + ending) or "") for key in KEPT]
                if before != after and numbers_not_named(texts, before, after):
                    about = {"old": number(before), "new": number(after)}
                    self.add_error("explanation" + ending, _("The words still name %(old)s. Write %(new)s where they do.") % about)

    def _check_stricter(self) -> None:
        try:
            self.rule()
        except NotStricter as refused:
            self.add_error(None, str(refused))

    def rule(self) -> Raw:
        """The rule as the form asks for it. Raises ``NotStricter``."""
        data = self.cleaned_data
        numbers = tuple((each, float(data[each.name])) for each in self.thresholds)
        texts = {key: data[key] for key in KEPT}
        wanted = Wanted(numbers, Outcome.from_code(data["outcome"]), data.get("valid_days"), texts)
        return with_all(self.now, self.shipped, wanted, self.reader.library.facts)

    def russian(self, before: Raw) -> Raw:
        """Its words in Russian; those of its advice stay."""
        texts = {key: self.cleaned_data[key + RUSSIAN] for key in KEPT}
        return {key: text for key, text in {**before, **texts}.items() if text != ""}
