"""A doctor's word is given once, by a doctor, over what the doctor saw."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.signing.actions import SeenOtherwise, demo_sign, record_paper, sign
from clinic.signing.content import digest
from clinic.signing.intents import Proof, make_intent, session_digest
from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.queries import body_of, is_for, is_sound, latest, sections_of, short_digest, signatures_of
from clinic.staff.actions import set_roles
from clinic.staff.models import Role, StaffRole
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.signing.making import a_chain, a_content, a_request, signed
from tests.factories import a_day_at, an_actor


def test_a_signature_is_sound_and_keeps_what_was_shown(doctor: Actor) -> None:
    content = a_content()
    made = Signature.objects.get(pk=signed(doctor, content).pk)
    assert is_sound(made)
    assert sections_of(made) == content.sections
    assert body_of(made) == content.body
    assert is_for(made, content.body)
    assert not is_for(made, {**content.body, "count": 11})
    assert (made.printed_name, made.role, made.subject_version) == (doctor.user.full_name, "doctor", 1)
    assert latest(content.subject) == made
    assert list(signatures_of(content.subject)) == [made]
    assert short_digest(made).replace(" ", "") == digest(content)[:12]


def test_a_signature_leaves_one_audit_line_that_names_it(doctor: Actor) -> None:
    made = signed(doctor)
    line = AuditLine.objects.get(verb="signed")
    assert (line.subject_type, line.subject_id, line.user) == ("signing.signature", str(made.pk), doctor.user)
    assert line.details["digest"] == made.content_digest


@pytest.mark.django_db
def test_a_word_of_nobody_about_a_record_is_none() -> None:
    assert latest("courses.course:99", [Meaning.APPROVED]) is None


def test_the_latest_word_can_be_asked_by_its_meaning(doctor: Actor) -> None:
    approved, refused = signed(doctor), signed(doctor, meaning=Meaning.REFUSED)
    assert latest("courses.course:1") == refused
    assert latest("courses.course:1", [Meaning.APPROVED]) == approved


def test_a_document_that_changed_meanwhile_is_not_signed(doctor: Actor) -> None:
    now = a_content(version=2)
    with pytest.raises(SeenOtherwise) as refused:
        signed(doctor, a_content(), content=now)
    assert refused.value.content == now
    assert not Signature.objects.exists()


def test_an_intent_is_good_for_one_signature(doctor: Actor) -> None:
    request, content = a_request(doctor), a_content()
    intent, proof = make_intent(content, request), Proof(Method.PASSWORD, session_digest(request))
    sign_once: dict[str, Any] = {"content": content, "meaning": Meaning.APPROVED, "intent": intent, "proof": proof, "actor": doctor}
    signed(doctor, **sign_once)
    with pytest.raises(ActionDenied, match="already"):
        signed(doctor, **sign_once)
    with pytest.raises(ActionDenied, match="already"):
        signed(doctor, **(sign_once | {"meaning": Meaning.REVOKED}))
    assert Signature.objects.count() == 1


def test_an_intent_is_for_the_person_who_opened_the_page(doctor: Actor, clinic: Any) -> None:
    colleague = an_actor(clinic=clinic, roles=(Role.DOCTOR,))
    with pytest.raises(ActionDenied, match="somebody else"):
        signed(doctor, actor=colleague)


def test_an_intent_is_for_the_browser_that_opened_the_page(doctor: Actor) -> None:
    with pytest.raises(ActionDenied, match="another browser"):
        signed(doctor, proof=Proof(Method.PASSWORD, session_digest(a_request(doctor))))


def test_an_intent_lasts_ten_minutes(doctor: Actor) -> None:
    request, content = a_request(doctor), a_content()
    began = timezone.now()
    intent, proof = make_intent(content, request), Proof(Method.PASSWORD, session_digest(request))
    with time_machine.travel(began + timedelta(seconds=602), tick=False), pytest.raises(ActionDenied, match="ten minutes"):
        signed(doctor, content, intent=intent, proof=proof)
    with time_machine.travel(began + timedelta(seconds=598), tick=False):
        assert signed(doctor, content, intent=intent, proof=proof).pk


@pytest.mark.same_everywhere
@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "x" + token, lambda _token: "", lambda _token: "a:b:c"])
def test_an_intent_that_was_made_up_is_refused(doctor: Actor, spoil: Callable[[str], str]) -> None:
    with pytest.raises(ActionDenied, match="not made by this page"):
        signed(doctor, intent=spoil(make_intent(a_content(), a_request(doctor))))


@pytest.mark.same_everywhere
@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.DOCTOR])
def test_only_a_doctor_signs(clinic: Any, role: str) -> None:
    with pytest.raises(ActionDenied, match="role"):
        signed(an_actor(clinic=clinic, roles=(role,)))
    assert not Signature.objects.exists()


def test_a_doctor_whose_role_was_taken_away_meanwhile_does_not_sign(doctor: Actor) -> None:
    StaffRole.objects.filter(user=doctor.user).delete()
    with pytest.raises(ActionDenied, match="role"):
        signed(doctor)


def test_a_doctor_of_another_clinic_does_not_sign_here(doctor: Actor, other_clinic: Any) -> None:
    with pytest.raises(ActionDenied, match="role"):
        signed(Actor(doctor.user, other_clinic, frozenset({"doctor"})))


def test_a_doctor_whose_account_was_closed_meanwhile_does_not_sign(doctor: Actor) -> None:
    type(doctor.user).objects.filter(pk=doctor.user.pk).update(is_active=False)
    with pytest.raises(ActionDenied, match="role"):
        signed(doctor)


def test_nothing_is_signed_by_a_clock_that_ran_back(doctor: Actor) -> None:
    first = signed(doctor)
    with time_machine.travel(first.signed_at - timedelta(seconds=3), tick=False), pytest.raises(ActionDenied, match="clock"):
        signed(doctor, a_content(2))
    with time_machine.travel(first.signed_at - timedelta(seconds=1), tick=False):
        assert signed(doctor, a_content(2)).sequence == 2


def test_a_moment_is_kept_to_the_microsecond_in_utc(doctor: Actor) -> None:
    moment = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        made = signed(doctor)
    assert Signature.objects.get(pk=made.pk).signed_at == moment
    assert is_sound(Signature.objects.get(pk=made.pk))


@pytest.mark.django_db(transaction=True)
def test_a_signature_outside_a_transaction_is_refused(doctor: Actor) -> None:
    request = a_request(doctor)
    proof = Proof(Method.PASSWORD, session_digest(request))
    with pytest.raises(transaction.TransactionManagementError):
        sign(content=a_content(), meaning="approved", intent=make_intent(a_content(), request), proof=proof, actor=doctor)


def test_a_meaning_that_no_doctor_signs_is_refused(doctor: Actor) -> None:
    with pytest.raises(ValueError, match="recorded-paper"):
        signed(doctor, meaning=Meaning.RECORDED_PAPER)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("method", [Method.PAPER, Method.DEMO, Method.PASSKEY, "made-up"])
def test_a_page_cannot_claim_another_way_of_signing(doctor: Actor, method: str) -> None:
    request, content = a_request(doctor), a_content()
    with pytest.raises(ValueError, match="no way of signing"):
        signed(doctor, content, intent=make_intent(content, request), proof=Proof(method, session_digest(request)))


def paper(actor: Actor, **changed: Any) -> Signature:
    given: dict[str, Any] = {
        "content": a_content(),
        "outside_name": " Dr. A. Ivanova ",
        "outside_licence": "77-01",
        "signed_on": date(2026, 1, 5),
        "file_digest": "ab" * 32,
        "note": "seen at the desk",
        "actor": actor,
    }
    with transaction.atomic():
        return record_paper(**(given | changed))


def test_a_paper_is_recorded_as_what_it_is(therapist: Actor) -> None:
    made = Signature.objects.get(pk=paper(therapist).pk)
    assert (made.printed_name, made.role, made.method, made.meaning) == ("Dr. A. Ivanova", "outside", "paper", "recorded-paper")
    assert made.is_on_paper
    assert made.signer == therapist.user
    assert made.evidence == {"signed_on": "2026-01-05", "file_digest": "ab" * 32, "recorded_by": therapist.user.full_name}
    assert is_sound(made)


def test_a_paper_names_its_doctor_and_is_not_from_the_future(therapist: Actor, auditor: Actor) -> None:
    with pytest.raises(ActionDenied, match="name of the doctor"):
        paper(therapist, outside_name=" ")
    with pytest.raises(ActionDenied, match="still ahead"):
        paper(therapist, signed_on=a_day_at(therapist.clinic) + timedelta(days=1))
    with pytest.raises(ActionDenied, match="role"):
        paper(auditor)


def test_signatures_are_made_up_only_in_the_demo(doctor: Actor, settings: Any) -> None:
    assert a_chain(doctor, 1)[0].method == Method.DEMO
    settings.MODE = "production"
    with pytest.raises(ActionDenied, match="demo"):
        a_chain(doctor, 1)


def test_the_demo_may_sign_in_the_past(doctor: Actor) -> None:
    a_chain(doctor, 1)
    with transaction.atomic():
        made = demo_sign(content=a_content(2), meaning="approved", actor=doctor, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert is_sound(Signature.objects.get(pk=made.pk))


def test_each_clinic_has_a_chain_of_its_own(doctor: Actor, other_clinic: Any) -> None:
    assert [each.sequence for each in a_chain(doctor, 2)] == [1, 2]
    assert [each.sequence for each in a_chain(an_actor(clinic=other_clinic, roles=(Role.DOCTOR,)), 2)] == [1, 2]


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Runs all at one moment; for each ``done``, ``denied``, or what it raised."""
    start, ends = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(place: int) -> None:
        start.wait()
        try:
            deeds[place]()
            ends[place] = "done"
        except Exception as wrong:
            ends[place] = "denied" if isinstance(wrong, ActionDenied) else repr(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_one_intent", [True, False])
def test_two_at_once_never_share_a_place_and_one_intent_is_used_once(doctor: Actor, *, is_one_intent: bool) -> None:
    request, content = a_request(doctor), a_content()
    intents = [make_intent(content, request) for _attempt in range(4)]
    proof = Proof(Method.PASSWORD, session_digest(request))
    used = [intents[0]] * 4 if is_one_intent else intents
    ends = at_once(*(partial(signed, doctor, content, intent=intent, proof=proof) for intent in used))
    assert sorted(ends) == (["denied"] * 3 + ["done"] if is_one_intent else ["done"] * 4)
    assert sorted(Signature.objects.values_list("sequence", flat=True)) == ([1] if is_one_intent else [1, 2, 3, 4])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_a_role_that_is_taken_away_at_that_moment_comes_before_or_after_never_between(
    doctor: Actor, clinic_admin: Actor, attempt: int
) -> None:
    ends = at_once(
        partial(signed, doctor, a_content(attempt + 1)),
        partial(set_roles, clinic=doctor.clinic, user=doctor.user, roles=[], actor=clinic_admin),
    )
    assert ends[1] == "done"
    order = list(AuditLine.objects.filter(verb__in=("signed", "roles-set")).order_by("sequence").values_list("verb", flat=True))
    assert order == (["signed", "roles-set"] if ends[0] == "done" else ["roles-set"])
