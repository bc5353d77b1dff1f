"""A row of its own that a clinic adds to a stage: what is forbidden where, a place pressed less, and what is chosen from a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from protocols.editor.choices import document_choices, level_choices, named, side_choices, supplement_choices, what_choices, zone_choices
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm, select

Stage = Mapping[str, Any]


class ForbidForm(VersionedForm):
    """One more thing that the stage forbids."""

    def __init__(self, data: Any = None, *, desk: VariantDesk) -> None:
        super().__init__(data, version=desk.variant.version, place="forbid")
        self.fields["what"] = select(_("What is not done"), what_choices(desk))
        everywhere = (_("The whole body"), [("all", _("everywhere"))])
        self.fields["zone"] = select(_("Where"), [everywhere, *zone_choices(desk, is_for_work=False)])
        self.fields["side"] = select(_("Side"), side_choices(desk))

    def row(self) -> dict[str, str]:
        """The row as the library has it."""
        kind, _colon, code = self.cleaned_data["what"].partition(":")
        return {kind: code, "zone": self.cleaned_data["zone"], "side": self.cleaned_data["side"]}


class PressureAtForm(VersionedForm):
    """A place that is pressed less than the stage."""

    def __init__(self, data: Any = None, *, desk: VariantDesk, stage: Stage) -> None:
        super().__init__(data, version=desk.variant.version, place="place")
        self.stage = stage
        self.fields["zone"] = select(_("Where"), [("", _("Choose")), *zone_choices(desk, is_for_work=True)])
        choices = level_choices(stage["pressure_max"])
        widget = forms.Select(attrs={"class": "form-select"})
        self.fields["level"] = forms.TypedChoiceField(label=_("Pressure at most"), choices=choices, coerce=int, widget=widget)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        level, zone = data.get("level"), data.get("zone")
        known = {row["zone"]: row["level"] for row in self.stage.get("pressure_max_at", ())}
        if level is not None and zone in known and level > known[zone]:
            self.add_error("level", _("This place is pressed %(level)s at most already.") % {"level": known[zone]})
        return data


class ListsForm(VersionedForm):
    """Positions and supplements of the shipped stage that the clinic keeps, what it rules out besides, and the document that it wants."""

    def __init__(self, data: Any = None, *, desk: VariantDesk, own: Stage, shipped: Stage) -> None:
        super().__init__(data, version=desk.variant.version, place="lists")
        self.own, self.shipped = own, shipped
        self.offered = [row["supplement"] for row in shipped.get("supplements", ())]
        self._tick("positions", _("Positions that are used"), named(desk, "positions", shipped["positions"]), own["positions"])
        kept = [row["supplement"] for row in own.get("supplements", ())]
        if self.offered:
            self._tick("supplements", _("Supplements that fit"), supplement_choices(desk, self.offered), kept)
        documents = document_choices(desk)
        ships = shipped.get("needs_document", "")
        if ships:
            documents = [row for row in documents if row[0] == ships]
        self.fields["needs_document"] = select(_("Document needed before each session"), documents, required=False)
        self.initial["needs_document"] = own.get("needs_document", "")

    def _tick(self, name: str, label: str, choices: Sequence[tuple[str, str]], ticked: Sequence[str]) -> None:
        widget = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
        self.fields[name] = forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget)
        self.initial[name] = list(ticked)

    def clean_positions(self) -> list[str]:
        """In the shipped order: the first that reaches a zone is taken."""
        ticked = self.cleaned_data["positions"]
        if not ticked:
            raise forms.ValidationError(_("At least one position must stay."))
        return [code for code in self.shipped["positions"] if code in ticked]

    def stage(self) -> dict[str, Any]:
        """The stage with the lists as ticked; supplements come back as they ship."""
        ticked = self.cleaned_data.get("supplements", [])
        supplements = [row for row in self.shipped.get("supplements", ()) if row["supplement"] in ticked]
        found = {**self.own, "positions": self.cleaned_data["positions"], "supplements": supplements}
        document = self.cleaned_data["needs_document"]
        rest = {key: value for key, value in found.items() if key != "needs_document"}
        return {**rest, "needs_document": document} if document else rest
