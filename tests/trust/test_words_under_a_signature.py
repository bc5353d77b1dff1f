"""Words that are typed beside a button may come to stand under a signature or in a patient's history: nothing unseen is in them."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Course, CourseMove
from clinic.signing.models import Signature
from clinic.staff.permissions import Actor
from patients.models import Referral, ReferralMove
from tests.clinic.courses.signing_desk import a_browser_of, an_awaiting_course, form_of, sign
from tests.factories import a_course_that_may_start, a_patient, a_running_course
from tests.papers import a_paper_referral, a_written_referral

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
SignedIn = Callable[[Any], Client]
UNSEEN: Final = {"nothing": "Fever\x00", "right to left": "Stop \u202egnp", "line separator": "No\u2028Yes", "zero width": "Fe\u200bver"}
SEVERAL_LINES: Final = "First line.\r\n\r\n\tSecond line."


def page(name: str, referral: Referral) -> str:
    return reverse(f"patients:{name}", args=[referral.patient_id, referral.pk])


@pytest.mark.parametrize("words", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("meaning", ["approved", "refused"])
def test_a_plan_is_not_signed_or_refused_with_words_that_cannot_be_seen(meaning: str, words: str, therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    answer = sign(client, course, form_of(client, course, meaning, note=words))
    assert answer.status_code == 409
    assert "character that cannot be seen" in answer.content.decode()
    assert not Signature.objects.exists()
    assert client.post(reverse("courses:return", args=[course.pk]), {"question": words, "version": course.version}).status_code == 409
    assert Course.objects.get(pk=course.pk).state == "awaiting"


@pytest.mark.parametrize("words", UNSEEN.values(), ids=UNSEEN)
def test_a_question_to_the_doctor_holds_only_what_can_be_seen(words: str, signed_in: SignedIn, therapist: Actor) -> None:
    course, client = a_course_that_may_start(actor=therapist), signed_in(therapist)
    sent = {"question": words, "version": course.version}
    assert client.post(reverse("courses:submit", args=[course.pk]), sent).status_code == 403
    assert Course.objects.get(pk=course.pk).state == "draft"


@pytest.mark.parametrize("words", UNSEEN.values(), ids=UNSEEN)
def test_a_referral_moves_with_no_words_that_cannot_be_seen(words: str, signed_in: SignedIn, therapist: Actor, doctor: Actor) -> None:
    patient, writer, reader = a_patient(clinic=therapist.clinic), signed_in(therapist), a_browser_of(doctor)
    sent = a_written_referral(patient=patient, state="submitted", actor=therapist)
    signed = a_written_referral(patient=patient, state="signed", actor=therapist, doctor=doctor)
    draft, paper = a_written_referral(patient=patient, actor=therapist), a_paper_referral(patient=patient, actor=therapist)
    before, signatures = list(Referral.objects.order_by("pk").values_list("state", flat=True)), Signature.objects.count()
    writer.post(page("referral-submit", draft), {"note": words})
    writer.post(page("referral-take-back", paper), {"reason": words})
    reader.post(page("referral-return", sent), {"question": words})
    for name, made, meaning in (("referral-sign", sent, "refused"), ("referral-revoke", signed, "revoked")):
        intent = reader.get(page(name, made)).context["ceremony"]["intent"]
        assert reader.post(page(name, made), {"intent": intent, "meaning": meaning, "note": words}).status_code == 409
    assert list(Referral.objects.order_by("pk").values_list("state", flat=True)) == before
    assert Signature.objects.count() == signatures
    assert words.strip() not in set(ReferralMove.objects.values_list("note", flat=True))


def test_a_referral_is_neither_kept_nor_sent_with_such_words(signed_in: SignedIn, therapist: Actor) -> None:
    patient, client = a_patient(clinic=therapist.clinic), signed_in(therapist)
    typed = {"place": "neck-collar/calming", "diagnosis": "Neck tension", "icd10": "M54.2", "valid_from": "2099-05-04", "send": "1"}
    answer = client.post(reverse("patients:referral-new", args=[patient.pk]), {**typed, "note": UNSEEN["nothing"]})
    assert answer.status_code == 422
    assert not Referral.objects.exists()


@pytest.mark.parametrize("name", ["pause", "end"])
def test_a_reason_may_be_written_in_several_lines(name: str, signed_in: SignedIn, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    sent = {"reason": "other", "note": SEVERAL_LINES, "version": course.version}
    assert signed_in(therapist).post(reverse(f"courses:{name}", args=[course.pk]), sent).status_code == 303
    assert "Second line." in CourseMove.objects.order_by("-pk")[0].note


def test_so_may_what_stands_under_a_signature(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    assert sign(client, course, form_of(client, course, "refused", note=SEVERAL_LINES)).status_code == 303
    assert "Second line." in Signature.objects.get().note
