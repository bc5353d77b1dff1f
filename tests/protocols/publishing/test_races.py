"""Two at the same moment: one edition comes of it, under one signature."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from clinic.signing.intents import Proof, make_intent, session_digest
from clinic.signing.models import Method, Signature
from clinic.staff.permissions import Actor
from protocols.models import Publication, Variant
from protocols.publishing.actions import Word, publish_variant
from protocols.publishing.documents import variant_content
from protocols.variants.actions import withdraw_variant
from protocols.variants.queries import variant_or_404
from tests.protocols.publishing.desk import a_doctor, a_lead, a_sent
from tests.trust.test_signing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def as_read(variant: Variant, doctor: Actor) -> Word:
    """What the page sends when this doctor read the variant as it is now."""
    request: Any = RequestFactory().get("/page/")
    request.user, request.clinic, request.actor, request.session = doctor.user, doctor.clinic, doctor, SessionStore()
    request.session.create()
    content = variant_content(variant_or_404(doctor.clinic, variant.pk))
    return Word(make_intent(content, request), Proof(Method.PASSWORD, session_digest(request)))


def test_of_two_doctors_at_the_same_moment_one_publishes() -> None:
    lead = a_lead()
    variant, doctors = a_sent(lead), [a_doctor(lead.clinic), a_doctor(lead.clinic)]
    words = [as_read(variant, doctor) for doctor in doctors]
    ends = at_once(*(
        lambda doctor=doctor, word=word: publish_variant(variant=variant, word=word, actor=doctor)
        for doctor, word in zip(doctors, words, strict=True)
    ))  # fmt: skip
    assert sorted(ends) == ["denied", "done"]
    assert (Publication.objects.count(), Signature.objects.count()) == (1, 1)


def test_a_variant_that_is_taken_back_while_it_is_signed_is_either_signed_or_a_draft() -> None:
    lead = a_lead()
    variant, doctor = a_sent(lead), a_doctor(lead.clinic)
    word = as_read(variant, doctor)
    ends = at_once(
        lambda: publish_variant(variant=variant, word=word, actor=doctor),
        lambda: withdraw_variant(variant=variant, version=variant.version, actor=lead),
    )
    variant.refresh_from_db()
    assert sorted(ends) == ["denied", "done"]
    assert (variant.state, Publication.objects.count()) == (("published", 1) if ends[0] == "done" else ("draft", 0))
