"""The list of a clinic's variants, and what a new one may be about."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.staff.models import Clinic
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.names import Names
from protocols.models import Variant
from protocols.states import OPEN_VARIANTS, VariantState
from protocols.variants.queries import variants_of
from protocols.variants.subjects import subjects_of

STATE_TONES = {VariantState.DRAFT: "modify", VariantState.AWAITING: "doctor", VariantState.PUBLISHED: "clear", VariantState.DISCARDED: ""}
STATE_ICONS = {
    VariantState.DRAFT: "pencil",
    VariantState.AWAITING: "signature",
    VariantState.PUBLISHED: "circle-check",
    VariantState.DISCARDED: "x",
}


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One variant as a line."""

    variant: Variant
    subject: str
    url: str
    is_open: bool
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a new variant may be about. ``open_url`` is the variant that is being written already, else ""."""

    subject: str
    name: str
    open_url: str


def subject_words(subject: str, names: Names) -> str:
    """What a variant is about."""
    words = {"contraindications": _("Contraindications"), "course-rules": _("Rules of a course")}
    return words.get(subject) or names.of("conditions", subject.removeprefix("conditions/")) or subject


def list_rows(clinic: Clinic) -> tuple[VariantRow, ...]:
    """Every variant of a clinic, those that are being worked on first. One query."""
    names = names_in_force(clinic)
    rows = [_row(variant, names) for variant in variants_of(clinic)]
    return tuple(sorted(rows, key=lambda row: not row.is_open))


def _row(variant: Variant, names: Names) -> VariantRow:
    state = VariantState(variant.state)
    url = reverse("variants:variant", args=[variant.pk])
    return VariantRow(variant, subject_words(variant.subject, names), url, state in OPEN_VARIANTS, STATE_TONES[state], STATE_ICONS[state])


def begin_offers(clinic: Clinic) -> tuple[Offer, ...]:
    """What a clinical lead may begin: conditions by name, then the rules. One query."""
    names = names_in_force(clinic)
    open_urls = {
        subject: reverse("variants:variant", args=[pk])
        for pk, subject in variants_of(clinic).filter(state__in=OPEN_VARIANTS).values_list("pk", "subject")
    }
    subjects = subjects_of(library_in_force(clinic))
    found = [(each.code == "", Offer(each.text, subject_words(each.text, names), open_urls.get(each.text, ""))) for each in subjects]
    return tuple(offer for _is_rules, offer in sorted(found, key=lambda row: (row[0], row[1].name.casefold())))
