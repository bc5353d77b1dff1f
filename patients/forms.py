"""Registration and the pages of the intake form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.staff.models import Clinic, Sex
from clinic.web.typed import check_can_be_seen, check_lines_can_be_seen
from patients.actions import CardTaken, check_card_is_free, unread_sentence
from patients.documents import Paper, is_called_for, is_needed_by_stages, liftable_rules, trouble_with
from patients.fact_fields import THREE_ANSWERS
from patients.models import MessageConsent, Patient
from patients.queries import REACHED_BY, newest_words, words_on_messages, years_between
from patients.search import SHORTEST_NUMBER, digits
from patients.upload_fields import UploadField
from patients.uploads import Upload
from protocols.method.answers import Answers
from protocols.method.entries import Question, Rule
from protocols.method.library import Library
from protocols.method.names import Names

ADULT_AGE = 18
OLDEST_BIRTH_YEARS = 125
ONE_LINE = ("family_name", "given_name", "middle_name", "card_number", "phone", "guardian_name", "guardian_phone")
MESSAGE_WORDS = {
    MessageConsent.Channel.EMAIL: gettext_lazy("By e-mail"),
    MessageConsent.Channel.SMS: gettext_lazy("By text message"),
    MessageConsent.Channel.PHONE: gettext_lazy("By telephone"),
}
UNREACHED = {
    "email": gettext_lazy("Without an e-mail address nobody can be written to. Add one, or choose no."),
    "phone": gettext_lazy("Without a telephone number nobody can be reached this way. Add one, or choose no."),
}
Files = MultiValueDict[str, Any]


class PatientForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Who the patient is. ``today`` is the clinic's day; look-alikes must be confirmed by ``is_somebody_else``."""

    errors_stand_above: ClassVar = True
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_somebody_else = forms.BooleanField(label=gettext_lazy("This is a different person"), required=False)

    class Meta:
        model = Patient
        fields: ClassVar = [
            "family_name", "given_name", "middle_name", "born_on", "sex", "card_number", "phone", "email", "language",
            "guardian_name", "guardian_phone", "notes",
        ]  # fmt: skip
        widgets: ClassVar = {
            "born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "sex": forms.RadioSelect,
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: QueryDict | None = None, *, clinic: Clinic, today: date, instance: Patient | None = None) -> None:
        super().__init__(data, instance=instance, initial={"version": instance.version} if instance else {"language": clinic.language})
        self.clinic, self.today = clinic, today
        for name in ONE_LINE:
            self.fields[name].validators.append(check_can_be_seen)
        self.fields["card_number"].required = instance is not None
        self.fields["card_number"].help_text = "" if instance else _("Leave empty to take the next free number.")
        self.fields["notes"].help_text = _("Everybody who registers patients reads this: write nothing about health here.")
        self._ask_about_messages(instance)
        self.fields["sex"].choices = Sex.choices  # type: ignore[attr-defined]  # without the empty choice: an answer is needed
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = _registration_layout()

    def _ask_about_messages(self, patient: Patient | None) -> None:
        """Three questions with yes and no; nothing is chosen where nothing was said, and nothing chosen says nothing."""
        said = newest_words(words_on_messages(patient)) if patient else {}
        for channel in MessageConsent.Channel:
            kept = said.get(channel.value)
            self.fields[message_field(channel)] = forms.ChoiceField(
                label=MESSAGE_WORDS[channel],
                choices=(("yes", _("Yes")), ("no", _("No"))),
                widget=forms.RadioSelect,
                required=False,
                initial=("yes" if kept.is_given else "no") if kept else "",
            )

    def clean_born_on(self) -> date:
        born: date = self.cleaned_data["born_on"]
        if born > self.today:
            raise forms.ValidationError(_("The date of birth lies in the future. Check the year."))
        if born.year < self.today.year - OLDEST_BIRTH_YEARS:
            raise forms.ValidationError(_("Nobody is that old. Check the year."))
        return born

    def clean_card_number(self) -> str:
        number: str = self.cleaned_data["card_number"].strip()
        try:
            check_card_is_free(self.clinic, number, but=self.instance.pk)
        except CardTaken as taken:
            raise forms.ValidationError(taken.sentence) from taken
        return number

    def clean_phone(self) -> str:
        return self._telephone("phone")

    def clean_guardian_phone(self) -> str:
        return self._telephone("guardian_phone")

    def _telephone(self, name: str) -> str:
        number: str = self.cleaned_data[name]
        if number and len(digits(number)) < SHORTEST_NUMBER:
            raise forms.ValidationError(_("A telephone number has at least %(count)s digits.") % {"count": SHORTEST_NUMBER})
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        born = cleaned.get("born_on")
        if born and years_between(born, self.today) < ADULT_AGE and self._asks_for_guardian(cleaned):
            for name, sentence in missing_of_guardian(cleaned).items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        for channel, names in REACHED_BY.items():
            if cleaned.get(message_field(channel)) == "yes" and not any(cleaned.get(name) for name in names):
                self.add_error(message_field(channel), UNREACHED[names[0]])
        return cleaned

    def _asks_for_guardian(self, cleaned: dict[str, Any]) -> bool:
        """A record that was kept without a guardian may be corrected in other things; its birth date and guardian are then as before."""
        if self.instance.pk is None or "born_on" in self.changed_data:
            return True
        return bool({"guardian_name", "guardian_phone"} & set(self.changed_data))

    def details(self) -> dict[str, Any]:
        """The cleaned fields of the record, for the action."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def messages(self) -> dict[str, bool]:
        """What was said on each channel, for the action; a channel on which nothing was said is not there."""
        said = {channel.value: self.cleaned_data[message_field(channel)] for channel in MessageConsent.Channel}
        return {channel: answer == "yes" for channel, answer in said.items() if answer}

    def refuse_stale(self, sentence: str, stored: Patient) -> None:
        """Says that somebody saved meanwhile. What was typed stays; sent again, it takes the place of what is ``stored`` now."""
        self.add_error(None, sentence)
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(stored.version)
        self.data = data

    def saved_otherwise(self, stored: Patient) -> list[tuple[str, Any]]:
        """(label, value in words) of each field in which what is ``stored`` is not what was typed; of a form that was read."""
        names = [name for name in self.Meta.fields if name in self.cleaned_data and getattr(stored, name) != self.cleaned_data[name]]
        return [(str(self.fields[name].label), _in_words(stored, name)) for name in names]

    def names_somebody_else(self) -> bool:
        """Whether this is a new person, or a name, birth date or telephone was corrected: then look-alikes are shown."""
        return self.instance.pk is None or bool({"family_name", "given_name", "born_on", "phone"} & set(self.changed_data))


def _in_words(patient: Patient, name: str) -> Any:
    """A field of the record as it is read: the word of a choice, a date in numbers."""
    value = getattr(patient, name)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    words: Callable[[], str] | None = getattr(patient, f"get_{name}_display", None)
    return words() if words else value


def message_field(channel: MessageConsent.Channel) -> str:
    """The field of the record form that asks about this channel."""
    return f"messages_{channel.value}"


def missing_of_guardian(details: Mapping[str, Any]) -> dict[str, str]:
    """What is missing for somebody under 18: field name to a sentence."""
    sentences = {
        "guardian_name": _("The patient is under 18: write who the parent or guardian is."),
        "guardian_phone": _("The patient is under 18: write a telephone number of the parent or guardian."),
    }
    return {name: sentence for name, sentence in sentences.items() if not details.get(name)}


def _registration_layout() -> Layout:
    return Layout(
        "version",
        Fieldset(
            _("Who"),
            Row(Column("family_name"), Column("given_name"), Column("middle_name")),
            Row(Column("born_on"), Column("sex"), Column("card_number")),
        ),
        Fieldset(_("How to reach them"), Row(Column("phone"), Column("email"), Column("language"))),
        Fieldset(_("For a child"), Row(Column("guardian_name"), Column("guardian_phone"))),
        Fieldset(_("May we write or call?"), Row(*(Column(InlineRadios(message_field(channel))) for channel in MessageConsent.Channel))),
        Fieldset(_("Notes for the reception"), "notes"),
    )


class GateForm(forms.Form):
    """The first page of the intake form: one yes / no / don't know for each question of the gate."""

    def __init__(self, data: QueryDict | None, *, questions: tuple[Question, ...], names: Names, kept: Mapping[str, str]) -> None:
        super().__init__(data, initial={f"gate-{code}": answer for code, answer in kept.items()})
        self.codes = tuple(question.code for question in questions)
        missing = _("Answer this question. “Don't know” is an answer too.")
        for question in questions:
            self.fields[f"gate-{question.code}"] = forms.ChoiceField(
                label=gate_words(names, question),
                choices=THREE_ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": missing, "invalid_choice": missing},
            )

    def gate(self) -> dict[str, str]:
        """The answers of a valid form by gate code."""
        return {code: self.cleaned_data[f"gate-{code}"] for code in self.codes}


class GivenByForm(forms.Form):
    """Who answers, and the declaration at the end. ``seen`` tells which answers the page showed to whoever declares them."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    given_by = forms.ChoiceField(
        label=gettext_lazy("Who answered"),
        choices=(
            ("patient", gettext_lazy("The patient")),
            ("guardian", gettext_lazy("A parent, guardian or legal representative")),
            ("staff", gettext_lazy("Staff, from a document")),
        ),
        widget=forms.RadioSelect,
        initial="patient",
    )
    declared = forms.BooleanField(
        label=gettext_lazy("These answers are true as far as they know, and they will tell us when something changes."),
        error_messages={"required": gettext_lazy("Tick the declaration once the person has agreed to it.")},
    )

    def __init__(self, data: QueryDict | None, *, initial: dict[str, Any], seen: str) -> None:
        super().__init__(data, initial=initial)
        self.seen_now = seen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen") and cleaned["seen"] != self.seen_now:
            raise forms.ValidationError(unread_sentence())
        return cleaned


@dataclass(frozen=True, slots=True)
class Terms:
    """What a document form must know: the kind, the library with its words, the patient's answers and the clinic's day."""

    kind: str
    library: Library
    names: Names
    answers: Answers
    today: date


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """One rule to tick: its check box, title, explanation and the days for which a document lifts it."""

    option: Any  # the check box, which the template prints
    title: str
    explanation: str
    days: int


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules that the patient's answers call for, or the others; ``is_open`` says whether they are seen without a tap."""

    is_called_for: bool
    is_open: bool
    choices: tuple[RuleChoice, ...]


class DocumentForm(forms.Form):
    """A document seen on paper; only the rules that its kind can lift are offered."""

    errors_stand_above: ClassVar = True
    kind = forms.CharField(widget=forms.HiddenInput)
    issued_on = forms.DateField(label=gettext_lazy("Date on the document"), widget=forms.DateInput(attrs={"type": "date"}))
    issued_by = forms.CharField(
        label=gettext_lazy("Issued by"),
        max_length=160,
        validators=[check_can_be_seen],
        help_text=gettext_lazy("The doctor or the institution, as on the document."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Only where the document itself says so."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What it says besides"), required=False, max_length=600, validators=[check_lines_can_be_seen],
        help_text=gettext_lazy("For example the medicine, the reason, or a condition that the doctor makes."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    file = UploadField(required=False)
    rules = forms.MultipleChoiceField(
        label=gettext_lazy("What the document allows"), widget=forms.CheckboxSelectMultiple, required=False,
        error_messages={"invalid_choice": gettext_lazy("This document cannot lift everything that is ticked. Tick only what it names.")},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, files: Files | None = None, *, terms: Terms) -> None:
        super().__init__(data, files, initial={"kind": terms.kind})
        self.terms = terms
        self.entries = {rule.code: rule for rule in liftable_rules(terms.library, terms.kind)}
        self.fields["rules"].choices = [(code, terms.names.of("rules", code, "title")) for code in self.entries]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "kind", Row(Column("issued_on"), Column("issued_by")), Row(Column("valid_until"), Column("file")), "words"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for name, sentence in trouble_with(self.paper(), self.terms.library, on=self.terms.today).items():
                self.add_error(name, sentence)
        return cleaned

    def paper(self) -> Paper:
        """What was typed, for the action."""
        data = self.cleaned_data
        return {
            "kind": self.terms.kind,
            "issued_on": data["issued_on"],
            "issued_by": data["issued_by"],
            "valid_until": data["valid_until"],
            "rules": data["rules"],
            "words": data["words"],
        }

    def upload(self) -> Upload | None:
        """The file that was chosen with it, made harmless."""
        return cast("Upload | None", self.cleaned_data["file"])

    def groups(self) -> Iterator[RuleGroup]:
        """The rules to tick, folded where the document may name none."""
        return rule_groups(self["rules"], self.terms)


def rule_groups(field: forms.BoundField, terms: Terms) -> Iterator[RuleGroup]:
    """The rules to tick: first those that the patient's answers call for, then the others, folded where none must be ticked."""
    entries = {rule.code: rule for rule in liftable_rules(terms.library, terms.kind)}
    called = {code: is_called_for(rule, terms.answers, terms.library) for code, rule in entries.items()}
    ticked, optional = field.value() or (), is_needed_by_stages(terms.library, terms.kind)
    for wanted in (True, False):
        options: list[Any] = [option for option in field if called[option.data["value"]] is wanted]
        is_open = wanted or not optional or any(option.data["value"] in ticked for option in options)
        if options:
            choices = tuple(_rule_choice(option, entries[option.data["value"]], terms.names) for option in options)
            yield RuleGroup(wanted, is_open, choices)


def _rule_choice(option: Any, rule: Rule, words: Names) -> RuleChoice:
    days = rule.clearance.valid_days if rule.clearance else 0
    return RuleChoice(option, words.of("rules", rule.code, "title"), words.of("rules", rule.code, "explanation"), days)


class FileForm(forms.Form):
    """One file that shows a document which is recorded already."""

    file = UploadField()

    def __init__(self, data: QueryDict | None, files: Files | None = None) -> None:
        super().__init__(data, files)

    def upload(self) -> Upload:
        """The file, made harmless."""
        return cast("Upload", self.cleaned_data["file"])


class WithdrawForm(forms.Form):
    """Why a document is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=400, validators=[check_can_be_seen], widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def gate_words(names: Names, question: Question) -> str:
    """The question of a gate row in the reader's language."""
    return names.of("intake", question.code, "question")
