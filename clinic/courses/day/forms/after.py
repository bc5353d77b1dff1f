"""What is entered after a session: how the next day was, and what a therapist makes of the proposal for the next session."""

from collections.abc import Mapping
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.actions import NextDaySaid
from clinic.courses.proposals import Proposal
from clinic.courses.record_forms import ScaleField
from clinic.courses.states import AnswerSource, ChoiceReason
from clinic.web.templatetags.marks import side_word
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.deciding import LEAST_MINUTES_FACTOR
from protocols.method.names import Names
from protocols.method.places import Place
from protocols.method.plans import Adaptation, SessionPlan

LONGEST_NOTE: Final = 500
YES_NO: Final = [("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))]
SOURCES: Final = [(code, label) for code, label in AnswerSource.choices if code != AnswerSource.LINK]  # a link writes for itself
FACTORS: Final = ("1.0", "0.9", "0.8", "0.7", "0.6", "0.5")


def _note() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("In a few words"), max_length=LONGEST_NOTE, required=False, validators=[check_lines_can_be_seen],
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip


class NextDayForm(forms.Form):
    """How the day after a session was. Nothing is required by itself; an answer to at least one question is."""

    pain = ScaleField(gettext_lazy("Pain the next morning"), low=gettext_lazy("none"), high=gettext_lazy("the worst imaginable"))
    skin = forms.ChoiceField(
        label=gettext_lazy("A bruise, a skin reaction, swelling or pain in the calf?"),
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    sleep = forms.ChoiceField(label=gettext_lazy("Slept worse, or a headache?"), choices=YES_NO, required=False, widget=forms.RadioSelect)
    source = forms.ChoiceField(
        label=gettext_lazy("How it was asked"), choices=SOURCES, initial=AnswerSource.ASKED, widget=forms.RadioSelect
    )
    note = _note()

    def said(self) -> NextDaySaid:
        """What was answered, of a valid form."""
        data = self.cleaned_data
        return NextDaySaid(
            pain=data["pain"],
            has_skin_or_swelling=_is_yes(data["skin"]),
            slept_worse_or_headache=_is_yes(data["sleep"]),
            note=data["note"],
            source=data["source"],
        )


def _is_yes(answer: str) -> bool | None:
    return answer == "yes" if answer else None


class ProposalForm(forms.Form):
    """The parts of a proposal that can be edited: pressure, zones, minutes, repeat, rungs, techniques; and why."""

    pressure = forms.ChoiceField(label=gettext_lazy("Pressure of the whole session"), widget=forms.RadioSelect)
    minutes = forms.ChoiceField(label=gettext_lazy("Minutes"), widget=forms.Select(attrs={"class": "form-select"}))
    rungs = forms.ChoiceField(label=gettext_lazy("Steps down the dose ladder"), widget=forms.Select(attrs={"class": "form-select"}))
    repeat = forms.BooleanField(required=False)
    leave_out = forms.MultipleChoiceField(
        label=gettext_lazy("Leave these techniques out"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ChoiceField(label=gettext_lazy("Why it is edited"), required=False, widget=forms.Select(attrs={"class": "form-select"}))
    note = _note()

    def __init__(self, data: QueryDict | None, *, found: Proposal, plain: SessionPlan, hurt_at: Mapping[str, str], names: Names) -> None:
        self.proposal, stands, places = found.proposal, found.stands, _places(found, plain)
        shifts = dict(stands.zone_shifts)
        start = {
            "pressure": str(stands.pressure_shift),
            "minutes": str(stands.minutes_factor),
            "rungs": str(stands.rungs_down),
            "repeat": stands.repeat_load_of is not None,
            "leave_out": stands.leave_out,
        }
        super().__init__(data, initial=start)
        self.after = found.after
        self._choose("pressure", _levels())
        self._choose("minutes", [(code, _share(code)) for code in sorted({*FACTORS, str(stands.minutes_factor)}, reverse=True)])
        self._choose("rungs", [(str(count), str(count)) for count in range(found.proposal.rungs_down, 3)])
        self._choose("reason", [("", "–"), *ChoiceReason.choices])
        techniques = dict.fromkeys([*stands.leave_out, *sorted({row.technique for row in plain.rows})])
        self._choose("leave_out", [(code, _technique(code, hurt_at, names)) for code in techniques])
        self.fields["repeat"].label = _("Repeat the load of session %(number)s") % {"number": found.after}
        self.places = {f"zone-{index}": place for index, place in enumerate(places)}
        for name, place in self.places.items():
            label = names.of("zones", place.zone) if place.side == "both" else f"{names.of('zones', place.zone)} ({side_word(place.side)})"
            self.fields[name] = forms.ChoiceField(
                label=label, choices=_levels(), initial=str(shifts.get(place, 0)), widget=forms.Select(attrs={"class": "form-select"})
            )

    def _choose(self, name: str, choices: list[tuple[str, object]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def zone_fields(self) -> list[forms.BoundField]:
        """One field for each zone, for the template."""
        return [self[name] for name in self.places]

    def wanted(self) -> Adaptation:
        """What is to hold, of a valid form."""
        data = self.cleaned_data
        shifts = ((place, int(data[name])) for name, place in self.places.items())
        return Adaptation(
            action=self.proposal.action,
            pressure_shift=int(data["pressure"]),
            zone_shifts=tuple((place, shift) for place, shift in shifts if shift),
            minutes_factor=max(float(data["minutes"]), LEAST_MINUTES_FACTOR),
            rungs_down=int(data["rungs"]),
            repeat_load_of=self.after if data["repeat"] else None,
            leave_out=tuple(data["leave_out"]),
        )


def _places(found: Proposal, plain: SessionPlan) -> list[Place]:
    """What hurt first, then what is worked."""
    marked = [place for each in (found.proposal, found.stands) for place, _shift in each.zone_shifts]
    return list(dict.fromkeys([*marked, *(Place(row.zone, row.side) for row in plain.rows)]))


def _levels() -> list[tuple[str, object]]:
    return [("0", _("as planned")), ("-1", _("one level less")), ("-2", _("two levels less"))]


def _share(code: str) -> str:
    return _("as planned") if float(code) == 1 else _("%(share)s %% of the minutes") % {"share": number_format(round(float(code) * 100))}


def _technique(code: str, hurt_at: Mapping[str, str], names: Names) -> str:
    name = names.of("techniques", code) or code
    return _("%(technique)s (it hurt: %(where)s)") % {"technique": name, "where": hurt_at[code]} if code in hurt_at else name
