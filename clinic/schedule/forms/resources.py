"""Sites, rooms, devices, absences and closures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.schedule.actions.absences import Away
from clinic.schedule.actions.closures import Closing
from clinic.schedule.forms.fields import REACH, ThingField, day_field, time_field, words_field
from clinic.schedule.models import Room, Site
from clinic.schedule.states import AbsenceReason
from clinic.staff.models import User


class SiteForm(forms.Form):
    name = words_field(pgettext_lazy("of a place or a closure", "Name"), 80, help_text=gettext_lazy("As people here call it."))
    address = words_field(gettext_lazy("Address"), 200, required=False)


class RoomForm(forms.Form):
    """``sites`` are asked only for a new room where there are several."""

    name = words_field(
        pgettext_lazy("of a place or a closure", "Name"),
        80,
        help_text=gettext_lazy("As it stands on the door. One patient is treated in it at a time."),
    )

    def __init__(self, data: Any = None, *, sites: Sequence[Site] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.sites = sites
        if len(sites) > 1:
            self.fields["site"] = ThingField(label=gettext_lazy("Site"), things=sites)

    @property
    def site(self) -> Site:
        found: Site = self.cleaned_data.get("site") or self.sites[0]
        return found


class DeviceForm(RoomForm):
    """``rooms`` are those in which it may stand."""

    def __init__(self, data: Any = None, *, rooms: Sequence[Room], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["name"].help_text = _("Booked together with the room for massage by apparatus.")
        words = _("Only sessions in this room can have it.")
        empty = _("It is carried to where it is needed")
        self.fields["room"] = ThingField(label=_("Stands in"), things=rooms, empty=empty, required=False, help_text=words)

    def clean(self) -> None:
        room = self.cleaned_data.get("room")
        if room is not None and self.sites and "site" not in self.errors and room.site_id != self.site.pk:
            self.add_error("room", _("This room is at another site than the device. Choose a room of the same site."))


class AbsenceForm(forms.Form):
    """Whole days, or a part of one day."""

    therapist = ThingField(label=gettext_lazy("Therapist"), named="full_name", empty=gettext_lazy("Choose"))
    first_on = day_field(gettext_lazy("First day"))
    last_on = day_field(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: only the first day."))
    starts = time_field(gettext_lazy("From"), help_text=gettext_lazy("Only for a part of one day."))
    ends = time_field(gettext_lazy("To"))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=AbsenceReason.choices, widget=forms.RadioSelect)
    note = words_field(gettext_lazy("Note"), 200, required=False)

    def __init__(self, data: Any = None, *, therapists: Sequence[User], today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        chosen = self.fields["therapist"]
        if isinstance(chosen, ThingField):
            chosen.offer(therapists, named="full_name", empty=_("Choose"))

    def clean(self) -> None:
        data = self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on") or data.get("first_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day comes before the first one."))
        elif last and last < self.today:
            self.add_error("last_on" if data.get("last_on") else "first_on", _("This is over. Write down absences of today and later."))
        self._check_times(is_one_day=first == last)

    def _check_times(self, *, is_one_day: bool) -> None:
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if "starts" in self.errors or "ends" in self.errors or not (starts or ends):
            return
        if not is_one_day:
            self.add_error("starts", _("Times are of one day. Leave them empty, or write each day on its own."))
        elif not starts or not ends:
            self.add_error("starts" if ends else "ends", _("Write both times, or none for whole days."))
        elif ends <= starts:
            self.add_error("ends", _("This comes before the beginning."))

    def away(self) -> Away:
        """What was written, for the action."""
        data = self.cleaned_data
        last = data["last_on"] or data["first_on"]
        return Away(data["first_on"], last, data["reason"], data["starts"], data["ends"], data["note"])


class ClosureForm(forms.Form):
    """Days on which the clinic, or one site, does not treat."""

    name = words_field(
        pgettext_lazy("of a place or a closure", "Name"),
        80,
        help_text=gettext_lazy("What people read in the calendar, for example “Works on the heating”."),
    )
    first_on = day_field(gettext_lazy("First day"))
    last_on = day_field(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: only the first day."))

    def __init__(self, data: Any = None, *, sites: Sequence[Site], today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        if len(sites) > 1:
            self.fields["site"] = ThingField(label=_("What is closed"), things=sites, empty=_("The whole clinic"), required=False)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on") or self.cleaned_data.get("first_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day comes before the first one."))
        elif last and last < self.today:
            self.add_error("first_on", _("This is over. Write down closures of today and later."))

    def closing(self) -> Closing:
        """What was written, for the action."""
        data = self.cleaned_data
        return Closing(data["first_on"], data["last_on"] or data["first_on"], data["name"], data.get("site"))


class OneDayForm(forms.Form):
    """One day of a list: a holiday to work on, a day that goes back to the weekly hours."""

    day = forms.DateField(validators=REACH)
