"""What is known of a patient on a day follows from dated answers, which nobody ever overwrites."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.models import QuerySet

from clinic.staff.permissions import ActionDenied, Actor
from patients import actions
from patients.models import FactAnswer, Intake, Patient
from patients.queries import age_on, answers_on, newest_replies
from patients.questionnaire import NORMAL_REPLY, STATED, UNKNOWN_REPLY, Reply, day_facts, intake_facts
from patients.states import TRANSITIONS, IntakeState
from protocols.shelf import shipped_library
from tests.factories import a_begun_intake, a_patient, an_intake

LIBRARY = shipped_library()
DAY = date(2026, 5, 4)
NOON = "2026-05-04T12:00:00+00:00"
YES = Reply(STATED, value=True)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    return a_patient(clinic=therapist.clinic)


def kept(patient: Patient, fact: str) -> QuerySet[FactAnswer]:
    return FactAnswer.objects.filter(patient=patient, fact=fact)


def test_without_an_intake_every_fact_of_the_form_is_unknown(patient: Patient) -> None:
    answers = answers_on(patient, LIBRARY, DAY)
    assert {*intake_facts(LIBRARY.intake), *day_facts(LIBRARY.intake), "intake.age-days"} <= answers.unknown
    assert dict(answers.known) == {"patient.age": 45, "patient.sex": "female"}


def test_an_answer_in_the_intake_is_known_and_a_no_is_not_unknown(patient: Patient, therapist: Actor) -> None:
    an_intake(patient=patient, actor=therapist, gate={"lungs": "yes"}, replies={"history.lung-disease": YES, "history.asthma": YES})
    answers = answers_on(patient, LIBRARY, DAY)
    assert answers.known["history.asthma"] is True
    assert "history.cancer-active" not in answers.unknown
    assert "history.cancer-active" not in answers.known


def test_a_new_answer_is_a_new_row_and_the_newest_counts(patient: Patient, therapist: Actor) -> None:
    for reply in (YES, UNKNOWN_REPLY, NORMAL_REPLY):
        actions.record_facts(patient=patient, replies={"history.asthma": reply}, on=DAY, given_by="patient", actor=therapist)
    assert [row.reply for row in kept(patient, "history.asthma")] == ["stated", "unknown", "normal"]
    assert newest_replies(patient)["history.asthma"].reply == "normal"
    assert "history.asthma" not in answers_on(patient, LIBRARY, DAY).unknown


def test_a_second_intake_leaves_the_answers_of_the_first(patient: Patient, therapist: Actor) -> None:
    first = an_intake(patient=patient, actor=therapist, gate={"lungs": "yes"}, replies={"history.lung-disease": YES})
    an_intake(patient=patient, actor=therapist)
    assert [row.reply for row in kept(patient, "history.lung-disease")] == ["stated", "normal"]
    first.refresh_from_db()
    assert first.gate["lungs"] == "yes"


def test_weeks_since_an_operation_grow_with_time(patient: Patient, therapist: Actor) -> None:
    replies = {"history.surgery-weeks": Reply(STATED, 5), "history.surgery-zones": Reply(STATED, [{"zone": "knee", "side": "left"}])}
    an_intake(patient=patient, actor=therapist, gate={"bones-and-operations": "yes"}, replies=replies, on=DAY)
    weeks = [answers_on(patient, LIBRARY, DAY + timedelta(days=days)).known["history.surgery-weeks"] for days in (0, 6, 7, 70)]
    assert weeks == [5, 5, 6, 15]


def test_time_since_never_passes_what_the_fact_can_hold(patient: Patient, therapist: Actor) -> None:
    actions.record_facts(patient=patient, replies={"history.surgery-weeks": Reply(STATED, 5)}, on=DAY, given_by="patient", actor=therapist)
    years_later = answers_on(patient, LIBRARY, DAY + timedelta(days=365 * 90))
    top = LIBRARY.facts["history.surgery-weeks"].max
    assert years_later.known["history.surgery-weeks"] == top


def test_an_answer_dated_later_than_the_plan_does_not_make_time_run_backwards(patient: Patient, therapist: Actor) -> None:
    actions.record_facts(patient=patient, replies={"history.surgery-weeks": Reply(STATED, 5)}, on=DAY, given_by="patient", actor=therapist)
    assert answers_on(patient, LIBRARY, DAY - timedelta(days=21)).known["history.surgery-weeks"] == 5


def test_yesterday_s_day_answers_are_unknown_today(patient: Patient, therapist: Actor) -> None:
    replies = {"today.temperature-c": Reply(STATED, 36.6), "today.consent": YES}
    actions.record_facts(patient=patient, replies=replies, on=DAY, given_by="patient", actor=therapist)
    assert answers_on(patient, LIBRARY, DAY).known["today.temperature-c"] == 36.6
    tomorrow = answers_on(patient, LIBRARY, DAY + timedelta(days=1))
    assert {"today.temperature-c", "today.consent"} <= tomorrow.unknown
    assert "today.temperature-c" not in tomorrow.known


def test_the_age_of_the_intake_is_counted_in_days_of_the_clinic(patient: Patient, therapist: Actor) -> None:
    with time_machine.travel("2026-05-04T22:30:00+00:00", tick=False):  # half past midnight of the 5th in Berlin
        an_intake(patient=patient, actor=therapist)
    assert answers_on(patient, LIBRARY, date(2026, 5, 5)).known["intake.age-days"] == 0
    assert answers_on(patient, LIBRARY, date(2027, 5, 5)).known["intake.age-days"] == 365


def test_a_discarded_form_answers_nothing(patient: Patient, therapist: Actor) -> None:
    draft = a_begun_intake(patient=patient)
    actions.discard_intake(intake=draft, actor=therapist)
    assert "history.asthma" in answers_on(patient, LIBRARY, DAY).unknown
    assert not FactAnswer.objects.filter(patient=patient).exists()


def test_a_fact_that_left_the_library_is_passed_over(patient: Patient, therapist: Actor) -> None:
    FactAnswer.objects.create(patient=patient, fact="history.gone", reply="stated", value=True, answered_on=DAY, recorded_by=therapist.user)
    assert "history.gone" not in answers_on(patient, LIBRARY, DAY).known


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("on", "age"), [(date(2026, 5, 16), 45), (date(2026, 5, 17), 46), (date(2026, 5, 18), 46), (date(1980, 5, 17), 0)])
def test_age_is_counted_in_whole_years(patient: Patient, on: date, age: int) -> None:
    assert age_on(patient, on) == age


def test_somebody_born_on_the_29th_of_february_is_a_year_older_in_march() -> None:
    born = Patient(born_on=date(2008, 2, 29))
    assert [age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))] == [17, 18]


@pytest.mark.parametrize("state", [state for state, ways in TRANSITIONS.items() if not ways])
def test_a_closed_form_is_never_closed_again(patient: Patient, therapist: Actor, state: str) -> None:
    intake = a_begun_intake(patient=patient)
    if state == IntakeState.COMPLETED:
        actions.complete_intake(intake=intake, library=LIBRARY, asked=[], given_by="patient", on=DAY, actor=therapist)
    else:
        actions.discard_intake(intake=intake, actor=therapist)
    with pytest.raises(ActionDenied, match=r"This form has been closed already\. Start a new one to change an answer."):
        actions.complete_intake(intake=intake, library=LIBRARY, asked=[], given_by="patient", on=DAY, actor=therapist)
    with pytest.raises(ActionDenied, match="This form has been closed already"):
        actions.discard_intake(intake=intake, actor=therapist)
    assert Intake.objects.get(pk=intake.pk).state == state
