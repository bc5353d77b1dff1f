"""What the patient likes, in a few words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.web.typed import check_lines_can_be_seen

LONGEST = 300


class LikesForm(forms.Form):
    """Said by the patient: music, warmth, talking or quiet, a cushion under the knees."""

    likes = forms.CharField(
        label=_("What the patient likes"),
        required=False,
        max_length=LONGEST,
        validators=[check_lines_can_be_seen],
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
    )
