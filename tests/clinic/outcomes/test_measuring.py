"""Measures entered, corrected and read: what stands, what is due, and what is put before a doctor by itself."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.actions import Felt, record_session
from clinic.courses.actions.after import acknowledge_reaction
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.models import Course, CourseReview, MeasureValue, SessionRecord
from clinic.courses.outcomes.actions.measures import Correction, Measured, correct_measure, keep_measures
from clinic.courses.outcomes.queries.measures import due_among, due_counts, measures_due, records_alone, values_of
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_course, a_patient, a_running_course

FATIGUE = Measured("fatigue", Decimal(6), moment="start")


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_course(actor=therapist)


def keep(course: Course, actor: Actor, *said: Measured) -> MeasureValue:
    return keep_measures(course=course, said=said or (FATIGUE,), measured_on=course.planned_on, on=course.planned_on, actor=actor)[0]


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ((), "Nothing was entered"),
        ((Measured("fatigue", Decimal(11)),), "from 0 to 10"),
        ((Measured("fatigue"),), "from 0 to 10"),
        ((Measured("fatigue", Decimal(3), side="left"),), "no such measure"),
        ((Measured("happiness", Decimal(3)),), "no such measure"),
        ((Measured("face-photographs", Decimal(1)),), "by eye"),
    ],
)
def test_what_cannot_be_a_value_is_refused_in_a_sentence(
    therapist: Actor, course: Course, said: tuple[Measured, ...], sentence: str
) -> None:
    with pytest.raises(ActionDenied, match=sentence):
        keep_measures(course=course, said=said, measured_on=course.planned_on, on=course.planned_on, actor=therapist)
    with pytest.raises(ActionDenied, match="still ahead"):
        keep_measures(
            course=course, said=[FATIGUE], measured_on=course.planned_on + timedelta(days=1), on=course.planned_on, actor=therapist
        )


def test_a_correction_is_a_new_row_and_the_old_one_counts_no_more(therapist: Actor, course: Course) -> None:
    old = keep(course, therapist)
    with pytest.raises(ActionDenied, match="Write why"):
        correct_measure(value=old, correction=Correction(" ", Decimal(4)), actor=therapist)
    new = correct_measure(value=old, correction=Correction("read wrongly", Decimal(4)), actor=therapist)
    assert [each.value for each in values_of(course)] == [4.0]
    with pytest.raises(ActionDenied, match="corrected already"):
        correct_measure(value=old, correction=Correction("again", Decimal(5)), actor=therapist)
    correct_measure(value=new, correction=Correction("another patient", is_void=True), actor=therapist)
    assert values_of(course) == ()
    assert "fatigue" in {due.measure.code for due in measures_due(course, course.planned_on)}
    assert MeasureValue.objects.count() == 3


def test_what_is_due_is_counted_for_many_courses_in_three_queries(
    therapist: Actor, course: Course, max_queries: Callable[[int], object]
) -> None:
    other = a_course(actor=therapist, patient=a_patient(clinic=therapist.clinic), condition="joint-stiffness", stage="standard")
    keep(course, therapist)
    with max_queries(3):  # type: ignore[attr-defined]
        counts = due_counts([course, other], course.planned_on)
    for each in (course, other):
        due = measures_due(each, each.planned_on)
        assert len(due) == counts[each.pk] > 0
        assert due == due_among(each, values_of(each), records_alone(each), each.planned_on)


def test_worse_twice_running_asks_the_doctor_by_itself_and_never_twice(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    day = course.planned_on
    for later, number in enumerate((4, 7)):
        keep_measures(
            course=course, said=[Measured("fatigue", Decimal(number))], measured_on=day, on=day + timedelta(later), actor=therapist
        )
    assert not CourseReview.objects.filter(course=course).exists()
    keep(course, therapist, Measured("fatigue", Decimal(8)))
    review = CourseReview.objects.get(course=course)
    assert (review.kind, review.asked_by, review.question) == (
        "question", None, "Worse than at the start twice running: Fatigue 0-10.",
    )  # fmt: skip
    keep(course, therapist, Measured("fatigue", Decimal(9)))
    assert CourseReview.objects.filter(course=course).count() == 1


def test_what_the_records_hold_up_is_put_before_the_doctor_in_their_words(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, given=1)
    for number in (2, 3):
        record_session(course=course, number=number, felt=Felt(bad_reaction=True), on=course.planned_on, actor=therapist)
        asked = CourseReview.objects.filter(course=course, kind="question")
        if number == 2:
            assert not asked.exists()
            acknowledge_reaction(record=SessionRecord.objects.get(session__course=course, session__number=2), actor=therapist)
            course = ask_quiet_day(course, on=course.planned_on + timedelta(days=1), actor=therapist)
    assert "two bad reactions in a row" in asked.get().question


# Pages --------------------------------------------------------------------------------------------------------------------------
def test_the_form_keeps_what_was_entered_once_and_nothing_is_needed(
    therapist: Actor, course: Course, signed_in: Callable[[Actor], Client]
) -> None:
    client, address = signed_in(therapist), reverse("outcomes:measure", args=[course.pk])
    shown = client.get(address)
    token = shown.content.decode().split('name="once" value="')[1].split('"')[0] if 'name="once" value="' in shown.content.decode() else ""
    sent = {"measured_on": course.planned_on.isoformat(), "fatigue": "6", "cervical-range": "", "once": token}
    for _turn in range(2):
        answer = client.post(address, sent)
        assert (answer.status_code, answer["Location"]) == (303, reverse("outcomes:course", args=[course.pk]))
    assert MeasureValue.objects.filter(course=course).values_list("measure", "value", "moment").get() == ("fatigue", Decimal(6), "start")
    wrong = client.post(address, {**sent, "once": "", "cervical-range": "200"})
    assert wrong.status_code == 422
    assert "from 0 to 180" in wrong.content.decode()


@pytest.mark.same_everywhere
def test_the_page_draws_each_measure_and_says_the_same_in_a_table(
    therapist: Actor, course: Course, signed_in: Callable[[Actor], Client]
) -> None:
    empty = signed_in(therapist).get(reverse("outcomes:course", args=[course.pk])).content.decode()
    assert "Nothing was measured yet" in empty
    keep(course, therapist, FATIGUE, Measured("fatigue", Decimal(3)))
    shown = signed_in(therapist).get(reverse("outcomes:course", args=[course.pk])).content.decode()
    assert "Better by a real change" in shown
    assert "measure-drawing" in shown
    assert "good at 4" in shown
    panel = signed_in(therapist).get(reverse("courses:detail", args=[course.pk])).content.decode()
    assert "Outcomes over time" in panel
