"""What is entered to get dates, to move one, to give one up, and to say who came."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.courses.actions import Lost
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.moving import ONLY, REFLOW, REST
from clinic.courses.calendar.slots import read_slot
from clinic.courses.states import SessionState
from clinic.schedule.proposing.values import Slot
from clinic.schedule.states import BookingReason
from clinic.web.typed import check_lines_can_be_seen

LONGEST_NOTE: Final = 400
FARTHEST_START: Final = timedelta(days=731)  # every day until then is looked at, and beyond the last year there is none
RHYTHM_WORDS: Final = (
    ("daily", gettext_lazy("Daily")),
    ("every-other", gettext_lazy("Every other day")),
    ("weekly", gettext_lazy("So many a week")),
    ("own", gettext_lazy("Own gaps")),
)
# Why people move or give up a date. What the system itself writes is not among them.
MOVING: Final = tuple(
    (reason.value, reason.label)
    for reason in BookingReason
    if reason not in (BookingReason.EXPIRED, BookingReason.MISSED, BookingReason.EARLIER)
)
WAY_WORDS: Final = (
    (ONLY, gettext_lazy("Only this session")),
    (REST, gettext_lazy("This session and all later ones alike")),
    (REFLOW, gettext_lazy("This session, and of the later ones what the gaps demand")),
)


def weekday_names() -> list[tuple[str, str]]:
    """The days of the week as the reader's language shortens them, Monday first."""
    monday = date(2024, 1, 1)
    return [(str(number), date_format(monday + timedelta(days=number), "D")) for number in range(7)]


def _clock(label: Any, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(label=label, help_text=help_text, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _count(label: Any, low: int, high: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))


class PatternForm(forms.Form):
    """In which rhythm, when and by whom the sessions are wanted."""

    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=RHYTHM_WORDS, widget=forms.RadioSelect)
    per_week = _count(gettext_lazy("Sessions a week"), 1, 7)
    gap_min = _count(gettext_lazy("Open days to the next session, at least"), 1, 30)
    gap_max = _count(gettext_lazy("At most"), 1, 30)
    first_count = _count(gettext_lazy("So many gaps at the beginning are different"), 0, 20)
    first_gap = _count(gettext_lazy("Open days in them"), 1, 10)
    first_on = _day(gettext_lazy("First day"))
    finish_by = _day(gettext_lazy("Finish by"), required=False)
    weekdays = forms.MultipleChoiceField(label=gettext_lazy("Days of the week"), required=False, widget=forms.CheckboxSelectMultiple)
    earliest = _clock(gettext_lazy("Not before"))
    latest = _clock(gettext_lazy("Over by"))
    preferred = _clock(gettext_lazy("Best at"))
    therapist = forms.TypedChoiceField(label=gettext_lazy("Therapist"), required=False, coerce=int, empty_value=None)
    same_therapist = forms.BooleanField(label=gettext_lazy("The same therapist in all sessions"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, pattern: Pattern, therapists: Mapping[int, str], today: date) -> None:
        asked = pattern.stored() | {"weekdays": [str(day) for day in pattern.weekdays]}
        super().__init__(data, initial=asked)
        self.today = today
        self.fields["weekdays"].choices = weekday_names()  # type: ignore[attr-defined]  # a choice field
        self.fields["therapist"].choices = [("", _("Whoever has time")), *therapists.items()]  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        """Pairs that must fit together; each sentence stands at the later field."""
        said = super().clean() or {}
        self._fits("gap_max", said.get("gap_min"), said.get("gap_max"), _("At most is less than at least."))
        self._fits("latest", said.get("earliest"), said.get("latest"), _("This is not after the earliest time."), is_strict=True)
        self._fits("finish_by", said.get("first_on"), said.get("finish_by"), _("This lies before the first day."))
        self._fits("first_on", self.today, said.get("first_on"), _("This day has passed."))
        self._fits("first_on", said.get("first_on"), self.today + FARTHEST_START, _("Choose a day within the next two years."))
        return said

    def _fits(self, field: str, low: Any, high: Any, sentence: str, *, is_strict: bool = False) -> None:
        if low is not None and high is not None and (high < low or (is_strict and high == low)):
            self.add_error(field, sentence)

    def pattern(self) -> Pattern:
        """What was entered."""
        said = dict(self.cleaned_data)
        return Pattern(**{**said, "weekdays": tuple(sorted(map(int, said["weekdays"])))})


class SlotField(forms.CharField):
    """A free place as a page offered it."""

    def clean(self, value: Any) -> Slot:
        slot = read_slot(super().clean(value))
        if slot is None:
            raise forms.ValidationError(_("Choose one of the times."))
        return slot


class OwnTimeForm(forms.Form):
    """A day, a time and perhaps a person of one's own."""

    day = _day(gettext_lazy("Day"))
    clock = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    therapist = forms.TypedChoiceField(label=gettext_lazy("Therapist"), required=False, coerce=int, empty_value=None)
    room = forms.IntegerField(required=False, widget=forms.HiddenInput)  # where a tile was dropped; another one where it is not free

    def __init__(self, data: Mapping[str, Any] | None, *, therapists: Mapping[int, str], prefix: str = "", initial: Any = None) -> None:
        super().__init__(data, prefix=prefix or None, initial=initial)
        self.fields["therapist"].widget.attrs["class"] = "form-select"
        self.fields["therapist"].choices = [("", _("Whoever has time")), *therapists.items()]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> tuple[date, time, int | None]:
        """Day, time, therapist."""
        return self.cleaned_data["day"], self.cleaned_data["clock"], self.cleaned_data["therapist"]


class _Reasoned(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=MOVING)
    note = forms.CharField(
        label=gettext_lazy("In a few words"), required=False, max_length=LONGEST_NOTE, validators=[check_lines_can_be_seen]
    )


class MoveForm(_Reasoned):
    """Where one session goes, what of the later ones goes with it, and why."""

    slot = forms.CharField(required=False)  # one of the times offered, or empty where a time of one's own is named
    way = forms.ChoiceField(label=gettext_lazy("What moves"), choices=WAY_WORDS, initial=ONLY, widget=forms.RadioSelect, required=False)
    anyway = forms.BooleanField(label=gettext_lazy("Set the gaps and the patient's wishes aside for this once"), required=False)

    def chosen(self) -> Slot | None:
        """The slot that was chosen from those offered."""
        return read_slot(self.cleaned_data.get("slot", ""))


class ReleaseForm(_Reasoned):
    """Which dates are given up, and why."""

    which = forms.ChoiceField(label=gettext_lazy("What is given up"), widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None, *, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, initial={"which": choices[0][0]})
        self.fields["which"].choices = choices  # type: ignore[attr-defined]  # a choice field


class AnswerForm(forms.Form):
    """Who did not come, or cancelled too late."""

    answer = forms.ChoiceField(
        choices=[
            (SessionState.MISSED.value, pgettext_lazy("session", "The patient did not come")),
            (SessionState.CANCELLED.value, pgettext_lazy("session", "Cancelled too late")),
        ]
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE, validators=[check_lines_can_be_seen])

    def lost(self) -> Lost:
        """What was entered, for the action."""
        return Lost(SessionState(self.cleaned_data["answer"]), self.cleaned_data["note"])
