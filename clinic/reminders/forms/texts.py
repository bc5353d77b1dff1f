"""Writing a clinic's own text of a message."""

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.reminders.examples import Draft
from clinic.reminders.models import MessageRules
from clinic.reminders.queries.texts import Spot
from clinic.reminders.shipped import Shipped
from clinic.reminders.states import Channel
from clinic.reminders.text_faults import LONGEST_BODY, LONGEST_SUBJECT, clinical_faults, faults_of

LARGEST: Final = 2**62


class TextForm(forms.Form):
    """Subject and words of one text; ``version`` is the one that the writer saw, ``booking`` the one to show it by."""

    subject = forms.CharField(label=gettext_lazy("Subject"), required=False)
    body = forms.CharField(label=gettext_lazy("Text"), required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, spot: Spot, shown: Shipped, rules: MessageRules, places: list[str], version: int) -> None:
        super().__init__(data, initial={"subject": shown.subject, "body": shown.body, "version": version})
        self.spot, self.rules, self.places, self.words = spot, rules, places, shown
        is_sms = spot.channel == Channel.SMS
        self.fields["body"].widget.attrs |= {
            "rows": 6 if is_sms else 18, "maxlength": LONGEST_BODY, "lang": spot.language, "spellcheck": "true", "class": "words-field",
        }  # fmt: skip
        if is_sms:
            del self.fields["subject"]
        else:
            self.fields["subject"].widget.attrs |= {"maxlength": LONGEST_SUBJECT, "lang": spot.language}

    def refuse_stale(self, sentence: str, newest: int) -> None:
        """Says that somebody saved meanwhile. What was written stays; sent again, it takes the place of that version."""
        self.add_error(None, sentence)
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(newest)
        self.data = data

    def clean_body(self) -> str:
        """As it is kept: line breaks of one kind, nothing around it."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\r", "\n").strip()

    @property
    def draft(self) -> Draft:
        """What was written (before that what was there), ready to be filled."""
        return Draft(self.spot.code, self.spot.channel, self.spot.language, self.rules, self.words)

    def clean(self) -> None:
        # Kept apart from the cleaned data: a field that is refused leaves those, and is still shown as it was written.
        spot, words = self.spot, Shipped(self.cleaned_data.get("subject", ""), self.cleaned_data.get("body", ""))
        self.words = words
        faults = faults_of(
            code=spot.code, channel=spot.channel, language=spot.language, subject=words.subject, body=words.body,
            example=lambda: self.draft.longest(self.places),
        )  # fmt: skip
        faults += [each for each in clinical_faults(words.subject, words.body, self.rules.clinic.edition_digest) if each not in faults]
        for fault in faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)


class ShownBooking(forms.Form):
    """By which booking a text is shown: its number, or none for the one that was booked last."""

    booking = forms.IntegerField(
        label=gettext_lazy("Number of a booking"), required=False, min_value=1, max_value=LARGEST,
        # It stands beside the text and goes with it, so that nothing typed is lost.
        widget=forms.NumberInput(attrs={"form": "text-form"}),
    )  # fmt: skip

    def refuse_unknown(self) -> None:
        """Says that there is no such booking."""
        self.add_error("booking", ValidationError(_("There is no booking with this number; the newest one is shown.")))
