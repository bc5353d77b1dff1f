"""The day of a plan is the clinic's day: a second before midnight it holds, at midnight and a second after it is of another day (F16)."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from clinic.courses import actions
from clinic.courses.actions import Felt
from clinic.courses.gates import hindrances
from clinic.courses.models import Course
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_clinic, a_running_course, an_actor

pytestmark = pytest.mark.django_db
ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles")


@pytest.fixture(params=ZONES)
def at_midnight(request: pytest.FixtureRequest) -> tuple[Course, Actor, datetime]:
    """A course that runs, who gives it, and the next midnight of their clinic."""
    actor = an_actor(clinic=a_clinic(time_zone=request.param))
    course = a_running_course(actor=actor, count=3)
    midnight = datetime.combine(course.planned_on + timedelta(days=1), time(), tzinfo=actor.clinic.zone).astimezone(UTC)
    return course, actor, midnight


@pytest.mark.first_everywhere
@pytest.mark.parametrize(("seconds", "holds"), [(-1, True), (0, False), (1, False)])
def test_answers_are_of_the_clinic_s_day(at_midnight: tuple[Course, Actor, datetime], seconds: int, holds: bool) -> None:  # edges
    course, actor, midnight = at_midnight
    with time_machine.travel(midnight + timedelta(seconds=seconds), tick=False):
        today = actor.clinic.today()
        assert (hindrances(course, today) == ()) is holds
        if holds:
            assert actions.record_session(course=course, number=1, felt=Felt(), on=today, actor=actor).given_on == course.planned_on
            return
        with pytest.raises(ActionDenied, match="Ask today's questions first"):
            actions.record_session(course=course, number=1, felt=Felt(), on=today, actor=actor)


@pytest.mark.same_everywhere
def test_the_fever_of_a_day_is_asked_about_again_on_the_next(at_midnight: tuple[Course, Actor, datetime]) -> None:
    course, actor, midnight = at_midnight
    with time_machine.travel(midnight, tick=False):
        assert [each.code for each in hindrances(course, actor.clinic.today())] == ["day"]
