"""A page that only shows asks once what several of its parts need; whatever writes asks each time."""

import pytest

from clinic.courses.at_hand import at_hand, is_at_hand, only_shows
from clinic.courses.models import Course
from clinic.web.templatetags.quick import drawn

pytestmark = pytest.mark.same_everywhere


def test_only_a_page_that_shows_remembers_what_it_asked() -> None:
    asked: list[int] = []

    def ask(course: Course) -> int:
        asked.append(course.pk)
        return len(asked)

    writing, showing = Course(pk=1), only_shows(Course(pk=1))
    assert [at_hand(writing, ask), at_hand(writing, ask)] == [1, 2]
    assert [at_hand(showing, ask), at_hand(showing, ask)] == [3, 3]
    assert (is_at_hand(writing), is_at_hand(showing)) == (False, True)


def test_a_drawing_has_points_and_no_groups_of_thousands() -> None:
    assert (drawn(1234.56), drawn(0.0), drawn(12.346, 2)) == ("1234.6", "0.0", "12.35")
