"""Two therapists, or two tabs, that begin one session at the same moment."""

from functools import partial

import pytest
from django.utils import timezone

from clinic.audit.actions import verify_chain
from clinic.courses.actions import start_session
from clinic.courses.models import SessionStart
from clinic.staff.permissions import Actor
from tests.factories import a_running_course
from tests.trust.test_two_at_the_same_moment import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_session_begun_at_once_by_several_is_begun_once(therapist: Actor) -> None:
    course, begun = a_running_course(actor=therapist, count=2), set[int]()

    def begin(key: str) -> None:
        on, now = course.planned_on, timezone.now()
        begun.add(start_session(course=course, number=1, key=key, version=course.version, on=on, now=now, actor=therapist).pk)

    keys = ("one tab", "one tab", "another", "a tablet")
    assert at_once(*[partial(begin, key) for key in keys]) == ["done"] * 4
    assert begun == {SessionStart.objects.get().pk}
    assert verify_chain() is None
