"""A test patient: who it is, what the condition asks, facts, documents, and which session. All of it stands in the address."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from protocols.asking.fact_fields import FactsForm
from protocols.asking.input_fields import InputsForm, wanted_number
from protocols.asking.picking import FactGroup, facts_to_pick, groups_to_pick
from protocols.asking.replies import STATED, UNKNOWN, YES, Reply
from protocols.method.answers import Faults
from protocols.method.case import LONGEST_COURSE, OLDEST_DOCUMENT_DAYS
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.testbench.addresses import AGE, CHOSEN, NUMBER, OF, PAPER, PICKED, REST, RULES_OF_PAPERS, SEX, STAGE, read_rest
from protocols.wording_codes import WORDS

MOST_FACTS: Final = 80  # of a case that was taken out of a course


class PersonForm(forms.Form):
    """Age, sex, which session of how many, supplements that were chosen, and documents with their age in days."""

    def __init__(self, data: QueryDict | None, *, stage: Stage, library: Library, names: Names) -> None:
        self.library, self.names = library, names
        usual = stage.treatment.sessions.usual if stage.treatment else 1
        super().__init__(data, initial={AGE: 45, SEX: "female", NUMBER: max(1, usual // 2), OF: usual})
        years = library.facts["patient.age"]
        self.fields[AGE] = _number(_("Age in years"), int(years.min or 0), int(years.max or 0))
        sexes = library.facts["patient.sex"].values
        choices = [(code, WORDS[code]()) for code in sexes]
        self.fields[SEX] = forms.ChoiceField(label=_("Sex"), choices=choices, widget=forms.RadioSelect)
        self.fields[NUMBER] = _number(_("Session"), 1, LONGEST_COURSE)
        self.fields[OF] = _number(_("of how many"), 1, LONGEST_COURSE)
        self._add_supplements(stage, data)
        for code in library.documents:
            self.fields[PAPER + code] = _number(names.of("documents", code), 0, OLDEST_DOCUMENT_DAYS, required=False)

    def _add_supplements(self, stage: Stage, data: QueryDict | None) -> None:
        rows = stage.treatment.supplements if stage.treatment else ()
        sent = data.getlist(CHOSEN) if data is not None else []
        offered = dict.fromkeys([*(row.supplement for row in rows), *(code for code in sent if code in self.library.supplements)])
        if offered:
            choices = [(code, self.names.of("supplements", code)) for code in offered]
            self.fields[CHOSEN] = forms.MultipleChoiceField(
                label=_("Supplements"), choices=choices, widget=forms.CheckboxSelectMultiple, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number, of = cleaned.get(NUMBER), cleaned.get(OF)
        if number and of and number > of:
            self.add_error(NUMBER, ValidationError(_("This session is after the last one."), code="too-late"))
        return cleaned

    def papers(self) -> dict[str, int]:
        """Documents with their age in days; of a valid form."""
        found = {code: self.cleaned_data.get(PAPER + code) for code in self.library.documents}
        return {code: days for code, days in found.items() if days is not None}

    def paper_fields(self) -> list[forms.BoundField]:
        """One field for each document, those with an age first."""
        fields = [self[PAPER + code] for code in self.library.documents]
        return sorted(fields, key=lambda field: field.value() in (None, ""))

    @property
    def has_papers(self) -> bool:
        """Whether any document was seen."""
        return any(field.value() not in (None, "") for field in self.paper_fields())


def _number(label: str, low: int, high: int, *, required: bool = True) -> forms.IntegerField:
    messages = wanted_number(low, high)
    messages["required"] = messages["invalid"]
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=required, widget=widget, error_messages=messages)


class TriedPatient:
    """Reads a test patient of one condition out of an address. ``is_asked`` is False as long as nobody has sent the form."""

    def __init__(self, query: QueryDict, *, condition: Condition, library: Library, names: Names) -> None:
        self.query, self.condition, self.library, self.names = query, condition, library, names
        self.faults: list[str] = []
        self.stage = condition.stages.get(query.get(STAGE, ""), next(iter(condition.stages.values())))
        self.is_asked = AGE in query
        data = query if self.is_asked else None
        about: dict[str, Any] = {"stage": self.stage, "library": library, "names": names}
        self.person = PersonForm(data, **about)
        self.inputs = InputsForm(data, condition=condition, **about)
        self.picked = self._picked()
        self.facts = FactsForm(self._answered(), facts=self.picked, library=library, names=names, kept={}, may_skip=True)
        self.rest = read_rest(query.get(REST, ""))

    @cached_property
    def is_valid(self) -> bool:
        """Whether everything in the address can be planned from; else the forms and ``faults`` say what is wrong."""
        valid = [form.is_valid() for form in (self.person, self.inputs, self.facts)]
        return self.is_asked and not self.faults and all(valid)

    def stated(self) -> dict[str, Any]:
        """The case as the command takes it; of a valid patient."""
        said = {code: reply for code, reply in self.facts.replies().items() if code in self.library.facts}
        person = self.person.cleaned_data
        chosen = list(person.get(CHOSEN, ()))
        return {
            "patient": {"age": person[AGE], "sex": person[SEX]},
            "condition": self.condition.code,
            "stage": self.stage.code,
            "inputs": self.inputs.raw_inputs(),
            "facts": dict(_stated_facts(said, self.library)),
            "unknown": [code for code, reply in said.items() if reply.reply == UNKNOWN],
            "clearances": self._clearances(),
            "session": {"number": person[NUMBER], "of": person[OF]},
            **({"supplements": chosen} if chosen else {}),
            **{key: value for key, value in self.rest.items() if key != RULES_OF_PAPERS},
        }

    def refuse(self, refused: Faults) -> None:
        """Says what the method did not take, beside its field where it has one here."""
        of_inputs = tuple(fault for fault in refused.faults if fault.field.startswith("inputs."))
        self.inputs.add_faults(of_inputs)
        self.faults += [str(fault) for fault in refused.faults if fault not in of_inputs]

    def _clearances(self) -> dict[str, Any]:
        rules = self.rest.get(RULES_OF_PAPERS, {})
        named = rules if isinstance(rules, Mapping) else {}
        papers = self.person.papers()
        return {code: {"age_days": days, "rules": named[code]} if code in named else days for code, days in papers.items()}

    def _picked(self) -> tuple[str, ...]:
        asked = tuple(dict.fromkeys(code for code in self.query.getlist(PICKED) if code))
        known = tuple(code for code in asked if code in facts_to_pick(self.library))
        if len(known) < len(asked):
            self.faults.append(_("The address names a fact that this library has not. Choose the facts from the list."))
        if len(known) > MOST_FACTS:
            self.faults.append(_("No more than %(count)s facts can be stated at once.") % {"count": MOST_FACTS})
        return known[:MOST_FACTS]

    def _answered(self) -> QueryDict:
        """A fact that was only just picked is most often meant as a yes."""
        data = self.query.copy()
        for code in self.picked:
            if self.library.facts[code].type == "bool" and code not in data:
                data[code] = YES
        return data

    def groups(self) -> tuple[FactGroup, ...]:
        """The facts to pick from; the words that were looked for narrow them."""
        return groups_to_pick(self.library, self.names, without=self.picked, words=self.query.get("find", ""))

    def without(self, code: str) -> str:
        """The address without this fact."""
        left = self.query.copy()
        left.setlist(PICKED, [each for each in self.query.getlist(PICKED) if each != code])
        for name in [name for name in left if name in (code, f"{code}--value")]:
            left.pop(name)
        return left.urlencode()

    def without_rest(self) -> str:
        """The address without what no field asks."""
        left = self.query.copy()
        left.pop(REST, None)
        return left.urlencode()


def _stated_facts(said: Mapping[str, Reply], library: Library) -> list[tuple[str, Any]]:
    """A "no" is stated where the fact is a question of yes and no; of a place or a number it means that there is none."""
    found: list[tuple[str, Any]] = []
    for code, reply in said.items():
        if reply.reply == STATED:
            found.append((code, reply.value))
        elif reply.reply != UNKNOWN and library.facts[code].type == "bool":
            found.append((code, False))
    return found
