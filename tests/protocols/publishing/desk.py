"""A lead who writes variants, a doctor who signs them at a page, and the editions that come of it."""

import re
from datetime import date, timedelta
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content
from protocols.models import Publication, Variant
from protocols.publishing.actions import publish_for_demo
from protocols.variants.actions import begin_variant, change_variant, submit_variant
from tests.factories import an_actor

COLLAR: Final = "library/conditions/neck-collar:stage/calming"
TONIC: Final = "library/conditions/neck-collar:stage/tonic"
ENTRIES: Final = entries_of(shipped_content().parts)
REVIEW_BY: Final = date.today() + timedelta(days=200)  # noqa: DTZ011  # any day to come


def a_lead(clinic: Clinic | None = None) -> Actor:
    return an_actor(clinic=clinic, roles=[Role.CLINICAL_LEAD])


def a_doctor(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=[Role.DOCTOR])


def softer(address: str = COLLAR) -> dict[str, Any]:
    """A stage of the release with less pressure."""
    return {address: ENTRIES[address] | {"pressure_max": 2}}


def shorter() -> dict[str, Any]:
    """The same stage of the release with eleven sessions at most: another change of the same entry."""
    return {COLLAR: ENTRIES[COLLAR] | {"sessions": ENTRIES[COLLAR]["sessions"] | {"max": 11}}}


def fewer_tonic() -> dict[str, Any]:
    """Another stage of the same condition, with nine sessions at most."""
    return {TONIC: ENTRIES[TONIC] | {"sessions": {"min": 8, "max": 9, "usual": 9}}}


def a_draft(lead: Actor, changes: dict[str, Any] | None = None, title: str = "Gentler collar") -> Variant:
    variant = begin_variant(subject="conditions/neck-collar", title=title, actor=lead)
    return change_variant(variant=variant, changes=changes or softer(), said="softer", version=variant.version, actor=lead)


def a_sent(lead: Actor, changes: dict[str, Any] | None = None, note: str = "Two patients bruised.") -> Variant:
    draft = a_draft(lead, changes)
    return submit_variant(variant=draft, note=note, review_by=REVIEW_BY, version=draft.version, actor=lead)


def published(lead: Actor, changes: dict[str, Any] | None = None, doctor: Actor | None = None) -> Publication:
    """What comes of a variant of this lead that a doctor of the house signed."""
    return publish_for_demo(variant=a_sent(lead, changes), actor=doctor or a_doctor(lead.clinic))


def form_of(client: Client, variant: Variant) -> dict[str, str]:
    """What the form of the page sends, as the page was read now."""
    text = client.get(reverse("publishing:sign", args=[variant.pk])).content.decode()
    intent = re.search(r'name="intent" value="([^"]+)"', text)
    assert intent, "the page offers nothing to sign"
    return {"intent": intent[1], "meaning": "approved"}


def sign(client: Client, variant: Variant, form: dict[str, str]) -> Any:
    return client.post(reverse("publishing:sign", args=[variant.pk]), form)
