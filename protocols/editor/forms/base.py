"""What all forms of the editor have: the version that the person had in front of them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from clinic.web.typed import check_lines_can_be_seen

LONGEST_LINE = 300
LONGEST_TEXT = 4000


class VersionedForm(forms.Form):
    """A form about one version of a variant. ``prefix`` keeps the fields of several such forms on one page apart; it is not sent."""

    may_come_again: ClassVar[bool] = True  # false where it names a row by its number, which somebody else may have moved
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, version: int, place: str = "", **more: Any) -> None:
        super().__init__(data, initial={**more.pop("initial", {}), "version": version}, auto_id=f"{place}-%s" if place else "id_%s", **more)

    def seen(self) -> int:
        """The version that the person saw; of a form that is valid."""
        found: int = self.cleaned_data["version"]
        return found

    def renew(self, version: int) -> None:
        """What was typed is about this version from now on: sent once more, it counts."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["version"] = str(version)


def select(label: str, choices: Sequence[Any], **more: Any) -> forms.ChoiceField:
    """A select with our look."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **more)


def line(label: str, **more: Any) -> forms.CharField:
    """One line of words."""
    kept = {"max_length": LONGEST_LINE, "validators": [check_lines_can_be_seen], **more}
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"class": "form-control"}), **kept)


def lines(label: str, *, rows: int = 3, language: str = "", **more: Any) -> forms.CharField:
    """Several lines of words; ``language`` is said to who reads the page aloud."""
    attrs = {"class": "form-control", "rows": rows} | ({"lang": language} if language else {})
    kept = {"max_length": LONGEST_TEXT, "validators": [check_lines_can_be_seen], **more}
    return forms.CharField(label=label, widget=forms.Textarea(attrs=attrs), **kept)


def whole(label: str, *, low: float | None = None, high: float | None = None, **more: Any) -> forms.IntegerField:
    """A whole number; bounds are checked apart, with a sentence that says whose they are."""
    attrs = {"class": "form-control num", "inputmode": "numeric"}
    attrs |= {name: str(each) for name, each in (("min", low), ("max", high)) if each is not None}
    return forms.IntegerField(label=label, widget=forms.NumberInput(attrs=attrs), **more)
