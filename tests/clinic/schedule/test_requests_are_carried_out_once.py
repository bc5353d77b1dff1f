"""A request has one effect, however often it is sent; its key is no good for another one (trust.md F7)."""

from datetime import time

import pytest

from clinic.schedule.actions import OtherRequest, SlotTaken, once
from clinic.schedule.models import Booking, Placement
from clinic.staff.models import Clinic
from tests.clinic.schedule.desk import Desk
from tests.trust.test_two_at_the_same_moment import at_once

KEY = "77aa"


@pytest.mark.django_db(transaction=True)
def test_ten_equal_requests_at_one_moment_have_one_effect_and_one_answer(clinic: Clinic) -> None:
    desk, answers = Desk(clinic), []

    def send() -> None:
        answers.append([each.pk for each in desk.book(desk.place(), desk.place(clock=time(12)), key=KEY)])

    assert at_once(*[send] * 10) == ["done"] * 10
    assert Booking.objects.count() == 2
    assert len(answers) == 10
    assert {tuple(each) for each in answers} == {tuple(answers[0])}


@pytest.mark.django_db
def test_the_same_key_with_another_request_is_refused(clinic: Clinic) -> None:
    desk = Desk(clinic)
    booked = desk.book(desk.place(), key=KEY)
    with pytest.raises(OtherRequest):
        desk.book(desk.place(clock=time(12)), key=KEY)
    desk.release(*booked)
    assert desk.book(desk.place(), key=KEY) == booked  # what was asked once was done once, whatever came of it


@pytest.mark.django_db
def test_another_clinic_may_use_the_same_key(clinic: Clinic, other_clinic: Clinic) -> None:
    one, other = (desk.book(desk.place(), key=KEY)[0] for desk in (Desk(clinic), Desk(other_clinic)))
    assert one != other


@pytest.mark.django_db
def test_a_request_that_failed_may_be_sent_again(clinic: Clinic) -> None:
    desk = Desk(clinic)
    [other] = desk.book(desk.place(1))
    with pytest.raises(SlotTaken):
        desk.book(desk.place(), key=KEY)
    desk.release(other)
    assert len(desk.book(desk.place(), key=KEY)) == 1
    assert Placement.objects.count() == 2


@pytest.mark.django_db
def test_any_deed_can_be_done_once(clinic: Clinic) -> None:
    desk, done = Desk(clinic), []

    def deed() -> list[int]:
        done.append(1)
        return [7]

    results = [once(clinic=clinic, key=KEY, asked={"what": "a deed"}, run=deed, actor=desk.admin) for _time in range(3)]
    assert (results, done) == ([[7]] * 3, [1])
    for key in ("", "x" * 41):
        with pytest.raises(ValueError, match="characters"):
            once(clinic=clinic, key=key, asked={}, run=deed, actor=desk.admin)
