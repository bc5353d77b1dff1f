"""The form on which somebody is written down as away."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clinic.schedule.actions.absences import Away
from clinic.schedule.queries import therapists_for
from clinic.schedule.states import AbsenceReason
from clinic.staff.models import Clinic, User
from clinic.web.typed import check_lines_can_be_seen

FARTHEST = 2100  # nobody plans further; a year beyond would only make dates overflow


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300}))


class AbsentForm(forms.Form):
    """Who is away, from when to when, and why. Without times the days are whole."""

    therapist = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Therapist"), empty_label=None)
    first_on = _day(_("First day"))
    last_on = _day(_("Last day"))
    starts = _clock(_("From"))
    ends = _clock(_("To"))
    reason = forms.ChoiceField(label=_("Reason"), choices=AbsenceReason.choices, widget=forms.RadioSelect, initial=AbsenceReason.ILL)
    note = forms.CharField(label=_("Note"), required=False, max_length=200, validators=[check_lines_can_be_seen])

    def __init__(self, data: QueryDict | None, *, clinic: Clinic, asked: QueryDict, today: date) -> None:
        day = _read_day(asked.get("day", ""), today)
        who = asked.get("therapist", "")
        super().__init__(data, initial={"first_on": day, "last_on": day, "therapist": who if who.isascii() and who.isdigit() else None})
        able = [each.pk for each in therapists_for(clinic)]
        field: Any = self.fields["therapist"]
        field.queryset = User.objects.filter(pk__in=able).order_by("full_name", "pk")
        field.label_from_instance = lambda user: user.full_name

    def clean(self) -> dict[str, Any]:
        """Days in their order, and times only of one day."""
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("first_on"), found.get("last_on")
        starts, ends = found.get("starts"), found.get("ends")
        if first and last and (last < first or last.year >= FARTHEST):
            self.add_error("last_on", _("Choose a day that is not before the first one."))
        if bool(starts) != bool(ends):
            self.add_error("ends" if starts else "starts", _("Write both times, or none for whole days."))
        elif starts and ends and (first != last or ends <= starts):
            self.add_error("ends", _("Times are of one day, and the second one is later. For several days leave the times empty."))
        return found

    def away(self) -> Away:
        """What was entered, for the action."""
        found = self.cleaned_data
        return Away(found["first_on"], found["last_on"], found["reason"], found["starts"], found["ends"], found["note"])


def _read_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return today
    return max(day, today) if day.year < FARTHEST else today
