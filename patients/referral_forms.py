"""The form of a referral: three lines to type, sensible values for the rest, and everything that is rarely needed folded away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.web.typed import check_can_be_seen
from patients.documents import liftable_rules
from patients.fact_fields import ZoneGroup, zone_groups
from patients.forms import Files, RuleGroup, Terms, rule_groups
from patients.models import Referral
from patients.referrals import PRESSURES, Words, trouble_with_referral, usual_last_day
from patients.upload_fields import UploadField
from patients.uploads import Upload
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.vocabulary import FAMILIES
from protocols.wording_conditions import GROUPS

# Cyrillic letters that look like those of a code, as they come out of a Russian keyboard.
LIKE_LATIN: Final = str.maketrans("АВСЕНКМОРТХIУ,", "ABCEHKMOPTXIY.")
SIDES: Final = ("left", "right", "both")
DAY: Final = {"type": "date"}
FARTHEST: Final = date(2100, 12, 31)  # beyond the last year there is none, and a referral ends later than it begins


@dataclass(frozen=True, slots=True)
class TechniqueGroup:
    """Techniques of one family to tick. ``is_open`` when one of them is ticked."""

    name: str
    is_open: bool
    options: tuple[Any, ...]


class ReferralForm(forms.Form):
    """What a referral says. ``place`` is CONDITION/STAGE; an empty count and an empty last day take the usual ones."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    place = forms.ChoiceField(label=gettext_lazy("Condition and stage"))
    diagnosis = forms.CharField(label=gettext_lazy("Diagnosis"), max_length=300, validators=[check_can_be_seen])
    icd10 = forms.CharField(
        label=gettext_lazy("ICD-10 code"), max_length=8,
        widget=forms.TextInput(attrs={"list": "icd10-codes", "autocomplete": "off"}),
    )  # fmt: skip
    form = forms.CharField(
        label=gettext_lazy("Form of the disease"), max_length=120, required=False, validators=[check_can_be_seen],
        help_text=gettext_lazy("Where it says more than the stage."),
    )  # fmt: skip
    session_count = forms.IntegerField(
        label=gettext_lazy("Number of sessions"), min_value=1, max_value=60, required=False, localize=False,
        help_text=gettext_lazy("Empty: as many as the protocol usually gives."),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        validators=[MaxValueValidator(FARTHEST)],
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    zones_barred = forms.MultipleChoiceField(label=gettext_lazy("Zones that are not worked"), required=False)
    families_barred = forms.MultipleChoiceField(
        label=gettext_lazy("Groups of techniques that are not used"), required=False, widget=forms.CheckboxSelectMultiple
    )
    techniques_barred = forms.MultipleChoiceField(
        label=gettext_lazy("Single techniques that are not used"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pressure_max = forms.ChoiceField(label=gettext_lazy("Strongest pressure"), required=False, widget=forms.RadioSelect)
    rules = forms.MultipleChoiceField(
        label=gettext_lazy("What the doctor lifts"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("A referral cannot lift everything that is ticked.")},
    )  # fmt: skip
    question = forms.CharField(
        label=gettext_lazy("Question to the doctor"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands on top when the doctor opens the referral."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why more sessions are asked for"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, data: QueryDict | None, files: Files | None = None, *, terms: Terms, initial: Mapping[str, Any], asks_for_more: bool = False
    ) -> None:
        super().__init__(data, files, initial={"valid_from": terms.today, **initial})
        self.terms, self.asks_for_more = terms, asks_for_more
        self.fields["reason"].required = asks_for_more
        library, names = terms.library, terms.names
        zones = [(f"{code}|{side}", code) for code in library.zones for side in SIDES]
        rules = [(rule, names.of("rules", rule, "title")) for rule in library.rules]
        self._choose("place", places_to_choose(library, names))
        self._choose("zones_barred", zones)
        self._choose("families_barred", [(code, names.of("families", code)) for code in FAMILIES])
        self._choose("techniques_barred", [(code, names.of("techniques", code)) for code in library.techniques])
        self._choose("pressure_max", [("", pgettext_lazy("pressure", "As the protocol")), *((str(one), str(one)) for one in PRESSURES)])
        self._choose("rules", [(code, title) for code, title in rules if code in self._liftable()])

    def _choose(self, name: str, choices: Any) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _liftable(self) -> frozenset[str]:
        return frozenset(rule.code for rule in liftable_rules(self.terms.library, self.terms.kind))

    def clean_icd10(self) -> str:
        typed: str = self.cleaned_data["icd10"]
        return "".join(typed.upper().translate(LIKE_LATIN).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for name, sentence in trouble_with_referral(self.words(), self.terms.library, on=self.terms.today).items():
                self.add_error(name, sentence)
        return cleaned

    def words(self) -> Words:
        """What was typed, with the usual count and last day where nobody said otherwise."""
        data = self.cleaned_data
        condition, _slash, stage = data["place"].partition("/")
        treatment = self.terms.library.conditions[condition].stages[stage].treatment
        usual = treatment.sessions.usual if treatment else 1
        return Words(
            diagnosis=data["diagnosis"].strip(),
            icd10=data["icd10"],
            condition=condition,
            stage=stage,
            form=data["form"].strip(),
            zones_barred=_joined(data["zones_barred"]),
            families_barred=data["families_barred"],
            techniques_barred=data["techniques_barred"],
            pressure_max=int(data["pressure_max"]) if data["pressure_max"] else None,
            rules=sorted(data["rules"]),
            session_count=data["session_count"] or usual,
            valid_from=data["valid_from"],
            valid_until=data["valid_until"] or usual_last_day(self.terms.library, data["valid_from"]),
            question=data["question"].strip(),
        )

    # For the template ----------------------------------------------------------------------------------------------------
    def zones(self) -> tuple[ZoneGroup, ...]:
        """The zones to tick, by part of the body."""
        return zone_groups(self.terms.library, self.terms.names, self["zones_barred"].value() or ())

    def techniques(self) -> tuple[TechniqueGroup, ...]:
        """The techniques to tick, by family."""
        ticked, library = self["techniques_barred"].value() or (), self.terms.library
        options: dict[str, list[Any]] = {}
        for option in cast("Any", self["techniques_barred"]):
            options.setdefault(library.techniques[option.data["value"]].family, []).append(option)
        names = self.terms.names
        return tuple(
            TechniqueGroup(names.of("families", family), any(each.data["value"] in ticked for each in found), tuple(found))
            for family, found in options.items()
        )

    def rule_groups(self) -> tuple[RuleGroup, ...]:
        """The rules to tick, those that the patient's answers call for first."""
        return tuple(rule_groups(self["rules"], self.terms))

    def bars_something(self) -> bool:
        """Whether the part about what is barred stands open."""
        names = ("zones_barred", "families_barred", "techniques_barred", "pressure_max")
        return any(self[name].value() or self[name].errors for name in names)

    def lifts_something(self) -> bool:
        """Whether the part about what is lifted stands open."""
        return bool(self["rules"].value() or self["rules"].errors)

    def codes(self) -> tuple[str, ...]:
        """Every ICD-10 code of the library, to choose from while typing."""
        return tuple(sorted({code for condition in self.terms.library.conditions.values() for code in condition.icd10}))


class PaperReferralForm(ReferralForm):
    """A referral that came signed on paper, with its scan."""

    outside_doctor = forms.CharField(
        label=gettext_lazy("Doctor who signed on paper"), max_length=160, validators=[check_can_be_seen],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    licence = forms.CharField(label=gettext_lazy("Licence or stamp number"), max_length=120, required=False)
    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    file = UploadField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        signed_on = cleaned.get("signed_on")
        if signed_on and signed_on > self.terms.today:
            self.add_error("signed_on", _("A paper cannot have been signed on a day that is still ahead."))
        return cleaned

    def upload(self) -> Upload:
        """The scan, made harmless."""
        return cast("Upload", self.cleaned_data["file"])


def places_to_choose(library: Library, names: Names) -> list[tuple[str, Any]]:
    """Conditions with the stages that may be massaged, in the order in which they are treated most."""
    found: list[tuple[str, Any]] = [("", _("Choose a stage"))]
    for condition in sorted(library.conditions.values(), key=lambda one: (GROUPS.index(one.group), names.of("conditions", one.code))):
        stages = [
            (f"{condition.code}/{stage.code}", names.of("stages", f"{condition.code}/{stage.code}"))
            for stage in condition.stages.values()
            if stage.treatment is not None
        ]
        found.append((names.of("conditions", condition.code), stages))
    return found


def initial_of(referral: Referral) -> dict[str, Any]:
    """A form filled in as this referral was, but for its dates and its question."""
    return {
        "place": f"{referral.condition}/{referral.stage}",
        "diagnosis": referral.diagnosis,
        "icd10": referral.icd10,
        "form": referral.form,
        "session_count": referral.session_count,
        "zones_barred": [f"{zone}|{each}" for zone, side in referral.zones_barred for each in (SIDES if side == "both" else (side,))],
        "families_barred": referral.families_barred,
        "techniques_barred": referral.techniques_barred,
        "pressure_max": str(referral.pressure_max or ""),
        "rules": referral.rules,
    }


def whole_initial_of(referral: Referral) -> dict[str, Any]:
    """A form filled in exactly as this referral is, to change it."""
    return initial_of(referral) | {
        "valid_from": referral.valid_from,
        "valid_until": referral.valid_until,
        "question": referral.question,
        "reason": referral.reason,
        "version": referral.version,
    }


def _joined(typed: list[str]) -> list[list[str]]:
    """Zones with a side; both sides of one are one entry."""
    sides: dict[str, set[str]] = {}
    for each in typed:
        zone, _bar, side = each.partition("|")
        sides.setdefault(zone, set()).add(side)
    return [[zone, "both" if "both" in found or len(found) == 2 else next(iter(found))] for zone, found in sorted(sides.items())]
