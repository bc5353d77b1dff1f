"""A rule tried on answers: a form with exactly the facts that the rule reads, and what its answers are to the method."""

from typing import Any, Final

from django import forms
from django.http import QueryDict

from protocols.asking.fact_fields import FactsForm
from protocols.asking.replies import STATED, UNKNOWN
from protocols.method.answers import Answers, FactValue, parse_fact
from protocols.method.entries import Rule
from protocols.method.evidence import PlanFacts
from protocols.method.truth import facts_of
from protocols.presentation.reader import LibraryReader

AGE: Final = "patient.age"
SEX: Final = "patient.sex"
# In everybody's record; what a case of the rules has when it says nothing else.
USUAL_AGE: Final = 30
USUAL_SEX: Final = "female"
SECOND_SESSION: Final = PlanFacts(frozenset(), first_session=False, session_number=2)
RECORD: Final = (AGE, SEX)


def facts_to_ask(rule: Rule) -> frozenset[str]:
    """The facts that decide a rule: those of its condition, of the need for its document, and the age where an effect depends on it."""
    terms = rule.clearance
    of_document = facts_of(terms.required_when) if terms and terms.required_when else frozenset[str]()
    return facts_of(rule.when) | of_document | {AGE for effect in rule.effects if effect.age_min is not None}


class TryForm(FactsForm):
    """Each fact with yes, no and "don't know", or its value; what is left out is not mentioned. Age and sex stand above."""

    def __init__(self, data: QueryDict | None = None, *, rule: Rule, reader: LibraryReader) -> None:
        wanted, library = facts_to_ask(rule), reader.library
        asked = [code for code in library.facts if code in wanted and code not in RECORD]
        super().__init__(data, facts=asked, library=library, names=reader.names, kept={}, may_skip=True)
        self.record = tuple(code for code in RECORD if code in wanted)
        for code in self.record:
            self.fields[code] = self._record_field(code)

    def _record_field(self, code: str) -> forms.Field:
        question, fact = self.names.of("facts", code, "question"), self.library.facts[code]
        if code == AGE:
            widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
            return forms.IntegerField(label=question, initial=USUAL_AGE, min_value=0, max_value=int(fact.max or 120), widget=widget)
        choices = [(value, self.names.value("facts", code, value, fact.values)) for value in fact.values]
        return forms.ChoiceField(label=question, choices=choices, initial=USUAL_SEX, widget=forms.Select(attrs={"class": "form-select"}))

    def record_fields(self) -> tuple[forms.BoundField, ...]:
        """What is in everybody's record, as fields."""
        return tuple(self[code] for code in self.record)

    def answers(self) -> Answers:
        """The answers of a valid form. Who is not asked the age or the sex has those of the cases of the rules."""
        known: dict[str, FactValue] = {AGE: USUAL_AGE, SEX: USUAL_SEX}
        known |= {code: self.cleaned_data[code] for code in self.record}
        replies = self.replies()
        stated = {code: reply.value for code, reply in replies.items() if reply.reply == STATED}
        known |= {code: parse_fact(self.library.facts[code], value, self.library) for code, value in stated.items()}
        return Answers(known, frozenset(code for code, reply in replies.items() if reply.reply == UNKNOWN))

    def stated(self) -> dict[str, Any]:
        """The answers of a valid form as a case of the rules states them, without what such a case has anyway."""
        replies = self.replies()
        found: dict[str, Any] = {
            "facts": {code: _of_case(reply.value) for code, reply in replies.items() if reply.reply == STATED},
            "unknown": sorted(code for code, reply in replies.items() if reply.reply == UNKNOWN),
        }
        # A "no" that is said is a statement of its own: a case that spares must speak of what the rule reads.
        found["facts"] |= {code: False for code, reply in replies.items() if self._is_plain_no(code, reply.reply)}
        age, sex = self.cleaned_data.get(AGE, USUAL_AGE), self.cleaned_data.get(SEX, USUAL_SEX)
        found |= ({"age": age} if age != USUAL_AGE else {}) | ({"sex": sex} if sex != USUAL_SEX else {})
        return {key: value for key, value in found.items() if value}

    def _is_plain_no(self, code: str, reply: str) -> bool:
        return reply not in (STATED, UNKNOWN) and self.library.facts[code].type == "bool"


def _of_case(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset | set) else value
