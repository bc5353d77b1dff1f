"""What a clinic sets about its messages."""

from typing import Any, ClassVar, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.reminders.models import MessageRules
from clinic.reminders.neutral import clinical_words
from clinic.reminders.quiet import QuietHours
from clinic.reminders.states import FOR_STAFF, Kind
from clinic.schedule.forms.fields import time_field
from clinic.web.typed import check_can_be_seen

# The two reminders are switched off by an empty time.
BY_TIME: Final = (Kind.REMINDER_DAY, Kind.REMINDER_HOURS)
SWITCHED: Final = tuple(kind for kind in Kind if kind not in BY_TIME)
PHONE_DIGITS: Final = 5
HELP: Final[dict[str, Any]] = {
    "phone": gettext_lazy("Patients with a question call this number. Without one, its line is left out of every message."),
    "day_before_at": gettext_lazy("Empty: no reminder the day before."),
    "hours_before": gettext_lazy("Empty: no reminder on the day itself. 1 to 12."),
    "next_morning_at": gettext_lazy("When patients are asked how they feel after a session."),
    "grace_minutes": gettext_lazy("Whoever changes five dates in this time causes one message, not five. 1 to 60."),
    "quiet_from": gettext_lazy("A patient may wish for other hours; those count then."),
    "quiet_until": gettext_lazy("Reminders come before these hours, everything else after them."),
    "staff_at": gettext_lazy("When each therapist is told how many patients come tomorrow."),
}


class MessageRulesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Names, times, quiet hours, and which messages are sent at all; ``version`` is the one that the writer saw."""

    class Meta:
        model = MessageRules
        fields: ClassVar = [
            "short_name", "phone", "day_before_at", "hours_before", "next_morning_at", "grace_minutes", "quiet_from", "quiet_until",
            "staff_at",
        ]  # fmt: skip

    kinds_on = forms.MultipleChoiceField(
        label=gettext_lazy("Messages that are sent"), required=False, choices=[(kind.value, kind.label) for kind in SWITCHED],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, rules: MessageRules) -> None:
        on = [kind.value for kind in SWITCHED if kind not in rules.kinds_off]
        super().__init__(data, instance=rules, initial={"kinds_on": on, "version": rules.version if rules.pk else 0})
        for name in ("day_before_at", "next_morning_at", "quiet_from", "quiet_until", "staff_at"):
            model_field = self.fields[name]
            self.fields[name] = time_field(model_field.label, required=model_field.required, help_text=HELP.get(name, ""))
        for name, (least, most) in {"hours_before": (1, 12), "grace_minutes": (1, 60)}.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}
            self.fields[name].help_text = HELP[name]
        self.fields["phone"].help_text = HELP["phone"]
        self.fields["phone"].widget.attrs |= {"type": "tel", "autocomplete": "off"}
        for name in ("short_name", "phone"):
            self.fields[name].validators.append(check_can_be_seen)

    def refuse_stale(self, sentence: str, newest: int) -> None:
        """Says that somebody saved meanwhile. What was written stays; sent again, it takes the place of those rules."""
        self.add_error(None, sentence)
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(newest)
        self.data = data

    def clean_short_name(self) -> str:
        """A name that tells nothing; one line."""
        name = " ".join(self.cleaned_data["short_name"].split())
        if found := clinical_words(name, is_name=True, edition=self.instance.clinic.edition_digest):
            quoted = ", ".join(f"“{word}”" for word in found)
            sentence = _("A neighbour may read this name. Leave out what tells of an illness or a treatment: %(words)s.")
            raise forms.ValidationError(sentence % {"words": quoted})
        return name

    def clean_phone(self) -> str:
        """A number that can be dialled."""
        phone = " ".join(self.cleaned_data["phone"].split())
        digits = sum(letter.isdigit() for letter in phone)
        if phone and (digits < PHONE_DIGITS or any(letter.isalpha() for letter in phone)):
            raise forms.ValidationError(_("Write a telephone number with its digits, for example +49 30 1234567."))
        return phone

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends, evening = (data.get(name) for name in ("quiet_from", "quiet_until", "day_before_at"))
        if starts and ends and evening and QuietHours(starts, ends).hold(evening):
            self.add_error("day_before_at", _("This time lies in the quiet hours below: choose another one."))
        return data

    def values(self) -> dict[str, object]:
        """What was written, for the action."""
        off = [kind.value for kind in SWITCHED if kind.value not in self.cleaned_data["kinds_on"]]
        return {**{name: self.cleaned_data[name] for name in self.Meta.fields}, "kinds_off": off}

    @property
    def to_patients(self) -> list[forms.boundfield.BoundWidget]:
        """The check marks of what goes to patients."""
        return [each for each, kind in zip(self["kinds_on"], SWITCHED, strict=True) if kind not in FOR_STAFF]

    @property
    def to_staff(self) -> list[forms.boundfield.BoundWidget]:
        """The check marks of what goes to staff."""
        return [each for each, kind in zip(self["kinds_on"], SWITCHED, strict=True) if kind in FOR_STAFF]
