"""Two who settle one absence at the same moment: each session moves once, and the second is told."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client

from clinic.schedule.models import BookingChange
from clinic.staff.models import Clinic
from tests.clinic.calendar.ill_day import a_house
from tests.trust.test_two_at_the_same_moment import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("tokens", [("a" * 32, "a" * 32), ("a" * 32, "b" * 32)], ids=["one page sent twice", "two people"])
def test_of_two_who_confirm_the_same_day_at_once_one_moves_it(
    tokens: tuple[str, str], clinic: Clinic, signed_in: Callable[..., Client]
) -> None:
    house = a_house(clinic)
    courses = [house.course(name, time(hour)) for name, hour in (("Adler", 9), ("Brandt", 11))]
    house.colleague()
    url, said = f"/calendar/absent/{house.absence().pk}/", []
    page: Any = signed_in(house.admin).get(url)
    sent = {row.name: row.chosen.code for row in page.context["rows"]}

    def confirm(token: str) -> Callable[[], None]:
        client = signed_in(house.admin)
        return lambda: said.append(client.post(url, {**sent, "step": "confirm", "once": token}).status_code)

    assert at_once(*map(confirm, tokens)) == ["done", "done"]
    assert set(said) <= {303, 422, 200}
    assert 303 in said
    moved = [booking for course in courses for booking in house.bookings_of(course)]
    assert [BookingChange.objects.filter(booking=each, kind="moved").count() for each in moved] == [1, 1]
    assert house.ill not in {each.therapist for each in moved}
