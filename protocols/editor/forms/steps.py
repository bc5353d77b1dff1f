"""One step of a stage."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from protocols.editor.choices import part_choices, profile_choices, side_choices, zone_choices
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm, select, whole

Row = Mapping[str, Any]
LEAST_MINUTES: Final = 0.5
MOST_MINUTES: Final = 60


class StepForm(VersionedForm):
    """A step that is changed, or a new one. ``place`` keeps the fields of several steps on one page apart."""

    may_come_again = False

    def __init__(self, data: Any = None, *, desk: VariantDesk, stage: Row, step: Row | None, place: str) -> None:
        super().__init__(data, version=desk.variant.version, place=place)
        self.desk, self.step, self.last = desk, step, stage["sessions"]["min"]
        self.fields["zone"] = select(_("Zone"), zone_choices(desk, is_for_work=True))
        self.fields["side"] = select(_("Side"), side_choices(desk))
        self.fields["part"] = select(_("Part of the session"), part_choices())
        attrs = {"class": "form-control num", "inputmode": "decimal", "step": "0.5", "min": LEAST_MINUTES, "max": MOST_MINUTES}
        widget = forms.NumberInput(attrs=attrs)
        self.fields["minutes"] = forms.FloatField(label=_("Minutes"), min_value=LEAST_MINUTES, max_value=MOST_MINUTES, widget=widget)
        self.fields["profile"] = select(_("Mix of techniques"), profile_choices(desk))
        self.fields["from_session"] = whole(_("From session"), low=1, high=self.last, min_value=1, max_value=self.last)
        self.initial = {**self.initial, "side": "both", "part": "main", "from_session": 1, **(step or {})}

    def clean_minutes(self) -> float:
        """Half minutes at the finest."""
        minutes: float = self.cleaned_data["minutes"]
        if minutes * 2 != int(minutes * 2):
            raise forms.ValidationError(_("Minutes are counted in halves: 1, 1.5, 2 and so on."))
        return minutes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        zone, side = data.get("zone"), data.get("side")
        if zone and side and side != "both" and not self._has_sides(zone):
            self.add_error("side", _("This zone has no sides."))
        return data

    def _has_sides(self, zone: str) -> bool:
        library = self.desk.reader.library
        return zone in library.role_zones or any(library.zones[leaf].paired for leaf in library.tree.leaves(zone))

    def changes(self) -> dict[str, Any]:
        """The step as typed, for ``with_step`` and ``with_changed_step``; session 1 needs no saying."""
        data = self.cleaned_data
        minutes = data["minutes"]
        found = {key: data[key] for key in ("part", "zone", "side")} | {"minutes": int(minutes) if minutes == int(minutes) else minutes}
        later = data["from_session"] if data["from_session"] > 1 else None
        return found | {"profile": data["profile"], "from_session": later}
