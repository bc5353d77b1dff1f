"""The forms on which somebody agrees to a sheet, or takes a consent back."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.actions.consenting import Agreement
from clinic.courses.consents import is_a_drawing, place_words
from clinic.courses.models import Consent
from clinic.courses.presentation import Presenter
from clinic.web.typed import check_can_be_seen, check_lines_can_be_seen
from patients.models import Patient
from protocols.method.library import Library
from protocols.method.places import Place

LONGEST_NOTE: Final = 1000
ALL, SOME = "all", "some"


class AgreeForm(forms.Form):
    """Who agrees, and the mark of it: on the screen with a tick and a drawn signature, on paper with the signed sheet on file."""

    given_as = forms.ChoiceField(label=gettext_lazy("Who agrees"), widget=forms.RadioSelect)
    given_by_name = forms.CharField(label=gettext_lazy("Name"), max_length=160, validators=[check_can_be_seen])
    agrees = forms.BooleanField()
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, way: str, patient: Patient, signers: tuple[str, ...]) -> None:
        usual = {Consent.As.PATIENT: patient.full_name, Consent.As.GUARDIAN: patient.guardian_name}.get(Consent.As(signers[0]), "")
        super().__init__(data, auto_id=f"{way}_%s", initial={"given_as": signers[0], "given_by_name": usual})
        self.way = way
        self.fields["given_as"].choices = [(code, Consent.As(code).label) for code in signers]  # type: ignore[attr-defined]
        words = (
            gettext_lazy("I have read this sheet and agree") if way == Consent.Way.SCREEN else gettext_lazy("The signed sheet is on file")
        )
        self.fields["agrees"].label = words

    def clean_drawing(self) -> str:
        """Paper carries its signature itself."""
        drawing: str = self.cleaned_data["drawing"].strip()
        if self.way != Consent.Way.SCREEN:
            return ""
        if drawing and not is_a_drawing(drawing):
            raise ValidationError(_("This drawing is no signature. Clear it and sign again."))
        return drawing

    def agreement(self, seen: str, again: tuple[Place, ...]) -> Agreement:
        """What was entered, for the action."""
        said = self.cleaned_data
        return Agreement(seen, said["given_by_name"], said["given_as"], self.way, said["drawing"], again)


class PlacesField(forms.MultipleChoiceField):
    """Places among those offered, as ``zone:side``."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, places: Iterable[Place], presenter: Presenter) -> None:
        """From now on these can be chosen, in the order of the body."""
        self.choices = choices_of(places, presenter)


def choices_of(places: Iterable[Place], presenter: Presenter) -> list[tuple[str, str]]:
    """Code and words of each place, in the order of the body."""
    order = list(presenter.library.tree.zones)
    known = sorted(places, key=lambda place: (order.index(place.zone) if place.zone in order else len(order), place.side))
    return [(code_of(place), place_words(place, presenter)) for place in known]


class WithdrawForm(forms.Form):
    """What the patient takes back: all of it, or single parts of the body."""

    what = forms.ChoiceField(
        label=gettext_lazy("What the patient takes back"),
        choices=[(SOME, gettext_lazy("Consent for parts of the body")), (ALL, gettext_lazy("Consent to the whole course"))],
        widget=forms.RadioSelect,
        initial=SOME,
    )
    zones = PlacesField(label=gettext_lazy("Parts of the body"), required=False)
    note = forms.CharField(
        label=gettext_lazy("In the patient's words, if any"), max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), validators=[check_lines_can_be_seen],
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, places: Iterable[Place], presenter: Presenter) -> None:
        super().__init__(data)
        self.library = presenter.library
        self.fields["zones"].offer(places, presenter)  # type: ignore[attr-defined]  # a field of places

    def clean(self) -> dict[str, Any]:
        """Nothing ticked is not everything: whoever takes back parts names them."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == SOME and "zones" in cleaned and not cleaned["zones"]:
            self.add_error("zones", _("Choose at least one part of the body."))
        if cleaned.get("what") == ALL and cleaned.get("zones"):
            self.add_error("what", _("You chose parts of the body and the whole course. Choose one of them."))
        return cleaned

    def places(self) -> tuple[Place, ...]:
        """The places chosen; none stands for all of it."""
        return places_of(self.cleaned_data["zones"], self.library) if self.cleaned_data["what"] == SOME else ()


def code_of(place: Place) -> str:
    """``zone:side`` for an address or a form."""
    return f"{place.zone}:{place.side}"


def places_of(codes: Iterable[str], library: Library) -> tuple[Place, ...]:
    """Places from ``zone:side``; what names no zone and side of the library is passed over."""
    zones, found = library.tree.zones, []
    for code in codes:
        zone, _colon, side = code.partition(":")
        if zone in zones and side in ("left", "right", "both"):
            found.append(Place(zone, side))  # type: ignore[arg-type]  # one of the three
    return tuple(found)
