"""Forms around records: a session that was given during an outage, and what is added to a signed record."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.actions import Outage
from clinic.courses.day.queries.recording import givers_of
from clinic.courses.record_forms import RecordForm
from clinic.courses.record_sheet import RecordSheet
from clinic.courses.states import AddendumReason
from clinic.staff.models import Clinic, User
from clinic.web.typed import check_lines_can_be_seen


class OutageForm(RecordForm):
    """The closing sheet of a session that was given while the program could not be used, with its day, who gave it, and why so late."""

    given_on = forms.DateField(
        label=gettext_lazy("Given on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Say on which day it was given.")},
    )
    given_by = forms.ChoiceField(label=gettext_lazy("Given by"), widget=forms.Select(attrs={"class": "form-select"}))
    why = forms.CharField(
        label=gettext_lazy("What kept it from being recorded at the time?"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        validators=[check_lines_can_be_seen],
        error_messages={"required": gettext_lazy("Write what kept the session from being recorded at the time.")},
    )
    asked_on_paper = forms.BooleanField(
        label=gettext_lazy("The questions of that day were asked on paper, and nothing in the answers stood against the session."),
        error_messages={"required": gettext_lazy("No session is given without the day's questions: tick this if they were asked.")},
    )

    def __init__(self, data: QueryDict | None = None, *, sheet: RecordSheet, clinic: Clinic, day: date, by: User) -> None:
        super().__init__(data, sheet=sheet, initial={"given_on": day, "given_by": str(by.pk)})
        self.today, self.people = clinic.today(), {str(person.pk): person for person in givers_of(clinic)}
        given_by = self.fields["given_by"]
        if isinstance(given_by, forms.ChoiceField):
            given_by.choices = [(pk, person.full_name) for pk, person in self.people.items()]

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        return day

    def outage_fields(self) -> list[forms.BoundField]:
        """What is asked of the outage, in order, for the template."""
        return [self[name] for name in ("given_on", "given_by", "why")]

    def outage(self) -> Outage:
        """What was entered of the outage, of a valid form."""
        said = self.cleaned_data
        return Outage(said["given_on"], self.people[said["given_by"]], said["why"])


class AddendumForm(forms.Form):
    """Something to be added to a signed record."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why it is added"),
        choices=AddendumReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What is added"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        validators=[check_lines_can_be_seen],
        error_messages={"required": gettext_lazy("Write what is added.")},
    )
