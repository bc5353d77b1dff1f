"""The minute before a session: today's readings, "nothing new" in one tap, or the questions one by one; and what starts the session."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.forms import GATE, AskedToday, DayForm, with_no_said
from clinic.staff.models import User
from patients.day import DayQuestion
from patients.fact_fields import VALUE, FactQuestion, is_reading
from patients.models import Patient
from patients.questionnaire import NO, YES, Reply
from protocols.method.library import Library
from protocols.method.names import Names

HOW: Final = "how"  # which button was pressed
QUIET: Final = "nothing-new"
AGREED: Final = frozenset({"today.consent", "consent.guardian", "consent.representative"})


class BeforeForm(DayForm):
    """Today's questions of one patient and plan. ``is_quiet``: "nothing new, agrees" was pressed.

    That answers "no" to everything that is still open, and "yes" to the consent; it never overrules an answer, and it invents no
    reading: one that is missing has to be written down, or ticked as not known.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        questions: tuple[DayQuestion, ...],
        library: Library,
        names: Names,
        kept: Mapping[str, Reply],
    ) -> None:
        self.is_quiet = data is not None and data.get(HOW) == QUIET
        if data is not None and self.is_quiet:
            data = with_nothing_new(data, questions, library)
        super().__init__(data, questions=questions, library=library, names=names, kept=kept)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_quiet:
            for question in self.readings():
                if not cleaned.get(question.code) and question.code + VALUE not in self.errors:
                    self.add_error(question.code + VALUE, _("Write the number, or tick that it is not known."))
        return cleaned

    def readings(self) -> tuple[FactQuestion, ...]:
        """What is measured or counted for this plan, whatever question it stands under."""
        asked = {code for question in self.day for code in question.asked}
        return tuple(row for row in self.questions() if row.kind == "reading" and row.code in asked)

    def one_by_one(self) -> tuple[AskedToday, ...]:
        """The questions without the readings."""
        rows = (replace(row, asked=tuple(each for each in row.asked if each.kind != "reading")) for row in self.asked_today())
        return tuple(row for row in rows if row.asked or row.gate)

    def has_a_yes(self) -> bool:
        """Whether something is answered that "nothing new" would not answer so: the questions are shown then."""
        return any(self[name].value() not in (None, "", NO, False) and name not in AGREED for name in self._choices())

    def _choices(self) -> Iterable[str]:
        asked = (row.code for row in self.facts if not is_reading(row))
        return (*asked, *(name for name in self.fields if name.startswith(GATE)))

    def replies_so_far(self) -> dict[str, Reply]:
        """The replies of the fields that are right already: for showing what they change, never for keeping."""
        self.is_valid()
        wrong = {name.removesuffix(VALUE).removeprefix(GATE) for name in self.errors}
        for code in [code for code in self.cleaned_data if code.removesuffix(VALUE).removeprefix(GATE) in wrong]:
            del self.cleaned_data[code]
        return {code: with_no_said(self.library, code, reply) for code, reply in self.replies().items()}


def with_nothing_new(data: QueryDict, questions: Iterable[DayQuestion], library: Library) -> QueryDict:
    """The same data with everything that is open answered as on a quiet day."""
    full = data.copy()
    for question in questions:
        for code in question.asked:
            if not is_reading(library.facts[code]) and not full.get(code):
                full[code] = YES if code in AGREED else NO
        gate = GATE + question.question.code
        is_marked = any(full.get(code) for code in question.behind)
        if question.behind and not full.get(gate) and not is_marked:
            full[gate] = NO
    return full


class StartForm(forms.Form):
    """What starts a session: its key and the version of the page; who is meant among those alike; that somebody stands in."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=10**8, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, patient: Patient, alike: tuple[Patient, ...], whose: User | None, **initial: Any
    ) -> None:
        super().__init__(data, initial=initial)
        self.patient, self.whose = patient, whose
        if alike:
            self.fields["who"] = forms.ChoiceField(
                label=_("Ask the patient for the date of birth"),
                choices=_dates_of_birth(patient, alike),
                widget=forms.RadioSelect,
                error_messages={"required": _("Somebody alike comes today. Choose the date that the patient says.")},
            )
        if whose is not None:
            self.fields["stands_in"] = forms.BooleanField(
                label=_("I stand in for %(name)s") % {"name": whose.full_name},
                error_messages={"required": _("This is a session of %(name)s. Say that you stand in.") % {"name": whose.full_name}},
            )

    def clean_who(self) -> str:
        chosen = str(self.cleaned_data["who"])
        if chosen != str(self.patient.pk):
            raise forms.ValidationError(_("That is somebody else's date of birth. Open the session of the patient who is here."))
        return chosen

    def pressed(self) -> dict[str, Any]:
        """What a valid form says, for the action."""
        said = self.cleaned_data
        return {"key": said["key"], "version": said["version"], "stands_in": bool(said.get("stands_in"))}


def _dates_of_birth(patient: Patient, alike: tuple[Patient, ...]) -> list[tuple[str, str]]:
    """By date and nothing else, so that it has to be asked; with the name only where two have the same date."""
    people = sorted((patient, *alike), key=lambda each: (each.born_on, each.pk))
    dates = [each.born_on for each in people]
    return [(str(each.pk), _label(each, is_alone=dates.count(each.born_on) == 1)) for each in people]


def _label(patient: Patient, *, is_alone: bool) -> str:
    day = date_format(patient.born_on, "SHORT_DATE_FORMAT")
    return day if is_alone else f"{day}, {patient.full_name}"
