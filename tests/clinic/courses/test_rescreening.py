"""A new fact, document or withdrawal screens the patient's courses anew at once; a finding that forbids suspends them (H2)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clinic.audit.models import AuditLine
from clinic.courses import actions
from clinic.courses.actions import Felt, Why
from clinic.courses.demo_days import agree, ask_quiet_day
from clinic.courses.models import Course, CourseMove, ScreeningRecord
from clinic.courses.planning import CourseRequest
from clinic.courses.queries import kept_screening, newest_screening, sessions_of
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_document, record_facts, withdraw_document
from patients.changes import has_changed
from patients.questionnaire import NORMAL_REPLY, STATED, UNKNOWN_REPLY, Reply
from tests.factories import a_course, a_doctor, a_running_course, a_signed_course, ask_today, signed

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
BLOOD_THINNER = {"medicine.anticoagulant": Reply(STATED, value=True)}
NO_BLOOD_THINNER = {"medicine.anticoagulant": NORMAL_REPLY}
FEVER = {"today.temperature-c": Reply(STATED, 38.6)}
PREVENTIVE: dict[str, Any] = {"condition": "preventive-massage", "stage": "general"}


def tell(course: Course, replies: dict[str, Reply], actor: Actor, *, days: int = 0) -> Course:
    """Something is told about the patient of a course, some days after it was planned; the course as it stands then."""
    on = course.planned_on + timedelta(days=days)
    record_facts(patient=course.patient, replies=replies, on=on, given_by="patient", actor=actor)
    return Course.objects.get(pk=course.pk)


def resume(course: Course, actor: Actor, *, days: int = 0) -> Course:
    return actions.resume_course(course=course, on=course.planned_on + timedelta(days=days), version=course.version, actor=actor)


# What suspends ----------------------------------------------------------------------------------------------------------------
@pytest.mark.first_everywhere
@pytest.mark.parametrize("days", [0, 1, 40])
def test_a_new_blood_thinner_suspends_a_running_course_at_once(therapist: Actor, days: int) -> None:
    course = tell(a_running_course(actor=therapist, given=2), BLOOD_THINNER, therapist, days=days)
    move = CourseMove.objects.latest("pk")
    assert course.state == CourseState.SUSPENDED
    assert (move.before, move.after, move.reason, move.by) == ("running", "suspended", CourseReason.FINDING, therapist.user)
    assert move.details == {"found": ["bl-03"]}
    assert AuditLine.objects.filter(verb="suspended-course").count() == 1


def test_it_suspends_whatever_waits_for_its_sessions_and_leaves_a_draft_a_draft(therapist: Actor) -> None:
    running = a_running_course(actor=therapist)
    paused = actions.pause_course(
        course=running, why=Why(CourseReason.ILLNESS), on=running.planned_on, version=running.version, actor=therapist
    )
    waiting = a_signed_course(actor=therapist)
    draft = a_course(actor=therapist, patient=waiting.patient)
    assert tell(paused, BLOOD_THINNER, therapist).state == CourseState.SUSPENDED
    assert tell(waiting, BLOOD_THINNER, therapist).state == CourseState.SUSPENDED
    draft.refresh_from_db()
    assert draft.state == CourseState.DRAFT
    newest = newest_screening(draft)
    assert newest is not None
    assert newest.cause == "facts"


@pytest.mark.same_everywhere
def test_a_course_with_the_doctor_is_suspended_too(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    about: dict[str, Any] = {"on": course.planned_on, "actor": therapist}
    sent = actions.submit_course(course=course, version=course.version, **about)
    assert tell(sent, BLOOD_THINNER, therapist).state == CourseState.SUSPENDED


@pytest.mark.same_everywhere
def test_a_milder_finding_leaves_the_course_running_and_its_plan_waits_to_be_made_again(therapist: Actor) -> None:
    aspirin = {"medicine.antiplatelet-single": Reply(STATED, value=True)}
    course = tell(a_running_course(actor=therapist), aspirin, therapist)
    assert course.state == CourseState.RUNNING
    with pytest.raises(ActionDenied, match="has changed since"):
        actions.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    course = ask_today(course, actor=therapist)
    actions.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("days", [0, 2])
def test_a_fever_ends_the_day_and_not_the_course(therapist: Actor, days: int) -> None:
    """Last Tuesday's fever is of last Tuesday: it forbade that session by itself."""
    course = tell(a_running_course(actor=therapist), FEVER, therapist)
    assert course.state == CourseState.RUNNING
    course = tell(course, {"history.hernia": NORMAL_REPLY}, therapist, days=days)
    assert course.state == CourseState.RUNNING


@pytest.mark.same_everywhere
def test_questions_that_nobody_asked_yet_today_suspend_nothing(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    assert tell(course, {"history.hernia": NORMAL_REPLY}, therapist, days=3).state == CourseState.RUNNING


@pytest.mark.same_everywhere
def test_an_unknown_answer_suspends_where_the_library_takes_it_for_a_yes(therapist: Actor) -> None:
    course = tell(a_running_course(actor=therapist), {"medicine.anticoagulant": UNKNOWN_REPLY}, therapist)
    assert course.state == CourseState.SUSPENDED


@pytest.mark.same_everywhere
def test_an_emergency_of_the_day_does_not_pass_by_not_being_asked_about(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    told = tell(course, {"today.chest-pain": Reply(STATED, value=True)}, therapist)
    assert told.state == CourseState.SUSPENDED


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
@pytest.mark.parametrize(
    ("fact", "says"),
    [("medicine.anticoagulant", "doctor"), ("history.thrombosis-active", "absolute"), ("today.chest-pain", "emergency")],
)
def test_a_suspended_course_shows_the_gravest_and_never_less(therapist: Actor, signed_in: SignedIn, fact: str, says: str) -> None:
    told = tell(a_running_course(actor=therapist), {fact: Reply(STATED, value=True)}, therapist)
    shown = signed_in(therapist).get(f"/courses/{told.pk}/").content.decode()
    assert f'class="outcome tone-{says}"' in shown


@pytest.mark.same_everywhere
def test_a_finding_of_the_day_s_questions_suspends_by_the_same_measure(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    about: dict[str, Any] = {"course": course, "on": course.planned_on, "version": course.version, "actor": therapist}
    told = actions.answer_day_questions(replies=BLOOD_THINNER, **about)
    assert told.state == CourseState.SUSPENDED
    assert ScreeningRecord.objects.filter(course=course).latest("pk").cause == "day"


def test_a_document_taken_back_suspends_what_stood_on_it(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    about: dict[str, Any] = {"patient": course.patient, "on": course.planned_on, "actor": therapist}
    paper = record_document(kind="doctor-referral", issued_on=course.planned_on, issued_by="Dr Issuer", rules=["bl-03"], **about)
    course = tell(course, BLOOD_THINNER, therapist)
    assert course.state == CourseState.RUNNING, "the paper lifts it"
    withdraw_document(document=paper, reason="Another patient's", actor=therapist)
    course.refresh_from_db()
    assert course.state == CourseState.SUSPENDED


@pytest.mark.same_everywhere
def test_a_record_that_makes_no_plan_any_more_suspends(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    Course.objects.filter(pk=course.pk).update(stage="of-another-edition")
    has_changed(course.patient, cause="facts", on=course.planned_on, actor=therapist)
    course.refresh_from_db()
    assert course.state == CourseState.SUSPENDED
    assert "of-another-edition" in str(CourseMove.objects.latest("pk").details["faults"])


def test_a_screening_that_cannot_be_made_undoes_the_change(therapist: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    course = a_running_course(actor=therapist)

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("broken by the test")

    monkeypatch.setattr("clinic.courses.actions.screening.setting_of", broken)
    with pytest.raises(RuntimeError):
        tell(course, BLOOD_THINNER, therapist)
    assert not course.patient.fact_answers.filter(fact="medicine.anticoagulant", value=True).exists()


@pytest.mark.same_everywhere
def test_what_is_over_is_screened_no_more(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=1)
    actions.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
    kept = ScreeningRecord.objects.count()
    assert tell(course, BLOOD_THINNER, therapist).state == CourseState.FINISHED
    assert ScreeningRecord.objects.count() == kept


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_whoever_records_it_reads_at_once_that_a_course_is_suspended(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    address = f"/patients/{course.patient_id}/facts/new/?fact=medicine.anticoagulant"
    once = re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())
    sent = {"medicine.anticoagulant": "yes", "given_by": "patient", "once": once[1] if once else ""}
    text = client.post(address, sent, follow=True).content.decode()
    assert "This suspended a course" in text
    assert Course.objects.get(pk=course.pk).state == CourseState.SUSPENDED


def test_another_patient_s_facts_touch_nothing(therapist: Actor) -> None:
    course, other = a_running_course(actor=therapist), a_running_course(actor=therapist)
    tell(other, BLOOD_THINNER, therapist)
    course.refresh_from_db()
    assert course.state == CourseState.RUNNING


# How it goes on ---------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_a_cured_finding_does_not_let_the_course_go_on_by_itself_and_staff_may(therapist: Actor) -> None:
    course = tell(a_running_course(actor=therapist), BLOOD_THINNER, therapist)
    with pytest.raises(ActionDenied, match="still forbids the course: Blood-thinning"):
        resume(course, therapist)
    course = tell(course, NO_BLOOD_THINNER, therapist)
    assert course.state == CourseState.SUSPENDED
    assert resume(course, therapist).state == CourseState.RUNNING


@pytest.mark.same_everywhere
def test_a_plan_that_grew_beyond_the_signature_goes_to_the_doctor(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, condition="osteochondrosis-lumbar", stage="remission", count=6)
    course = tell(course, BLOOD_THINNER, therapist)
    wanted = actions.request_of(course)
    longer = CourseRequest(wanted.condition, wanted.stage, 8, wanted.inputs, wanted.supplements)
    tell(course, NO_BLOOD_THINNER, therapist)
    course = actions.replan_course(course=course, wanted=longer, on=course.planned_on, version=course.version, actor=therapist)
    assert course.state == CourseState.SUSPENDED
    with pytest.raises(ActionDenied, match="beyond what the doctor signed"):
        resume(course, therapist)


@pytest.mark.same_everywhere
def test_a_preventive_course_goes_on_without_a_doctor(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, **PREVENTIVE)
    assert course.signature is None
    course = tell(course, BLOOD_THINNER, therapist)
    assert course.state == CourseState.SUSPENDED
    assert resume(tell(course, NO_BLOOD_THINNER, therapist), therapist).state == CourseState.RUNNING


def test_the_doctor_decides_about_the_finding_and_signs_the_gentler_plan(therapist: Actor) -> None:
    """The journey of the issue: a new anticoagulant suspends the course and the doctor signs a gentler plan."""
    course = tell(a_running_course(actor=therapist, given=2), BLOOD_THINNER, therapist)
    doctor = a_doctor(clinic=course.clinic)
    about: dict[str, Any] = {"on": course.planned_on}
    with pytest.raises(ActionDenied, match="Plan again first"):
        actions.submit_course(course=course, version=course.version, actor=therapist, **about)
    course = ask_today(course, actor=therapist)
    course = actions.submit_course(course=course, question="Light work only?", version=course.version, actor=therapist, **about)
    with pytest.raises(ActionDenied, match="Decide first about what waits for a doctor: Blood-thinning"):
        actions.sign_course_for_demo(course=course, actor=doctor, **about)
    before = [session.total_seconds for session in sessions_of(course)]
    with pytest.raises(ActionDenied, match="Write what the decision rests on"):
        actions.allow_findings(course=course, rules=("bl-03",), words=" ", version=course.version, actor=doctor, **about)
    words = "Apixaban 5 mg twice a day, no bruises seen."
    course = actions.allow_findings(course=course, rules=("bl-03",), words=words, version=course.version, actor=doctor, **about)
    assert course.patient.documents.get(rules=["bl-03"]).words == words
    assert (course.state, course.planned_by) == (CourseState.AWAITING, therapist.user)
    gentler = sessions_of(course)
    assert max(row.pressure for plan in gentler[2:] for row in plan.rows) <= 2
    assert len(gentler) == len(before)
    course = actions.sign_course_for_demo(course=course, actor=doctor, **about)
    assert course.state == CourseState.RUNNING
    with pytest.raises(ActionDenied, match="Ask for consent again"):
        actions.record_session(course=course, number=3, felt=Felt(), actor=therapist, **about)
    agree(course, on=course.planned_on, actor=therapist)
    actions.record_session(course=course, number=3, felt=Felt(), actor=therapist, **about)


@pytest.mark.same_everywhere
def test_a_gentler_plan_that_works_with_other_techniques_is_signed_again(therapist: Actor) -> None:
    course = tell(a_running_course(actor=therapist), BLOOD_THINNER, therapist)
    record_document(
        patient=course.patient, kind="doctor-referral", issued_on=course.planned_on, issued_by="Dr Issuer", rules=["bl-03"],
        on=course.planned_on, actor=therapist,
    )  # fmt: skip
    course = ask_today(Course.objects.get(pk=course.pk), actor=therapist)
    with pytest.raises(ActionDenied, match="which was not signed for this session"):
        resume(course, therapist)
    assert signed(course, actor=therapist).state == CourseState.RUNNING


# What is kept and shown -------------------------------------------------------------------------------------------------------
def test_every_screening_is_kept_as_it_was_made(therapist: Actor) -> None:
    course = a_signed_course(actor=therapist)
    kept = list(ScreeningRecord.objects.filter(course=course).order_by("pk"))
    assert [record.cause for record in kept] == ["planned", "day"]
    tell(course, BLOOD_THINNER, therapist)
    newest = ScreeningRecord.objects.filter(course=course).latest("pk")
    screening = kept_screening(newest)
    assert (newest.cause, newest.outcome, newest.made_by) == ("facts", "doctor", therapist.user)
    assert screening.facts["medicine.anticoagulant"] is True
    assert {trial.verdict for trial in screening.trials if trial.rule == "bl-03"} == {"fired"}
    assert newest.edition == course.edition


@pytest.mark.same_everywhere  # words; what is stored is stored on each database by the tests above
def test_the_page_says_what_changed_and_what_to_do(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist, given=1), signed_in(therapist)
    tell(course, BLOOD_THINNER, therapist)
    said = client.get(f"/courses/{course.pk}/").content.decode()
    assert "Suspended by a new finding" in said
    assert "Blood-thinning medicine" in said
    assert "Nothing is given in this course until what suspended it is settled." in said
    assert "May go ahead" not in said
    assert "Record session" not in said
    assert "what suspended it to be settled" in client.get("/courses/").content.decode()


@pytest.mark.same_everywhere  # words; what is stored is stored on each database by the tests above
def test_two_screenings_are_compared_in_words(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_running_course(actor=therapist), signed_in(therapist)
    tell(course, BLOOD_THINNER, therapist)
    said = client.get(f"/courses/{course.pk}/screenings/").content.decode()
    assert "New:" in said
    assert "Blood-thinning medicine" in said
    first = ScreeningRecord.objects.filter(course=course).earliest("pk")
    other = client.get(f"/courses/{course.pk}/screenings/", {"from": first.pk, "to": first.pk})
    assert "Nothing else was found" in other.content.decode()
    for junk in ("", "x", "0", "²", "9" * 40):
        assert client.get(f"/courses/{course.pk}/screenings/", {"from": junk, "to": junk}).status_code == 200


@pytest.mark.same_everywhere
def test_a_patient_who_comes_back_on_another_day_is_asked_and_goes_on(therapist: Actor) -> None:
    course = tell(a_running_course(actor=therapist), FEVER, therapist)
    course = ask_quiet_day(course, on=course.planned_on + timedelta(days=2), actor=therapist)
    actions.record_session(course=course, number=1, felt=Felt(), on=course.planned_on, actor=therapist)
