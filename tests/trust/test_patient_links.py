"""The link by which a patient fills in the intake: one purpose, one object, one use, and nothing of the record on its pages (F29)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.staff.inviting import Invitee, invite_staff
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.actions import Added, LinkOpensNothing, discard_intake, make_intake_link, revoke_intake_link, submit_intake, take_over_intake
from patients.models import FactAnswer, Intake, IntakeLink, MessageConsent, Patient
from patients.queries import digest_of_answers, person
from patients.queries.links import open_links
from patients.questionnaire import gate_questions, intake_facts
from protocols.shelf import shipped_library
from tests.factories import a_document, a_patient, a_sent_intake, an_actor, an_intake, an_intake_link
from tests.trust.hygiene import faults_of
from tests.trust.test_access_matrix import written
from tests.trust.test_two_at_the_same_moment import at_once

SignedIn = Callable[[Any], Client]
BORN = {"day": "17", "month": "5", "year": "1980"}
WRONG = {"day": "17", "month": "5", "year": "1979"}
CANARIES = ("Canarova", "Birdie", "5550199", "canary-in-the-notes", "canary@patient.test", "C-4711", "Dr Issuer", "1980")
STEPS = ("questions/", "details/", "declaration/")


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Somebody whose every word in the record occurs nowhere else."""
    return a_patient(
        clinic=clinic, family_name="Canarova", given_name="Birdie", phone="5550199", notes="canary-in-the-notes",
        email="canary@patient.test", card_number="C-4711", guardian_name="Canarova Senior",
    )  # fmt: skip


@pytest.fixture
def token(patient: Patient) -> str:
    return an_intake_link(patient=patient)


def at(token: str, step: str = "") -> str:
    return f"/intake/{token}/{step}"


def a_browser_that_knows(token: str) -> Client:
    browser = Client()
    assert browser.post(at(token), BORN).status_code == 303
    return browser


def filled_in(browser: Client, token: str) -> dict[str, Any]:
    """Answers every page with no; what the declaration must send."""
    patient = IntakeLink.objects.get().patient
    rows = gate_questions(shipped_library(), person(patient, patient.clinic.today()), alone=True)
    assert browser.post(at(token, "questions/"), {f"gate-{row.code}": "no" for row in rows}).status_code == 303
    details = browser.get(at(token, "details/"))
    if details.status_code == 200:
        names = {name.partition("--")[0] for name in details.context["form"].fields}
        assert browser.post(at(token, "details/"), dict.fromkeys(names, "no")).status_code == 303
    page = browser.get(at(token, "declaration/")).content.decode()
    seen = re.findall(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)[0]
    return {"given_by": "patient", "declared": "on", "seen": seen}


def is_over(browser: Client, address: str) -> bool:
    """The one page for every link that opens nothing, in the same words."""
    response = browser.get(address)
    return response.status_code == 404 and "This link opens nothing" in response.content.decode()


def bare(response: Any) -> str:
    """A page without what differs each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", response.content.decode())


# One purpose, one object -------------------------------------------------------------------------------------------------------
def test_it_opens_with_the_birth_date_and_is_sent_once(patient: Patient, token: str) -> None:
    browser = a_browser_that_knows(token)
    sent = browser.post(at(token, "declaration/"), filled_in(browser, token))
    assert (sent.status_code, sent["Location"]) == (303, at(token, "thanks/"))
    assert "Thank you" in browser.get(at(token, "thanks/")).content.decode()
    intake = Intake.objects.get()
    assert (intake.state, intake.channel, intake.language) == ("submitted", "link", "en")
    assert not FactAnswer.objects.exists(), "nothing counts before somebody has read it"
    verbs = list(AuditLine.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["made-intake-link", "opened-intake-link", "started-intake", "submitted-intake"]


def test_only_the_digest_is_kept(token: str) -> None:
    kept = [str(list(model._base_manager.values())) for model in apps.get_models(include_auto_created=True)]
    assert not [words for words in kept if token in words]


def test_every_character_counts(token: str) -> None:
    browser = Client()
    for place, letter in enumerate(token):
        other = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert is_over(browser, at(other)), place
    assert is_over(browser, at(token[:-1]))
    assert is_over(browser, at(token + "A"))
    assert browser.get(at(token)).status_code == 200


def test_a_link_of_another_purpose_opens_no_form_and_this_one_nothing_else(clinic: Clinic, token: str) -> None:
    admin = an_actor(clinic=clinic, roles=(Role.ADMIN,))
    _invitation, other = invite_staff(
        clinic=clinic, invitee=Invitee(email="new@clinic.test", full_name="New", roles=["therapist"]), actor=admin
    )
    assert is_over(Client(), at(other))
    invited = Client().get(f"/invitation/{token}/")
    assert invited.status_code == 404


def test_a_browser_that_knows_one_link_knows_no_other(clinic: Clinic, token: str) -> None:
    browser = a_browser_that_knows(token)
    other = an_intake_link(patient=a_patient(clinic=clinic))
    assert [browser.get(at(other, step))["Location"] for step in STEPS] == [at(other)] * 3


def test_another_device_is_asked_for_the_birth_date_again(token: str) -> None:
    a_browser_that_knows(token)
    assert [Client().get(at(token, step))["Location"] for step in STEPS] == [at(token)] * 3
    assert Client().post(at(token, "questions/"), {"gate-lungs": "no"})["Location"] == at(token)
    assert not Intake.objects.exists()


def test_for_a_child_a_parent_answers(clinic: Clinic) -> None:
    today = clinic.today()
    patient = a_patient(clinic=clinic, born_on=today.replace(year=today.year - 10, day=1), guardian_name="Robin Weber")
    token, browser = an_intake_link(patient=patient), Client()
    browser.post(at(token), {"day": "1", "month": str(today.month), "year": str(today.year - 10)})
    sent = filled_in(browser, token)
    assert browser.post(at(token, "declaration/"), sent).status_code == 422
    assert browser.post(at(token, "declaration/"), sent | {"given_by": "guardian"}).status_code == 303
    assert Intake.objects.get().given_by == "guardian"


# One use -------------------------------------------------------------------------------------------------------------------------
def test_used_twice_is_refused(token: str) -> None:
    browser = a_browser_that_knows(token)
    sent = filled_in(browser, token)
    browser.post(at(token, "declaration/"), sent)
    assert is_over(browser, at(token))
    assert all(is_over(browser, at(token, step)) for step in STEPS)
    again = browser.post(at(token, "declaration/"), sent)
    assert again["Location"] == at(token, "thanks/"), "a double click is thanked, and changes nothing"
    assert Client().post(at(token, "declaration/"), sent).status_code == 404
    assert is_over(Client(), at(token, "thanks/"))
    assert Intake.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_are_one(token: str) -> None:
    browser = a_browser_that_knows(token)
    filled_in(browser, token)
    seen = digest_of_answers(Intake.objects.get())

    def submit() -> None:
        submit_intake(token=token, seen=seen, asked=[], given_by="patient")

    assert at_once(submit, submit, submit) == ["denied", "denied", "done"]
    assert AuditLine.objects.filter(verb="submitted-intake").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_links_made_at_once_leave_one_open(patient: Patient) -> None:
    actors = [an_actor(clinic=patient.clinic) for _actor in range(3)]
    deeds = [lambda actor=actor: make_intake_link(patient=patient, channel="link", actor=actor) for actor in actors]
    assert at_once(*deeds) == ["done"] * 3
    assert open_links().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_taken_over_and_put_aside_at_once_ends_in_one_way(patient: Patient, therapist: Actor) -> None:
    intake, library = a_sent_intake(patient=patient), shipped_library()
    on = patient.clinic.today()

    def take_over() -> None:
        take_over_intake(intake=intake, added=Added(), library=library, on=on, actor=therapist)

    ends = at_once(take_over, take_over, lambda: discard_intake(intake=intake, actor=therapist, reason="not hers"))
    assert ends == ["denied", "denied", "done"]
    answers = FactAnswer.objects.count()
    assert answers == (len(list(intake_facts(library.intake))) if Intake.objects.get().state == "completed" else 0)


@pytest.mark.django_db(transaction=True)
def test_sending_in_and_ending_the_link_at_once_ends_in_one_way(patient: Patient, token: str, therapist: Actor) -> None:
    filled_in(a_browser_that_knows(token), token)
    seen = digest_of_answers(Intake.objects.get())
    at_once(
        lambda: submit_intake(token=token, seen=seen, asked=[], given_by="patient"),
        lambda: revoke_intake_link(patient=patient, actor=therapist),
    )
    link = IntakeLink.objects.get()
    assert (Intake.objects.get().state, link.used_at is None, link.revoked_at is None) in (
        ("submitted", False, True),
        ("discarded", True, False),
    )


def test_five_wrong_birth_dates_end_the_link(token: str) -> None:
    browser = Client()
    statuses = [browser.post(at(token), WRONG).status_code for _try in range(5)]
    assert statuses == [422, 422, 422, 422, 404]
    assert is_over(browser, at(token))
    assert browser.post(at(token), BORN).status_code == 404
    assert AuditLine.objects.filter(verb="ended-intake-link").count() == 1


def test_the_fifth_try_may_be_right_and_a_day_that_is_none_is_no_try(token: str) -> None:
    browser = Client()
    assert browser.post(at(token), {"day": "31", "month": "2", "year": "1980"}).status_code == 422
    assert browser.post(at(token), {"day": "x"}).status_code == 422
    for _try in range(4):
        browser.post(at(token), WRONG)
    assert IntakeLink.objects.get().wrong_tries == 4
    assert browser.post(at(token), BORN).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_wrong_birth_dates_at_once_are_all_counted(token: str) -> None:
    at_once(*[lambda: Client().post(at(token), WRONG) for _try in range(5)])
    assert IntakeLink.objects.get().wrong_tries == 5


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("channel", "holds"), [("link", timedelta(days=7)), ("tablet", timedelta(hours=1))])
def test_it_is_over_on_the_second(patient: Patient, channel: str, holds: timedelta) -> None:
    now = timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False):
        token = an_intake_link(patient=patient, channel=channel)
    with time_machine.travel(now + holds - timedelta(seconds=1), tick=False):
        assert Client().get(at(token)).status_code == 200
    with time_machine.travel(now + holds, tick=False):
        assert is_over(Client(), at(token))


def test_it_ends_in_the_middle_of_the_form_too(token: str) -> None:
    browser = a_browser_that_knows(token)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert browser.post(at(token, "questions/"), {"gate-lungs": "no"}).status_code == 404
        with pytest.raises(LinkOpensNothing):
            submit_intake(token=token, seen="", asked=[], given_by="patient")


def test_unknown_used_ended_and_expired_are_one_page(patient: Patient, signed_in: SignedIn, therapist: Actor) -> None:
    ended = an_intake_link(patient=patient)
    replaced_by = an_intake_link(patient=patient)
    used = an_intake_link(patient=a_patient(clinic=patient.clinic))
    IntakeLink.objects.filter(patient=patient).exclude(revoked_at=None).update(patient=patient)
    IntakeLink.objects.exclude(patient=patient).update(used_at=timezone.now())
    signed_in(therapist).post(f"/patients/{patient.pk}/intake/link/ended/")
    Patient.objects.filter(pk=patient.pk).update(language="ru")
    pages = {bare(Client().get(at(token))) for token in (ended, replaced_by, used, "x", "A" * 43)}
    assert len(pages) == 1


# Nothing of the record -----------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_no_page_shows_anything_of_the_record(patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist, gate={"lungs": "yes"})
    a_document(patient=patient, kind="doctor-referral", actor=therapist)
    token = an_intake_link(patient=patient)
    browser = Client()
    pages = [browser.get(at(token)), browser.post(at(token), WRONG), browser.post(at(token), {})]
    browser.post(at(token), BORN)
    pages += [browser.get(at(token, "questions/")), browser.post(at(token, "questions/"), {"gate-lungs": "maybe"})]
    sent = filled_in(browser, token)
    pages += [browser.get(at(token, step)) for step in STEPS]
    pages.append(browser.post(at(token, "declaration/"), sent | {"declared": ""}))
    browser.post(at(token, "declaration/"), sent)
    pages += [browser.get(at(token, "thanks/")), browser.get(at(token))]
    for page in pages:
        words = page.content.decode()
        assert not [canary for canary in CANARIES if canary in words]
        assert 'href="/patients' not in words
        assert "<nav" not in re.sub(r'<nav class="alone-steps".*?</nav>', "", words, flags=re.DOTALL)
        assert faults_of(page, signed_in=True) == [], "not stored by the browser either"


def test_the_form_starts_empty_whatever_was_answered_before(patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist, gate={"lungs": "yes"})
    token = an_intake_link(patient=patient)
    page = a_browser_that_knows(token).get(at(token, "questions/"))
    assert "checked" not in page.content.decode()


@pytest.mark.same_everywhere
def test_the_reception_s_question_and_what_needs_tact_are_not_asked(patient: Patient) -> None:
    token = an_intake_link(patient=patient)
    browser = a_browser_that_knows(token)
    page = browser.get(at(token, "questions/"))
    assert "gate-capacity" not in page.context["form"].fields
    browser.post(at(token, "questions/"), dict.fromkeys(page.context["form"].fields, "yes"))
    asked = browser.get(at(token, "details/")).context["form"].fields
    assert not {"history.hiv", "history.psychosis-active", "history.lacks-capacity"} & set(asked)
    assert "medicine.anticoagulant" in asked


def test_somebody_signed_in_sees_no_more_and_the_patient_s_language(patient: Patient, signed_in: SignedIn, therapist: Actor) -> None:
    Patient.objects.filter(pk=patient.pk).update(language="ru")
    token = an_intake_link(patient=patient)
    words = signed_in(therapist).get(at(token)).content.decode()
    assert '<html lang="ru"' in words
    assert therapist.user.full_name not in words


def test_the_language_can_be_changed_without_losing_the_page(patient: Patient, token: str) -> None:
    browser = a_browser_that_knows(token)
    changed = browser.post(at(token, "language/"), {"language": "ru", "step": "gate"})
    assert changed["Location"] == at(token, "questions/")
    assert '<html lang="ru"' in browser.get(at(token, "questions/")).content.decode()
    assert browser.post(at(token, "language/"), {"language": "xx", "step": "//evil"})["Location"] == at(token)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_mail_goes_only_where_it_is_allowed_and_says_nothing_of_health(
    patient: Patient, signed_in: SignedIn, therapist: Actor, is_allowed: bool, django_capture_on_commit_callbacks: Any
) -> None:
    MessageConsent.objects.create(
        patient=patient, channel="email", is_given=is_allowed, said_on=patient.clinic.today(), recorded_by=therapist.user
    )
    with django_capture_on_commit_callbacks(execute=True):
        page = signed_in(therapist).post(f"/patients/{patient.pk}/intake/link/", {"once": "0" * 32})
    address = re.findall(r'value="(http[^"]*/intake/[^"]*)"', page.content.decode())[0]
    assert len(mail.outbox) == is_allowed
    for message in mail.outbox:
        words = f"{message.subject}\n{message.body}"
        assert address in words
        assert message.to == ["canary@patient.test"]
        assert not [word for word in (*CANARIES, "massage", "health", "diagnos", "zone", "therap") if word in words.lower()]


# Opening and handing over --------------------------------------------------------------------------------------------------------
def test_opening_changes_nothing(token: str) -> None:
    browser = a_browser_that_knows(token)
    for reader in (Client(), browser):
        with written() as statements:
            for step in ("", *STEPS, "thanks/", "kept/", "language/"):
                reader.get(at(token, step))
                reader.head(at(token, step))
        assert statements == []
    assert browser.get(at(token, "questions/")).status_code == 200


def test_a_tablet_handed_over_has_no_way_back_to_the_staff(patient: Patient, signed_in: SignedIn, therapist: Actor) -> None:
    staff = signed_in(therapist)
    cookie = staff.cookies["sessionid"].value
    handed = staff.post(f"/patients/{patient.pk}/intake/tablet/")
    assert handed["Location"].startswith("/intake/")
    assert staff.get(f"/patients/{patient.pk}/").status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get(f"/patients/{patient.pk}/").status_code == 302, "the session is gone on the server, not only in the browser"
    assert staff.get(handed["Location"]).status_code == 200
    staff.post(handed["Location"], BORN)
    token = handed["Location"].split("/")[2]
    staff.post(at(token, "declaration/"), filled_in(staff, token))
    assert "give the tablet back" in staff.get(at(token, "thanks/")).content.decode()
    assert AuditLine.objects.filter(verb="signed-out").count() == 1


def test_one_link_is_open_at_a_time(patient: Patient, token: str) -> None:
    browser = a_browser_that_knows(token)
    filled_in(browser, token)
    newer = an_intake_link(patient=patient)
    assert is_over(browser, at(token))
    assert Client().get(at(newer)).status_code == 200
    assert Intake.objects.get().state == "discarded"


# What is kept while typing ---------------------------------------------------------------------------------------------------------
def test_what_is_typed_is_kept_and_shown_again_only_here(patient: Patient, token: str) -> None:
    browser = a_browser_that_knows(token)
    kept = browser.post(at(token, "kept/"), {"page": "gate", "gate-lungs": "yes"})
    assert kept.status_code == 204
    assert browser.get(at(token, "questions/")).context["form"]["gate-lungs"].value() == "yes"
    other_device = a_browser_that_knows(token)
    assert other_device.get(at(token, "questions/")).context["form"]["gate-lungs"].value() == "yes"
    assert Client().post(at(token, "kept/"), {"page": "gate", "gate-lungs": "no"})["Location"] == at(token)


def test_no_more_is_kept_than_a_page_can_hold(token: str) -> None:
    browser = a_browser_that_knows(token)
    assert browser.post(at(token, "kept/"), {"page": "gate", "gate-lungs": "x" * 70_000}).status_code == 413
    assert browser.post(at(token, "kept/"), {"page": "elsewhere", "gate-lungs": "no"}).status_code == 204
    assert browser.post(at(token, "kept/"), {"page": "gate", "gate-lungs": "\x00"}).status_code == 204
    assert Intake.objects.get().typed["patient"]["fields"] == {"gate-lungs": []}
