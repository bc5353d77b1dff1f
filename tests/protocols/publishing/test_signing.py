"""A variant becomes an edition by one doctor's signature over exactly what was read; whoever wrote it does not sign it."""

import json
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.signing.models import Signature
from clinic.signing.queries import body_of, is_sound, sections_of
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.queries import content_of, edition_in_force, library_in_force
from protocols.models import Publication, Variant
from protocols.publishing.actions import keep_mine, publish_for_demo, return_variant
from protocols.publishing.documents import variant_content
from protocols.publishing.holding import _HOLDS, hold_before_publishing
from protocols.publishing.waiting import waiting_for_doctor, waiting_variants
from protocols.states import VARIANT_TRANSITIONS, VariantState
from protocols.variants.actions import StaleVariant, begin_variant, change_variant, move_variant, submit_variant, withdraw_variant
from protocols.variants.listening import _LISTENERS, when_published
from tests.clinic.courses.signing_desk import a_browser_of
from tests.factories import an_actor
from tests.protocols.publishing.desk import (
    COLLAR,
    ENTRIES,
    REVIEW_BY,
    a_doctor,
    a_draft,
    a_lead,
    a_sent,
    fewer_tonic,
    form_of,
    published,
    shorter,
    sign,
    softer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Actor:
    return a_lead()


@pytest.fixture
def doctor(lead: Actor) -> Actor:
    return a_doctor(lead.clinic)


def in_force(clinic: Clinic) -> int | None:
    """The highest pressure of the calming collar in what the clinic works with now."""
    treatment = library_in_force(Clinic.objects.get(pk=clinic.pk)).conditions["neck-collar"].stages["calming"].treatment
    return treatment.pressure_max if treatment else None


# Signing ----------------------------------------------------------------------------------------------------------------------
def test_a_doctor_signs_what_was_read_and_the_clinic_works_with_it_from_then_on(lead: Actor, doctor: Actor) -> None:
    variant, browser = a_sent(lead), a_browser_of(doctor)
    answer = sign(browser, variant, form_of(browser, variant))
    publication = Publication.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("publishing:edition", args=[publication.edition_id]))
    assert (publication.number, publication.edition.name, publication.variant) == (1, "2026-11.1", variant)
    assert (publication.review_by, publication.note, publication.by) == (REVIEW_BY, "Two patients bruised.", doctor.user)
    assert in_force(lead.clinic) == 2
    assert [row["code"] for row in publication.tightened]
    assert is_sound(publication.signature)
    assert AuditLine.objects.filter(verb="published-variant", subject_id=str(variant.pk)).count() == 1
    variant.refresh_from_db()
    assert variant.state == VariantState.PUBLISHED


def test_the_document_holds_every_changed_entry_before_and_after_and_no_number_with_a_fraction(lead: Actor, doctor: Actor) -> None:
    signature = publish_for_demo(variant=a_sent(lead), actor=doctor).signature
    body = body_of(signature)
    assert [(row["entry"], row["before"]["pressure_max"], row["after"]["pressure_max"]) for row in body["changes"]] == [(COLLAR, 3, 2)]
    assert (body["now"]["edition"], body["becomes"]["edition"], body["becomes"]["digest"]) == (
        "2026-11", "2026-11.1", edition_in_force(Clinic.objects.get(pk=lead.clinic.pk)),
    )  # fmt: skip
    assert [each["name"] for each in (*body["written_by"], *body["sent_by"])] == [lead.user.full_name] * 2
    assert not [number for number in numbers_in(json.loads(signature.content)) if isinstance(number, float)]
    said = "\n".join(line for section in sections_of(signature) for line in section.lines)
    assert "Highest pressure: 3 → 2" in said
    assert "Two patients bruised." in said


def numbers_in(value: object) -> list[object]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers_in(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers_in(item)]
    return [value] if isinstance(value, int | float) else []


def test_a_variant_that_was_changed_after_it_was_read_is_not_signed(lead: Actor, doctor: Actor) -> None:
    variant, browser = a_sent(lead), a_browser_of(doctor)
    form = form_of(browser, variant)
    back = withdraw_variant(variant=variant, version=variant.version, actor=lead)
    changed = change_variant(variant=back, changes=shorter(), said="", version=back.version, actor=lead)
    submit_variant(variant=changed, note="", review_by=REVIEW_BY, version=changed.version, actor=lead)
    answer = sign(browser, variant, form)
    assert answer.status_code == 409
    assert not Signature.objects.exists()
    assert (in_force(lead.clinic), Publication.objects.count()) == (3, 0)


@pytest.mark.same_everywhere
def test_the_note_of_a_variant_is_signed_too(lead: Actor, doctor: Actor) -> None:
    variant, browser = a_sent(lead), a_browser_of(doctor)
    form = form_of(browser, variant)
    Variant.objects.filter(pk=variant.pk).update(note="Because I say so.")
    assert sign(browser, variant, form).status_code == 409
    assert not Signature.objects.exists()


@pytest.mark.same_everywhere
@pytest.mark.parametrize("unseen", ["Stop \u202egnp", "Sof\u200bter", "Yes\u2028No"])
def test_nothing_is_signed_that_cannot_be_seen(lead: Actor, doctor: Actor, unseen: str) -> None:
    variant = a_sent(lead)
    Variant.objects.filter(pk=variant.pk).update(title=unseen)
    with pytest.raises(ActionDenied, match="cannot be seen"):
        publish_for_demo(variant=variant, actor=doctor)


def test_of_two_doctors_one_publishes_and_the_second_is_told(lead: Actor, doctor: Actor) -> None:
    variant, other = a_sent(lead), a_doctor(lead.clinic)
    one, two = a_browser_of(doctor), a_browser_of(other)
    forms = form_of(one, variant), form_of(two, variant)
    assert sign(one, variant, forms[0]).status_code == 303
    assert sign(two, variant, forms[1]).headers["Location"] == reverse("publishing:editions")
    assert (Publication.objects.count(), Signature.objects.count()) == (1, 1)
    with pytest.raises(ActionDenied):
        publish_for_demo(variant=variant, actor=other)


@pytest.mark.same_everywhere
def test_nothing_is_signed_without_the_password_a_moment_ago_nor_in_silence(lead: Actor, doctor: Actor) -> None:
    variant = a_sent(lead)
    browser = a_browser_of(doctor, entered_again=False)
    form = form_of(browser, variant)
    assert "reauthenticate" in sign(browser, variant, form).headers["Location"]
    assert sign(a_browser_of(doctor), variant, {"intent": form["intent"]}).status_code == 409
    assert not Signature.objects.exists()


# Who ----------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.parametrize("role", [Role.THERAPIST, Role.ADMIN, Role.CLINICAL_LEAD, Role.AUDITOR])
def test_nobody_but_a_doctor_publishes_or_sends_back(lead: Actor, role: str) -> None:
    variant, actor = a_sent(lead), an_actor(clinic=lead.clinic, roles=[role])
    for act in (lambda: publish_for_demo(variant=variant, actor=actor), lambda: return_variant(
        variant=variant, question="Why?", version=variant.version, actor=actor
    )):  # fmt: skip
        with pytest.raises(ActionDenied):
            act()
    client = Client()
    client.force_login(actor.user)
    assert client.get(reverse("publishing:sign", args=[variant.pk])).status_code == 403


@pytest.mark.same_everywhere
def test_a_doctor_of_another_clinic_finds_no_such_variant(lead: Actor) -> None:
    variant, stranger = a_sent(lead), a_doctor(a_lead().clinic)
    with pytest.raises(ActionDenied):
        publish_for_demo(variant=variant, actor=stranger)
    assert a_browser_of(stranger).get(reverse("publishing:sign", args=[variant.pk])).status_code == 404
    assert in_force(lead.clinic) == 3


@pytest.mark.same_everywhere
def test_who_wrote_a_variant_or_sent_it_does_not_sign_it(lead: Actor) -> None:
    both = an_actor(clinic=lead.clinic, roles=[Role.CLINICAL_LEAD, Role.DOCTOR])
    helped = a_draft(lead)
    touched = change_variant(variant=helped, changes=shorter(), said="", version=helped.version, actor=both)
    sent = submit_variant(variant=touched, note="", review_by=REVIEW_BY, version=touched.version, actor=lead)
    with pytest.raises(ActionDenied, match="another doctor"):
        publish_for_demo(variant=sent, actor=both)
    back = withdraw_variant(variant=sent, version=sent.version, actor=lead)
    Variant.objects.filter(pk=back.pk).update(changed_by=lead.user)
    back.versions.all()  # the versions stay: who wrote once has written
    again = submit_variant(variant=back, note="", review_by=REVIEW_BY, version=back.version, actor=lead)
    with pytest.raises(ActionDenied, match="another doctor"):
        publish_for_demo(variant=again, actor=both)


# Back -----------------------------------------------------------------------------------------------------------------------------
def test_a_variant_that_is_asked_back_is_a_draft_with_the_question_and_waits_for_the_lead(lead: Actor, doctor: Actor) -> None:
    variant = a_sent(lead)
    assert [(each.title, each.who) for each in waiting_for_doctor(lead.clinic)] == [("Gentler collar", lead.user.full_name)]
    with pytest.raises(StaleVariant):
        return_variant(variant=variant, question="Why?", version=variant.version - 1, actor=doctor)
    with pytest.raises(ActionDenied):
        return_variant(variant=variant, question=" ", version=variant.version, actor=doctor)
    client = a_browser_of(doctor)
    answer = client.post(reverse("publishing:return", args=[variant.pk]), {"question": "Which patients?", "version": variant.version})
    assert answer.status_code == 303
    variant.refresh_from_db()
    assert variant.state == VariantState.DRAFT
    assert [(each.is_returned, each.words) for each in waiting_variants(lead.clinic)] == [(True, "Which patients?")]
    assert waiting_for_doctor(lead.clinic) == ()
    assert AuditLine.objects.filter(verb="returned-variant").count() == 1


@pytest.mark.same_everywhere
def test_the_inbox_shows_what_waits_to_the_doctor_and_to_the_lead(lead: Actor, doctor: Actor) -> None:
    variant = a_sent(lead)
    page = a_browser_of(doctor).get(reverse("courses:inbox")).content.decode()
    assert "Gentler collar" in page
    assert reverse("publishing:sign", args=[variant.pk]) in page
    assert reverse("publishing:sign", args=[variant.pk]) not in a_browser_of(lead).get(reverse("courses:inbox")).content.decode()


# What moved on ------------------------------------------------------------------------------------------------------------------
def test_a_variant_whose_entries_another_edition_changed_is_published_only_after_the_lead_looked(lead: Actor, doctor: Actor) -> None:
    sent = a_sent(lead)
    Variant.objects.filter(pk=sent.pk).update(state=VariantState.DISCARDED)  # aside, as a variant of the same subject comes first
    published(lead, shorter() | fewer_tonic(), doctor)
    Variant.objects.filter(pk=sent.pk).update(state=VariantState.AWAITING)
    sent.refresh_from_db()
    with pytest.raises(ActionDenied, match="another edition changed the same entries"):
        publish_for_demo(variant=sent, actor=doctor)
    back = withdraw_variant(variant=sent, version=sent.version, actor=lead)
    looked = keep_mine(variant=back, version=back.version, actor=lead)
    again = submit_variant(variant=looked, note="", review_by=REVIEW_BY, version=looked.version, actor=lead)
    second = publish_for_demo(variant=again, actor=doctor)
    assert (second.edition.name, content_of(second.before_id).name) == ("2026-11.2", "2026-11.1")
    stages = library_in_force(Clinic.objects.get(pk=lead.clinic.pk)).conditions["neck-collar"].stages
    assert stages["calming"].treatment.pressure_max == 2  # type: ignore[union-attr]
    assert stages["tonic"].treatment.sessions.max == 9  # type: ignore[union-attr]  # what the first changed alone stays


# In one transaction -------------------------------------------------------------------------------------------------------------
def test_what_a_listener_raises_undoes_signature_publication_and_edition_in_force(lead: Actor, doctor: Actor) -> None:
    def refuse(publication: Publication) -> None:
        raise ActionDenied(f"not today: {publication.number}")

    variant, order = a_sent(lead), []
    hold_before_publishing(hold := lambda clinic: order.append(clinic.pk))
    when_published(refuse)
    try:
        with pytest.raises(ActionDenied, match="not today: 1"):
            publish_for_demo(variant=variant, actor=doctor)
    finally:
        _LISTENERS.remove(refuse)
        _HOLDS.remove(hold)
    variant.refresh_from_db()
    assert (variant.state, Publication.objects.count(), Signature.objects.count(), in_force(lead.clinic)) == (
        VariantState.AWAITING,
        0,
        0,
        3,
    )
    assert order == [lead.clinic.pk]


# States -------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.parametrize(("before", "after"), list(product(VariantState.values, VariantState.values)))
def test_a_variant_goes_only_the_ways_of_the_table(before: str, after: str) -> None:
    lead = a_lead()
    variant = begin_variant(subject="conditions/neck-collar", title="x", actor=lead)
    Variant.objects.filter(pk=variant.pk).update(state=before)
    if after in VARIANT_TRANSITIONS[before]:
        assert move_variant(variant=variant, to=after, version=variant.version, note="", actor=lead).state == after
    else:
        with pytest.raises(ActionDenied):
            move_variant(variant=variant, to=after, version=variant.version, note="", actor=lead)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("state", [state for state in VariantState.values if state != VariantState.AWAITING])
def test_only_what_waits_is_signed_or_sent_back(lead: Actor, doctor: Actor, state: str) -> None:
    variant = begin_variant(subject="conditions/neck-collar", title="x", actor=lead)
    Variant.objects.filter(pk=variant.pk).update(state=state)
    with pytest.raises(ActionDenied):
        publish_for_demo(variant=variant, actor=doctor)
    with pytest.raises(ActionDenied):
        return_variant(variant=variant, question="Why?", version=variant.version, actor=doctor)
    assert ENTRIES[COLLAR]["pressure_max"] == 3


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_the_doctor_reads_how_many_cases_are_asked_no_longer(lead: Actor) -> None:
    gone = dict.fromkeys(f"{part}/collar-migraine-attack-waits" for part in ("cases/neck-collar:case", "ru/cases:cases"))
    draft = a_draft(lead, softer() | gone)
    assert "1 case less than now" in [line for section in variant_content(draft).sections for line in section.lines]
