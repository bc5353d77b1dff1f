"""A doctor reads a plan and signs it, asks back, refuses it, or decides about what waits for a doctor: at the pages themselves."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from clinic.courses.actions import ask_doctor, decide_review, replan_course, request_of, submit_course
from clinic.courses.models import Course, CourseReview
from clinic.courses.presentation import Presenter
from clinic.courses.prints.course import course_data
from clinic.courses.prints.paper import Paper
from clinic.courses.states import CourseReason, CourseState
from clinic.signing.models import Meaning, Signature
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import Attachment, Document, Patient
from protocols.language import page_names
from protocols.shelf import shipped_library
from tests.clinic.courses.signing_desk import THINNER, a_browser_of, a_flagged_course, an_awaiting_course, form_of, sign
from tests.factories import a_member, a_running_course, a_signed_course, an_actor
from tests.fixtures import without_triggers
from tests.papers import a_picture

WORDS = "Apixaban 5 mg twice a day; no bruises seen."
# Pages and words; the same actions are done there by test_sign_off and test_rescreening.
pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
Browser = Callable[[Actor], Client]


def address(course: Course, name: str = "sign-off") -> str:
    return reverse(f"courses:{name}", args=[course.pk])


def now(course: Course) -> Course:
    return Course.objects.get(pk=course.pk)


def body(response: Any) -> str:
    return str(response.content.decode())


# Signing -----------------------------------------------------------------------------------------------------------------
def test_a_clean_plan_is_signed_by_one_act_and_the_doctor_is_back_at_the_inbox(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    assert "No flags" in body(client.get(address(course)))
    answer = sign(client, course, form_of(client, course))
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("courses:inbox"))
    assert now(course).state == CourseState.SIGNED
    assert now(course).signature == Signature.objects.get(meaning=Meaning.APPROVED)


def test_a_question_waits_while_the_password_is_entered(therapist: Actor, doctor: Actor, signed_in: Browser) -> None:
    course, client = an_awaiting_course(actor=therapist), signed_in(doctor)
    assert 'form="ask-back"' in body(client.get(address(course)))
    assert client.post(address(course), {"meaning": "approved", "question": "Which side?"}).status_code == 302
    assert "Which side?</textarea>" in body(client.get(address(course)))
    assert "Which side?</textarea>" not in body(client.get(address(course)))
    assert now(course).state == CourseState.AWAITING


def test_a_double_click_signs_once(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    form = form_of(client, course)
    for _click in range(3):
        assert sign(client, course, form).status_code in (302, 303)
    assert Signature.objects.count() == 1
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert "Signed: the plan for" in said
    assert "does not wait" not in said


def test_without_the_password_a_moment_ago_the_doctor_enters_it_and_comes_back(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor, entered_again=False)
    answer = sign(client, course, form_of(client, course, meaning="refused", note="Wait for the cardiologist"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Signature.objects.exists()
    assert "Wait for the cardiologist" in body(client.get(address(course)))
    assert "Wait for the cardiologist" not in body(client.get(address(course))), "it is brought back once"


def test_what_changed_between_reading_and_signing_is_shown_and_nothing_is_signed(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    form = form_of(client, course)
    Patient.objects.filter(pk=course.patient_id).update(family_name="Changedova")
    answer = sign(client, course, form)
    text = body(answer)
    assert answer.status_code == 409
    assert "Changedova" in text[text.index("It says now:") :]
    assert "Weber" in text[text.index("You read, and it is gone:") : text.index("It says now:")]
    assert not Signature.objects.exists()
    fresh = re.search(r'name="intent" value="([^"]+)"', text)
    assert fresh
    assert fresh[1] != form["intent"]
    again = {"intent": fresh[1], "meaning": "approved"}
    assert sign(client, course, again).status_code == 303
    assert now(course).state == CourseState.SIGNED


def test_words_that_were_read_and_come_back_forged_are_no_error(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    form = form_of(client, course) | {"read": "forged"}
    Patient.objects.filter(pk=course.patient_id).update(family_name="Changedova")
    assert sign(client, course, form).status_code == 409


def test_a_plan_is_refused_with_a_reason_that_is_signed(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    assert sign(client, course, form_of(client, course, meaning="refused", note=" ")).status_code == 409
    assert now(course).state == CourseState.AWAITING
    sign(client, course, form_of(client, course, meaning="refused", note="Too strong"))
    assert now(course).state == CourseState.DRAFT
    assert Signature.objects.get().note == "Too strong"


def test_a_plan_goes_back_with_a_question_and_never_without_one(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    answer = client.post(address(course, "return"), {"version": course.version, "question": "  "})
    assert answer.status_code == 409
    assert client.post(address(course, "return"), {"version": course.version, "question": "Which side?"}).status_code == 303
    assert (now(course).state, course.moves.latest("pk").note) == (CourseState.DRAFT, "Which side?")


def test_a_question_for_a_plan_that_changed_meanwhile_is_kept_on_the_page(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist), a_browser_of(doctor)
    answer = client.post(address(course, "return"), {"version": course.version + 1, "question": "Which side?"})
    assert answer.status_code == 409
    assert "Which side?" in body(answer)


def test_the_question_and_what_was_said_before_stand_above_the_document(therapist: Actor, doctor: Actor) -> None:
    course, client = an_awaiting_course(actor=therapist, question="Is the left side enough?"), a_browser_of(doctor)
    client.post(address(course, "return"), {"version": course.version, "question": "How long has it hurt?"})
    course = now(course)
    submit_course(course=course, question="Three weeks.", on=course.planned_on, version=course.version, actor=therapist)
    text = body(client.get(address(course)))
    assert text.index("Three weeks.") < text.index("How long has it hurt?") < text.index("Is the left side enough?")
    assert text.index("Is the left side enough?") < text.index('class="signed-document"')


def test_the_page_of_a_plan_that_waits_no_more_leads_to_the_course(therapist: Actor, doctor: Actor) -> None:
    course, client = a_signed_course(actor=therapist, doctor=doctor), a_browser_of(doctor)
    for name in ("sign-off", "allow-findings"):
        assert client.get(address(course, name)).headers["Location"] == address(course, "detail")
    assert client.post(address(course, "return"), {"version": course.version, "question": "?"}).status_code == 303
    assert now(course).state == CourseState.SIGNED


# Who may (H10) -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["planned", "gives", "lead", "therapist", "elsewhere", "disabled", "demoted"])
def test_whoever_may_not_sign_does_not(who: str, clinic: Clinic, other_clinic: Clinic, therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist)
    form = form_of(a_browser_of(doctor), course)
    actor = {
        "lead": lambda: an_actor(clinic=clinic, roles=(Role.CLINICAL_LEAD,)),
        "therapist": lambda: an_actor(clinic=clinic),
        "elsewhere": lambda: an_actor(clinic=other_clinic, roles=(Role.DOCTOR,)),
    }.get(who, lambda: doctor)()
    if who == "planned":
        Course.objects.filter(pk=course.pk).update(planned_by=doctor.user)
    if who == "gives":
        Course.objects.filter(pk=course.pk).update(therapist=doctor.user)
    client = a_browser_of(actor)
    if who == "disabled":
        type(actor.user).objects.filter(pk=actor.user.pk).update(is_active=False)
    if who == "demoted":
        clinic.staff_roles.filter(user=actor.user).update(role=Role.AUDITOR)
    answer = sign(client, course, form)
    assert answer.status_code in {"elsewhere": (404,), "disabled": (302,), "planned": (409,), "gives": (409,)}.get(who, (403,))
    assert now(course).state == CourseState.AWAITING
    assert not Signature.objects.exists()


def test_a_doctor_who_planned_it_reads_what_to_do(clinic: Clinic) -> None:
    both = an_actor(clinic=clinic, roles=(Role.DOCTOR, Role.THERAPIST))
    text = body(a_browser_of(both).get(address(an_awaiting_course(actor=both))))
    assert "another doctor has to sign it" in text
    assert "sign-approved" not in text


# Findings that wait for a doctor ---------------------------------------------------------------------------------------------
def test_a_flagged_plan_is_not_signed_before_the_doctor_has_decided(therapist: Actor, doctor: Actor) -> None:
    course, client = a_flagged_course(actor=therapist), a_browser_of(doctor)
    text = body(client.get(address(course)))
    assert "must name drug, reason, and that no clot is present" in text
    assert "sign-approved" not in text
    assert sign(client, course, form_of(client, course)).status_code == 409
    assert not Signature.objects.exists()


def test_the_effect_is_shown_before_the_decision_and_looking_decides_nothing(therapist: Actor, doctor: Actor) -> None:
    course, client = a_flagged_course(actor=therapist), a_browser_of(doctor)
    papers = Document.objects.count()
    text = body(client.get(address(course, "allow-findings"), {"rule": "bl-03"}))
    assert "If you allow it" in text
    assert "A doctor must decide" in text  # before
    assert "Go ahead, changed" in text  # after
    assert (Document.objects.count(), now(course).version) == (papers, course.version)


def test_a_decision_is_a_document_of_the_doctor_and_the_new_plan_is_read_and_signed_after_it(therapist: Actor, doctor: Actor) -> None:
    course, client = a_flagged_course(actor=therapist), a_browser_of(doctor)
    answer = client.post(address(course, "allow-findings"), {"rule": ["bl-03"], "version": course.version, "words": WORDS})
    assert answer.headers["Location"] == address(course)
    paper = Document.objects.filter(rules=["bl-03"]).get()
    assert (paper.patient_id, paper.issued_by, paper.words) == (course.patient_id, doctor.user.full_name, WORDS)
    assert WORDS in body(a_browser_of(therapist).get(f"/patients/{course.patient_id}/"))
    assert (now(course).version, now(course).state, now(course).outcome) == (course.version + 1, CourseState.AWAITING, "modify")
    assert not Signature.objects.exists(), "the decision is no signature"
    assert sign(client, course, form_of(client, course)).status_code == 303
    assert now(course).state == CourseState.SIGNED


def test_a_decision_without_the_doctors_words_is_asked_for_them_and_changes_nothing(therapist: Actor, doctor: Actor) -> None:
    course, client = a_flagged_course(actor=therapist), a_browser_of(doctor)
    answer = client.post(address(course, "allow-findings"), {"rule": ["bl-03"], "version": course.version, "words": " "})
    assert answer.status_code == 422
    assert "Write what the decision rests on" in body(answer)
    assert now(course).version == course.version


@pytest.mark.parametrize("rules", [[], ["em-01"], ["bl-04"], ["nonsense"]])
def test_what_waits_for_no_doctor_cannot_be_allowed(rules: list[str], therapist: Actor, doctor: Actor) -> None:
    course, client = a_flagged_course(actor=therapist), a_browser_of(doctor)
    papers = Document.objects.count()
    client.post(address(course, "allow-findings"), {"rule": rules, "version": course.version, "words": WORDS})
    assert Document.objects.count() == papers


def test_a_decision_about_a_plan_that_changed_meanwhile_is_not_made(therapist: Actor, doctor: Actor) -> None:
    course, client = a_flagged_course(actor=therapist), a_browser_of(doctor)
    papers = Document.objects.count()
    client.post(address(course, "allow-findings"), {"rule": ["bl-03"], "version": course.version - 1, "words": WORDS})
    assert (Document.objects.count(), now(course).version) == (papers, course.version)


def test_whoever_planned_it_does_not_decide_about_its_findings(clinic: Clinic) -> None:
    both = an_actor(clinic=clinic, roles=(Role.DOCTOR, Role.THERAPIST))
    course, client = a_flagged_course(actor=both), a_browser_of(both)
    papers = Document.objects.count()
    assert "Show what it changes in the plan" not in body(client.get(address(course)))
    client.post(address(course, "allow-findings"), {"rule": ["bl-03"], "version": course.version, "words": WORDS})
    assert Document.objects.count() == papers


# What changed since a signature ------------------------------------------------------------------------------------------------
def test_a_course_signed_before_shows_what_differs_from_what_was_signed(therapist: Actor, doctor: Actor) -> None:
    course = a_running_course(actor=therapist)
    record_facts(patient=course.patient, replies=THINNER, on=course.planned_on, given_by="patient", actor=therapist)
    assert now(course).state == CourseState.SUSPENDED
    text = body(a_browser_of(doctor).get(address(course, "detail")))
    assert "The plan now, beside what was signed" in text


def test_the_course_page_and_the_print_carry_the_stamp(therapist: Actor, doctor: Actor) -> None:
    course = a_signed_course(actor=therapist, doctor=doctor)
    text = body(a_browser_of(doctor).get(address(course, "detail")))
    assert doctor.user.full_name in text
    assert "The sessions to come and what was found are those that were signed." in text
    printed = course_data(Paper(now(course), Presenter(shipped_library(), page_names()), "https://clinic.test/"))
    said = " ".join(printed["signature"]["lines"])
    made = Signature.objects.get()
    for part in (doctor.user.full_name, "Doctor", "approved", "CE", f"version {made.subject_version}", made.content_digest[:4]):
        assert part in said


def test_a_signature_that_was_tampered_with_is_shown_as_one_that_does_not_hold(therapist: Actor, doctor: Actor) -> None:
    course = a_signed_course(actor=therapist, doctor=doctor)
    with without_triggers(connection):
        Signature.objects.update(printed_name="Somebody Else")
    text = body(a_browser_of(doctor).get(address(course, "detail")))
    assert "This signature does NOT hold" in text
    assert "The plan now, beside what was signed" not in text
    printed = course_data(Paper(now(course), Presenter(shipped_library(), page_names()), "https://clinic.test/"))
    assert "This signature does NOT hold. Do not treat by it." in printed["signature"]["lines"]


def test_a_plan_is_signed_anew_beside_what_was_signed_before(therapist: Actor, doctor: Actor) -> None:
    course = a_running_course(actor=therapist)
    record_facts(patient=course.patient, replies=THINNER, on=course.planned_on, given_by="patient", actor=therapist)
    again = replan_course(course=now(course), wanted=request_of(course), on=course.planned_on, version=now(course).version, actor=therapist)
    submit_course(course=again, on=course.planned_on, version=again.version, actor=therapist)
    client = a_browser_of(doctor)
    text = body(client.get(address(course)))
    assert text.index("As signed") < text.index('class="signed-document"')
    assert "Blood-thinning" in text[text.index('id="since"') :]
    assert "Beside the plan that was signed last" in body(client.get(address(course, "allow-findings"), {"rule": "bl-03"}))


# Reviews ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decision", "state"),
    [("go-on", CourseState.RUNNING), ("change", CourseState.SUSPENDED), ("stop", CourseState.ENDED)],
)
def test_a_review_is_decided_at_its_page(decision: str, state: str, therapist: Actor, doctor: Actor) -> None:
    course = a_running_course(actor=therapist, given=3)
    review, client = ask_doctor(course=course, question="Stronger?", actor=therapist), a_browser_of(doctor)
    assert "Stronger?" in body(client.get(reverse("courses:review", args=[review.pk])))
    answer = client.post(reverse("courses:review", args=[review.pk]), {"decision": decision, "note": "As I say"})
    assert answer.status_code == 303
    assert now(course).state == state
    assert "As I say" in body(client.get(reverse("courses:review", args=[review.pk])))


def test_a_change_or_a_stop_needs_words_and_a_decision_is_made_once(therapist: Actor, doctor: Actor) -> None:
    course, client = a_running_course(actor=therapist), a_browser_of(doctor)
    review = ask_doctor(course=course, question="Stronger?", actor=therapist)
    page = reverse("courses:review", args=[review.pk])
    assert client.post(page, {"decision": "stop", "note": ""}).status_code == 422
    decide_review(review=review, decision="go-on", on=course.planned_on, actor=doctor)
    assert client.post(page, {"decision": "stop", "note": "No"}).status_code == 422
    assert CourseReview.objects.get().decision == "go-on"


def test_a_therapist_reads_a_review_and_decides_nothing(therapist: Actor, signed_in: Browser) -> None:
    review = ask_doctor(course=a_running_course(actor=therapist), question="Stronger?", actor=therapist)
    page, client = reverse("courses:review", args=[review.pk]), signed_in(therapist)
    assert "No doctor has answered yet" in body(client.get(page))
    assert client.post(page, {"decision": "go-on"}).status_code == 422
    assert CourseReview.objects.get().decision == ""


# On paper ---------------------------------------------------------------------------------------------------------------------
def a_paper(course: Course, **changed: Any) -> dict[str, Any]:
    scan = SimpleUploadedFile("plan.png", a_picture(), "image/png")
    printed = " ".join(course.digest[place : place + 4] for place in range(0, 12, 4)).upper()
    given = {"doctor": "Dr Outside", "licence": "B-7", "signed_on": course.planned_on.isoformat(), "fingerprint": printed, "file": scan}
    return {**given, "version": course.version, **changed}


@pytest.mark.parametrize("typed", ["{}", "Dr. {}", "{}, Dr"])
def test_whoever_planned_it_signs_it_on_paper_neither(typed: str, therapist: Actor, signed_in: Browser) -> None:
    """H10: the paper is no way round."""
    course = an_awaiting_course(actor=therapist)
    answer = signed_in(therapist).post(
        address(course, "signed-print"), a_paper(course, doctor=typed.format(therapist.user.full_name.upper()))
    )
    assert answer.status_code == 422
    assert "Another doctor has to sign it" in body(answer)
    assert now(course).state == CourseState.AWAITING


def test_a_plan_signed_on_paper_is_signed_and_labelled_as_weaker(therapist: Actor, signed_in: Browser) -> None:
    course, client = an_awaiting_course(actor=therapist), signed_in(therapist)
    assert client.post(address(course, "signed-print"), a_paper(course)).status_code == 303
    made = Signature.objects.get()
    assert (now(course).state, now(course).signature, made.meaning) == (CourseState.SIGNED, made, Meaning.RECORDED_PAPER)
    assert made.evidence is not None
    assert made.evidence["file_digest"] == Attachment.objects.get().sha256
    text = body(client.get(address(course, "detail")))
    assert "Weaker" in text
    assert reverse("patients:document-file", args=[course.patient_id, Attachment.objects.get().pk]) in text
    printed = course_data(Paper(now(course), Presenter(shipped_library(), page_names()), "https://clinic.test/"))
    assert any("weaker" in line for line in printed["signature"]["lines"])


@pytest.mark.parametrize(
    "wrong", [{"fingerprint": "0123 4567 89ab"}, {"doctor": " "}, {"signed_on": "2999-01-01"}, {"file": ""}, {"version": 99}]
)
def test_a_paper_of_another_plan_or_without_its_words_is_not_recorded(wrong: dict[str, Any], therapist: Actor, signed_in: Browser) -> None:
    course, client = an_awaiting_course(actor=therapist), signed_in(therapist)
    answer = client.post(address(course, "signed-print"), a_paper(course, **wrong))
    assert answer.status_code == 422
    assert not Signature.objects.exists()
    assert not Attachment.objects.exists()
    if "fingerprint" in wrong:
        assert "What was signed is another plan" in body(answer)


def test_a_paper_settles_no_finding_that_waits_for_a_doctor(therapist: Actor, signed_in: Browser) -> None:
    course = a_flagged_course(actor=therapist)
    assert signed_in(therapist).post(address(course, "signed-print"), a_paper(course)).status_code == 422
    assert not Signature.objects.exists()


def test_a_returned_plan_says_whose_word_it_was(clinic: Clinic, therapist: Actor) -> None:
    doctor = Actor(a_member(clinic=clinic, roles=(Role.DOCTOR,)), clinic, frozenset({"doctor"}))
    course = an_awaiting_course(actor=therapist)
    a_browser_of(doctor).post(address(course, "return"), {"version": course.version, "question": "Which side?"})
    assert course.moves.latest("pk").reason == CourseReason.DOCTOR
