"""What is typed about keeping and erasing."""

from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clinic.keeping.models import LEAST_YEARS, MOST_YEARS, Erasure, Retention
from clinic.web.typed import check_lines_can_be_seen

BOUNDS = {"record_years": (LEAST_YEARS, MOST_YEARS), "child_until_age": (18, 40), "message_days": (7, 730)}
HELP = {
    "record_years": _("Counted from the last session, the end of a course or the registration, whichever is latest. 1 to 40."),
    "child_until_age": _("Of who was under 18 at the last session; the longer of the two times holds. 18 to 40."),
    "message_days": _("Then the words and the address go; that a message was sent stays. 7 to 730."),
}


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """For how long the clinic keeps what; ``version`` is the one that the writer saw."""

    class Meta:
        model = Retention
        fields: ClassVar = ["record_years", "child_until_age", "message_days"]

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, retention: Retention) -> None:
        super().__init__(data, instance=retention, initial={"version": retention.version if retention.pk else 0})
        for name, (least, most) in BOUNDS.items():
            field = forms.IntegerField(label=self.fields[name].label, help_text=HELP[name], min_value=least, max_value=most)
            self.fields[name] = field

    def refuse_stale(self, sentence: str, newest: int) -> None:
        """Says that somebody saved meanwhile. What was written stays; sent again, it takes the place of those times."""
        self.add_error(None, sentence)
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(newest)
        self.data = data

    def values(self) -> dict[str, int]:
        """What was written, for the action."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AskForm(forms.Form):
    """Who asked, and why."""

    words = forms.CharField(
        label=Erasure._meta.get_field("words").verbose_name,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_lines_can_be_seen],
        help_text=_("For whoever decides. It goes with the record. Write nothing about health."),
    )


class RefuseForm(forms.Form):
    """Why the record is not erased."""

    answer = forms.CharField(
        label=_("Why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), validators=[check_lines_can_be_seen]
    )


class DecideForm(forms.Form):
    """Until when the page said that the record is kept (empty: not at all), and that it was read."""

    shown = forms.DateField(widget=forms.HiddenInput, required=False)
    is_read = forms.BooleanField(
        label=_("I have read what goes and what stays. It cannot be brought back."), error_messages={"required": _("Read it first.")}
    )
