"""A rule of the clinic's own: when it holds, what comes of it, and its words in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.web.marks import OUTCOMES as OUTCOME_MARKS
from clinic.web.typed import check_can_be_seen
from protocols.method.vocabulary import Outcome
from protocols.presentation.reader import LibraryReader
from protocols.presentation.rules import group_name
from protocols.presentation.words import upper_first
from protocols.rulebook.changing import Raw
from protocols.rulebook.changing_own import (
    KINDS,
    NAMED,
    NO,
    NOT_A_GROUP,
    ONE_OF,
    OUTCOMES,
    YES,
    Asked,
    NoComparison,
    asked_of,
    comparison,
    condition,
    lines_of,
    own_rule,
    own_russian,
)
from protocols.rulebook.changing_rules import leaves_open
from protocols.rulebook.forms.stricter import RUSSIAN, WORDS, check_pair, words_field
from protocols.variants.subjects import OWN

LINES: Final = range(1, 6)
MOST_DAYS: Final = 365
LATER: Final = ("during", "after")  # answers that no screening has yet
CODE: Final = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", gettext_lazy("Small Latin letters, digits and hyphens only."))
ANSWERS: Final = [
    ("", "–"),
    (YES, gettext_lazy("yes")),
    (NO, gettext_lazy("no")),
    ("ge", gettext_lazy("this value or more")),
    ("gt", gettext_lazy("more than this value")),
    ("le", gettext_lazy("this value or less")),
    ("lt", gettext_lazy("less than this value")),
    (NAMED, gettext_lazy("something is named")),
    (ONE_OF, gettext_lazy("this word")),
]
NEEDED: Final = ("title", "explanation")


def one_line() -> forms.TextInput:
    """A field of one line."""
    return forms.TextInput(attrs={"class": "form-control"})


class OwnRuleForm(forms.Form):
    """Everything of a rule but its effects, which are added one by one. ``before`` is the rule as it stands, None for a new one."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=30, validators=[CODE], widget=one_line(), help_text=gettext_lazy("“own-” is put before it.")
    )
    protocol = forms.CharField(
        label=gettext_lazy("Protocol of the clinic that it rests on"), max_length=120, validators=[check_can_be_seen], widget=one_line(),
        help_text=gettext_lazy("It becomes the source of the rule, with the date of today."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, reader: LibraryReader, before: Raw | None = None, russian: Raw | None = None) -> None:
        super().__init__(data)
        self.reader, self.before, self.russian_before = reader, before, russian or {}
        if before is not None:
            del self.fields["code"], self.fields["protocol"]
        self._add_sort()
        self._add_condition()
        self._add_document()
        for key in WORDS:
            for ending in ("", RUSSIAN):
                self.fields[key + ending] = words_field(key + ending, required=key in NEEDED)
        self._fill()

    def _choose(self, name: str, label: str, choices: list[tuple[str, Any]], *, required: bool = True, **more: Any) -> None:
        widget = forms.Select(attrs={"class": "form-select"})
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=required, widget=widget, **more)

    def _add_sort(self) -> None:
        reader = self.reader
        groups = dict.fromkeys(rule.group for rule in reader.library.rules.values() if rule.group != NOT_A_GROUP)
        self._choose("group", _("Group"), [(group, group_name(group, reader)) for group in groups])
        self._choose("kind", _("Kind"), [(kind, upper_first(reader.names.label("kind", kind))) for kind in KINDS])
        self._choose("outcome", _("Outcome"), [(outcome.code, OUTCOME_MARKS[outcome.code].word) for outcome in OUTCOMES])

    def _add_condition(self) -> None:
        names = self.reader.names
        facts = [fact for fact in self.reader.library.facts.values() if fact.asked not in ("during", "after") and "plan." not in fact.code]
        choices = [
            ("", "–"),
            *((fact.code, f"{names.of('facts', fact.code, 'question')}{_unit(fact.code, self.reader)}") for fact in facts),
        ]
        self._choose("join", _("It holds when"), [("any", _("at least one of these holds")), ("all", _("all of these hold"))])
        for line in LINES:
            self._choose(f"fact{line}", _("Question %(number)s") % {"number": line}, choices, required=line == 1)
            self._choose(f"answer{line}", _("Answer that counts, question %(number)s") % {"number": line}, ANSWERS, required=line == 1)
            label = _("Value, question %(number)s") % {"number": line}
            self.fields[f"value{line}"] = forms.CharField(label=label, max_length=20, required=False, widget=one_line())

    def _add_document(self) -> None:
        documents = [(code, self.reader.names.of("documents", code)) for code in self.reader.library.documents]
        self._choose("document", _("Document that lets the session start"), [("", _("No document")), *documents], required=False)
        self.fields["valid_days"] = forms.IntegerField(
            label=_("Days that the document holds"), min_value=1, max_value=MOST_DAYS, required=False,
            widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        )  # fmt: skip

    def _fill(self) -> None:
        if self.before is None:
            self.initial.update({"kind": "relative", "outcome": Outcome.DOCTOR.code, "protocol": _("The clinic's own protocol")})
            return
        told = {key: self.before.get(key, "") for key in ("group", "kind", "outcome", *WORDS)}
        self.initial.update({**told, **{key + RUSSIAN: self.russian_before.get(key, "") for key in WORDS}})
        self.initial.update(self.before.get("clearance", {}))
        self.initial["join"], rows = lines_of(self.before["when"])
        for line, row in zip(LINES, rows, strict=False):
            asked = asked_of(row, self.reader.library.facts[row["fact"]])
            self.initial.update({f"fact{line}": asked.fact, f"answer{line}": asked.answer, f"value{line}": asked.value})

    def lines(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Question, answer and value of each line of the condition."""
        return ((self[f"fact{line}"], self[f"answer{line}"], self[f"value{line}"]) for line in LINES)

    def word_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The English and the Russian of each text."""
        return ((self[key], self[key + RUSSIAN]) for key in WORDS)

    def clean_code(self) -> str:
        code = f"{OWN}{self.cleaned_data['code'].removeprefix(OWN)}"
        if code in self.reader.library.rules:
            raise forms.ValidationError(_("A rule with this code is there already."), code="there")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in WORDS:
            check_pair(self, key, key + RUSSIAN)
        self._check_end(data)
        self.comparisons = [found for line in LINES if (found := self._comparison(line, data)) is not None]
        self._check_grave(data)
        return data

    def _check_grave(self, data: Mapping[str, Any]) -> None:
        """A grave rule rests on questions alone that keep a session from starting while nobody has answered them."""
        facts = self.reader.library.facts
        weak = [fact for row in self.comparisons for fact in leaves_open(row, facts)]
        if weak and Outcome.from_code(data.get("outcome") or "clear") >= Outcome.DOCTOR:
            question = self.reader.names.of("facts", weak[0], "question")
            words = _("“%(question)s” may stay unanswered at the start of a session, so this rule can change the plan, but not stop it.")
            self.add_error("outcome", words % {"question": question})

    def _check_end(self, data: Mapping[str, Any]) -> None:
        """What the library's checks ask of a rule, said beside the field."""
        has_end, has_document = bool(data.get("ends_when")), bool(data.get("document"))
        if has_document and not data.get("valid_days") and "valid_days" not in self.errors:
            self.add_error("valid_days", _("Say for how many days the document holds."))
        if data.get("kind") == "temporary" and not has_end:
            self.add_error("ends_when", _("A temporary rule says when it ends."))
        elif data.get("outcome") == Outcome.DOCTOR.code and not (has_document or has_end):
            self.add_error("document", _("Name the document that lifts it, or say when it ends."))
        if data.get("outcome") == Outcome.ABSOLUTE.code and has_document:
            self.add_error("document", _("No document lifts a rule that forbids massage altogether."))

    def _comparison(self, line: int, data: Mapping[str, Any]) -> Raw | None:
        code = data.get(f"fact{line}")
        if not code:
            return None
        fact = self.reader.library.facts[code]
        try:
            return comparison(Asked(code, data.get(f"answer{line}") or "", data.get(f"value{line}") or ""), fact)
        except NoComparison as wrong:
            self.add_error(f"{wrong}{line}", _wrong(str(wrong), code, self.reader))
            return None

    def rule(self) -> Raw:
        """The raw rule of a valid form."""
        data = self.cleaned_data
        code = self.before["code"] if self.before is not None else data["code"]
        return own_rule(code, data, condition(data["join"], self.comparisons), self.before)

    def russian(self) -> Raw:
        """Its words in Russian."""
        return own_russian(self.cleaned_data, self.russian_before)


def _unit(code: str, reader: LibraryReader) -> str:
    unit = reader.names.of("facts", code, "unit")
    return f" ({unit})" if unit else ""


def _wrong(what: str, code: str, reader: LibraryReader) -> str:
    fact = reader.library.facts[code]
    if what == "answer":
        return _("This question does not take this answer.")
    if fact.values:
        return _("Write one of these words: %(words)s.") % {"words": ", ".join(fact.values)}
    return _("Write a number from %(min)s to %(max)s.") % {"min": f"{fact.min or 0:g}", "max": f"{fact.max or 0:g}"}
