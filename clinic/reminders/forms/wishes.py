"""How a patient wishes to be written to."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.reminders.actions.wishes import Wished
from clinic.reminders.models import MessageWishes
from clinic.reminders.states import Channel


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class MessageWishesForm(forms.Form):
    """The channel that comes first, and quiet hours."""

    preferred = forms.ChoiceField(
        label=gettext_lazy("Rather by"),
        choices=[("", pgettext_lazy("way of a message", "no wish")), *Channel.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    quiet_from = _clock(gettext_lazy("Nothing from"))
    quiet_until = _clock(gettext_lazy("Nothing until"))

    def __init__(self, data: Any, *, wishes: MessageWishes | None) -> None:
        names = ("preferred", "quiet_from", "quiet_until")
        super().__init__(data, initial={name: getattr(wishes, name) for name in names} if wishes else {"preferred": ""})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (since is None) != (until is None):
            self.add_error("quiet_until" if until is None else "quiet_from", _("Quiet hours have a beginning and an end."))
        elif since is not None and since == until:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return cleaned

    def wished(self) -> Wished:
        """What was said, as the action takes it."""
        return Wished(self.cleaned_data["preferred"], self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"])
