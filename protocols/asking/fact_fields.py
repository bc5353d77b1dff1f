"""Form fields for facts of the library: yes / no / don't know, and a value when it is yes. For the intake, the day and test patients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocols.asking.replies import NO, NORMAL, NORMAL_REPLY, STATED, UNKNOWN, UNKNOWN_REPLY, YES, Reply
from protocols.method.entries import Fact
from protocols.method.library import Library
from protocols.method.names import Names

THREE_ANSWERS: Final = ((YES, gettext_lazy("Yes")), (NO, gettext_lazy("No")), (UNKNOWN, gettext_lazy("Don't know")))
VALUE: Final = "--value"  # suffix of the field that holds the value


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """One line of the zone list: a zone and the values that tick each of its sides."""

    zone: str
    name: str
    sides: tuple[tuple[str, str], ...]  # (value "zone|side", word)
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class ZoneGroup:
    name: str
    choices: tuple[ZoneChoice, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """What the template needs to ask one fact."""

    code: str
    kind: str  # bool | number | reading | choices | zones
    question: str
    answer: forms.BoundField
    value: forms.BoundField | None
    unit: str
    zones: tuple[ZoneGroup, ...]

    @property
    def errors(self) -> list[str]:
        found = [*self.answer.errors, *(self.value.errors if self.value else ())]
        return [str(error) for error in found]


def zone_groups(library: Library, names: Names, chosen: Iterable[str]) -> tuple[ZoneGroup, ...]:
    """The zones a person can point at, under the large parts of the body they belong to."""
    ticked = frozenset(chosen)
    roots = [code for code, zone in library.zones.items() if zone.parent is None]
    return tuple(_group(library, names, root, ticked) for root in roots)


def _group(library: Library, names: Names, root: str, ticked: frozenset[str]) -> ZoneGroup:
    codes = [code for code in library.zones if root in library.tree.ancestors(code)]
    choices = tuple(_choice(library, names, code, ticked) for code in codes)
    return ZoneGroup(names.of("zones", root), choices, is_open=any(choice.chosen for choice in choices))


def _choice(library: Library, names: Names, code: str, ticked: frozenset[str]) -> ZoneChoice:
    sides = (("left", _("left")), ("right", _("right"))) if library.zones[code].paired else (("both", _("here")),)
    values = tuple((f"{code}|{side}", word) for side, word in sides)
    return ZoneChoice(code, names.of("zones", code), values, frozenset(value for value, _word in values) & ticked)


class FactsForm(forms.Form):
    """Asks the given facts. ``replies`` of a valid form gives one reply per fact; an empty answer is an error unless ``may_skip``."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        facts: Iterable[str],
        library: Library,
        names: Names,
        kept: Mapping[str, Reply],
        may_skip: bool = False,
    ) -> None:
        self.library, self.names, self.may_skip = library, names, may_skip
        self.facts = tuple(library.facts[code] for code in facts)
        self.new = frozenset(fact.code for fact in self.facts if fact.code not in kept)
        super().__init__(data, initial=self._initial(kept))
        for fact in self.facts:
            self._add(fact)

    def _initial(self, kept: Mapping[str, Reply]) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for fact in self.facts:
            if reply := kept.get(fact.code):
                initial[fact.code] = reply.reply == UNKNOWN if is_reading(fact) else _answer_of(reply)
                initial[fact.code + VALUE] = as_typed(fact, reply.value)
        return initial

    def _add(self, fact: Fact) -> None:
        question = self.names.of("facts", fact.code, "question")
        missing = _("Answer this question. “Don't know” is an answer too.")
        if is_reading(fact):
            self.fields[fact.code] = forms.BooleanField(label=_("Not known"), required=False)
        else:
            self.fields[fact.code] = forms.ChoiceField(
                label=question,
                choices=THREE_ANSWERS,
                widget=forms.RadioSelect,
                required=not self.may_skip,
                # "Weeks since the heart attack?" is no question for yes and no until this is said.
                help_text="" if fact.type == "bool" else _("“No” means: this does not apply to the patient."),
                error_messages={"required": missing, "invalid_choice": missing},
            )
        if fact.type != "bool":
            self.fields[fact.code + VALUE] = _value_field(fact, self.library, self.names, question)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for fact in filter(is_reading, self.facts):
            self._clean_reading(fact, cleaned)
        for fact in self.facts:
            is_yes = fact.type != "bool" and cleaned.get(fact.code) == YES
            if is_yes and cleaned.get(fact.code + VALUE) in (None, "", []) and fact.code + VALUE not in self.errors:
                self.add_error(fact.code + VALUE, _what_is_missing(fact))
        return cleaned

    def _clean_reading(self, fact: Fact, cleaned: dict[str, Any]) -> None:
        """A reading that was written down is its own answer; the tick for "not known" counts only without one."""
        is_not_known = cleaned.pop(fact.code, False)
        if cleaned.get(fact.code + VALUE) is not None:
            cleaned[fact.code] = YES
        elif is_not_known:
            cleaned[fact.code] = UNKNOWN
        elif not cleaned.get(fact.code) and not self.may_skip and fact.code + VALUE not in self.errors:
            self.add_error(fact.code + VALUE, _("Write the number, or tick that it is not known."))

    def replies(self) -> dict[str, Reply]:
        """One reply for each answered fact of a valid form; skipped facts are left out."""
        return {fact.code: self._reply(fact) for fact in self.facts if self.cleaned_data.get(fact.code)}

    def _reply(self, fact: Fact) -> Reply:
        answer = self.cleaned_data[fact.code]
        if answer != YES:
            return NORMAL_REPLY if answer == NO else UNKNOWN_REPLY
        return Reply(STATED, True if fact.type == "bool" else as_stored(fact, self.cleaned_data[fact.code + VALUE]))

    def questions(self) -> tuple[FactQuestion, ...]:
        """The questions in order, for the template."""
        return tuple(self._question(fact) for fact in self.facts)

    def groups(self) -> tuple[tuple[str, tuple[FactQuestion, ...]], ...]:
        """The questions under the gate question that opened them; what the last answers opened stands first, or nobody finds it."""
        has_both = 0 < len(self.new) < len(self.facts)
        titled: dict[str, list[FactQuestion]] = {_("New: opened by the last answers"): []} if has_both else {}
        for fact in self.facts:
            title = next(iter(titled)) if has_both and fact.code in self.new else self._group_title(fact)
            titled.setdefault(title, []).append(self._question(fact))
        return tuple((title, tuple(questions)) for title, questions in titled.items())

    def _group_title(self, fact: Fact) -> str:
        opened_by = next((row.code for row in self.library.intake.gate if fact.code in row.opens), "")
        return self.names.of("intake", opened_by, "question") if opened_by else _("More about these answers")

    def _question(self, fact: Fact) -> FactQuestion:
        value = self[fact.code + VALUE] if fact.type != "bool" else None
        kind = "reading" if is_reading(fact) else _KINDS.get(fact.type, "choices")
        zones = zone_groups(self.library, self.names, (value.value() or ()) if value is not None else ()) if kind == "zones" else ()
        question, unit = self.names.of("facts", fact.code, "question"), self.names.of("facts", fact.code, "unit")
        return FactQuestion(fact.code, kind, question, self[fact.code], value, unit, zones)


_KINDS: Final = {"bool": "bool", "int": "number", "number": "number", "zones": "zones"}


def is_reading(fact: Fact) -> bool:
    """A number that everybody has today, such as a temperature: there is no "no" to it."""
    return fact.type in ("int", "number") and fact.code.startswith("today.") and fact.code != "today.chemotherapy-hours"


def _answer_of(reply: Reply) -> str:
    return {STATED: YES, NORMAL: NO}.get(reply.reply, UNKNOWN)


def as_typed(fact: Fact, value: Any) -> Any:
    """A stored value as the form field shows it: zones as ``zone|side`` words, everything else unchanged."""
    if fact.type != "zones" or not isinstance(value, list):
        return value
    typed: list[str] = []
    for item in value:
        zone, side = (item, "both") if isinstance(item, str) else (item["zone"], item.get("side", "both"))
        typed += [f"{zone}|left", f"{zone}|right", f"{zone}|both"] if side == "both" else [f"{zone}|{side}"]
    return typed


def as_stored(fact: Fact, value: Any) -> Any:
    """A form value as it is stored and as rules read it."""
    if fact.type != "zones":
        return value
    return [dict(zip(("zone", "side"), item.split("|"), strict=True)) for item in value]


def _value_field(fact: Fact, library: Library, names: Names, question: str) -> forms.Field:
    if fact.type == "zones":
        choices = [(f"{code}|{side}", code) for code in library.zones for side in ("left", "right", "both")]
        return forms.MultipleChoiceField(label=question, choices=choices, required=False)
    if fact.type in ("enum", "set"):
        choices = [(value, names.value("facts", fact.code, value, fact.values)) for value in fact.values]
        if fact.type == "enum":
            return forms.ChoiceField(label=question, choices=choices, widget=forms.RadioSelect, required=False)
        return forms.MultipleChoiceField(label=question, choices=choices, widget=forms.CheckboxSelectMultiple, required=False)
    number: dict[str, Any] = {"label": question, "min_value": fact.min, "max_value": fact.max, "required": False, "localize": False}
    number["error_messages"] = dict.fromkeys(("invalid", "min_value", "max_value"), _number_wanted(fact))
    if fact.type == "int":
        return forms.IntegerField(**number, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    return forms.FloatField(**number, widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1"}))


def _number_wanted(fact: Fact) -> str:
    if fact.min is None or fact.max is None:
        return _("Write a number.")
    return _("Write a number from %(min)s to %(max)s.") % {"min": f"{fact.min:g}", "max": f"{fact.max:g}"}


def _what_is_missing(fact: Fact) -> str:
    if fact.type == "zones":
        return _("Tick where it is. If nobody can say where, answer “Don't know”.")
    if fact.type in ("enum", "set"):
        return _("Choose what applies. If nobody can say, answer “Don't know”.")
    return _("Write the number. If nobody can say, answer “Don't know”.")
