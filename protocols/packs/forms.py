"""Forms of packs: what is to be written, the file that is brought in, and what of it is taken."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from clinic.web.typed import check_can_be_seen
from protocols.editions.queries import edition_in_force, library_in_force, names_in_force
from protocols.models import Variant
from protocols.packs.actions import Brought
from protocols.packs.format import MOST_BYTES, Pack
from protocols.packs.queries import Wanted, has_own
from protocols.packs.reading import BrokenPack, PackFault, read_pack
from protocols.states import VariantState
from protocols.variants.queries import variants_of

SALT = "tactus.packs.taking"
HOURS = 12
MOST_SEALED = 2_000_000  # letters: a form carries 2.5 MB, and a whole edition takes a fifth of that


# Out ----------------------------------------------------------------------------------------------------------------------------
class ExportForm(forms.Form):
    """What a pack is to hold. Only what fits the chosen kind counts."""

    what = forms.ChoiceField(choices=[(what, what) for what in ("edition", "own", "variant", "choice")])
    variant = forms.ModelChoiceField(queryset=Variant.objects.none(), required=False, label=gettext_lazy("Variant"))
    conditions = forms.MultipleChoiceField(required=False, label=pgettext_lazy("of conditions", "Protocols"))
    rules = forms.MultipleChoiceField(required=False, label=gettext_lazy("Rules"))
    course_rules = forms.BooleanField(required=False, label=gettext_lazy("The rules of a course"))
    name = forms.CharField(required=False, max_length=120, label=gettext_lazy("Name of the pack"), validators=[check_can_be_seen])

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        super().__init__(data)
        self.clinic = clinic
        library, names = library_in_force(clinic), names_in_force(clinic)
        variants = variants_of(clinic).exclude(state=VariantState.DISCARDED)
        fields: dict[str, Any] = self.fields
        fields["variant"].queryset = variants
        self.named = sorted(((code, names.of("conditions", code)) for code in library.conditions), key=lambda row: row[1].casefold())
        fields["conditions"].choices = self.named
        fields["rules"].choices = [(code, f"{names.of('rules', code, 'title')} ({code})") for code in library.rules]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("what") == "variant" and not found.get("variant"):
            self.add_error("variant", _("Choose a variant."))
        if found.get("what") == "own" and not has_own(self.clinic):
            self.add_error("what", _("The edition in force is that of the software: nothing in it is the clinic's own."))
        if found.get("what") == "choice" and not any(found.get(key) for key in ("conditions", "rules", "course_rules")):
            self.add_error("conditions", _("Choose at least one protocol or rule."))
        return found

    def wanted(self) -> Wanted:
        """What was asked for; the name is that of the variant where nobody gave one."""
        said = self.cleaned_data
        if said["what"] == "variant":
            return Wanted("variant", said["variant"], name=said["name"] or said["variant"].title)
        if said["what"] != "choice":
            return Wanted(said["what"], name=said["name"])
        return Wanted("choice", None, tuple(said["conditions"]), tuple(said["rules"]), said["course_rules"], name=said["name"])


# In -----------------------------------------------------------------------------------------------------------------------------
class PackField(forms.FileField):
    """Gives a ``Pack``; the faults of a broken one are kept for the page in ``faults``."""

    faults: tuple[PackFault, ...] = ()

    def clean(self, data: Any, initial: Any = None) -> Pack:
        """Raises ``ValidationError`` for what is no pack, with as many of its faults as a person reads."""
        file = super().clean(data, initial)
        try:
            return read_pack(file.read(MOST_BYTES + 1))
        except BrokenPack as broken:
            self.faults = broken.faults
            raise ValidationError(_("Nothing of this file can be used.")) from broken


class UploadForm(forms.Form):
    """The file of a pack."""

    pack = PackField(
        label=gettext_lazy("File of the pack"),
        help_text=gettext_lazy("A file that Tactus wrote, ending in .json, up to 4 MB."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        allow_empty_file=True,
    )

    @property
    def faults(self) -> tuple[PackFault, ...]:
        """What is wrong with the file, each with its place."""
        field = self.fields["pack"]
        return field.faults if isinstance(field, PackField) else ()


class TakeForm(forms.Form):
    """What of a pack is taken. The pack itself comes back as it was shown, under the server's seal: nothing of it is kept in between."""

    seal = forms.CharField(widget=forms.HiddenInput)
    subject = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        self.fields["subject"].choices = [(each, each) for each in data.getlist("subject")[:100]]  # type: ignore[attr-defined]

    def clean_seal(self) -> Mapping[str, Any]:
        """What was shown. Refused when it is not what was shown to this person, is half a day old, or the edition has changed since."""
        again = _("This page is too old, or the edition in force has changed since. Choose the file again.")
        try:
            held = signing.loads(self.cleaned_data["seal"], salt=SALT, max_age=HOURS * 3600)
        except signing.BadSignature as bad:
            raise ValidationError(again) from bad
        if held["for"] != _holder(self.actor):
            raise ValidationError(again)
        return dict(held)

    def first_error(self) -> str:
        """Why nothing is taken, in a sentence."""
        return str(next(iter(self.errors.get("seal", [])), _("Nothing was chosen.")))

    def brought(self) -> Brought:
        """What of the pack was chosen."""
        held, chosen = self.cleaned_data["seal"], self.cleaned_data["subject"]
        return Brought(held["name"], held["sum"], {subject: takes for subject, takes in held["takes"].items() if subject in chosen})


def sealed(pack: Pack, takes: Mapping[str, Mapping[str, Any]], actor: Actor) -> str:
    """What the page carries to the next step: the changes that can be taken, for this person, this clinic and this edition in force.

    Empty for more than a form can carry.
    """
    held = {"for": _holder(actor), "name": pack.name, "sum": pack.sum, "takes": takes}
    seal = signing.dumps(held, salt=SALT, compress=True)
    return seal if len(seal) <= MOST_SEALED else ""


def _holder(actor: Actor) -> list[Any]:
    return [actor.clinic.pk, actor.user.pk, edition_in_force(actor.clinic)]
