"""A variant as a whole: begun, sent to the doctor, moved to another state."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.web.typed import check_can_be_seen
from protocols.editor.forms.base import VersionedForm, line, lines

LONGEST_TITLE: Final = 120
USUAL_DAYS: Final = 365
MOST_DAYS: Final = 3 * 366


class BeginForm(forms.Form):
    """What a new variant is about, and its title."""

    subject = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["subject"].label = _("What is changed")
        self.fields["title"] = line(
            pgettext("of a variant", "Title"),
            max_length=LONGEST_TITLE,
            validators=[check_can_be_seen],
            help_text=_("What it is for, in a few words: the doctor reads it first."),
        )


class SubmitForm(VersionedForm):
    """Sent to the doctor, with a word and the day by which the clinic looks at it again."""

    def __init__(self, data: Any = None, *, version: int, today: date) -> None:
        super().__init__(data, version=version, place="send")
        self.today = today
        self.fields["note"] = lines(
            _("Why it is changed"),
            rows=4,
            max_length=2000,
            help_text=_("The doctor reads this beside the changes, and it is kept with them."),
        )
        widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
        self.fields["review_by"] = forms.DateField(
            label=_("Look at it again by"), widget=widget, help_text=_("After this day the edition is shown as overdue for review.")
        )
        self.initial["review_by"] = today + timedelta(days=USUAL_DAYS)

    def clean_review_by(self) -> date:
        """A day to come, and not too far."""
        day: date = self.cleaned_data["review_by"]
        if not self.today < day <= self.today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Choose a day within the next three years."))
        return day


class MoveForm(VersionedForm):
    """A button: undo, discard, bring back, take back. ``number`` is the version to go back to."""

    may_come_again = False
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
