"""Two plans side by side: no row is lost and none made up, every address answers, and nothing in the database moves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.compare.side import SideBySide, SidePresenter, out_of_turn
from clinic.courses.models import Course
from clinic.courses.queries import sessions_of
from clinic.courses.signed_content import course_content
from clinic.staff.permissions import Actor
from protocols.method.edits import Edit
from protocols.method.plans import Row, SessionPlan
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.studio.scene import a_desk, edited, kept, reasoned
from tests.factories import a_course, a_course_that_may_start, a_doctor, a_running_course, signed

SignedIn = Callable[[Any], Client]


def row(zone: str, technique: str, *, seconds: int = 60, step: int = 0, family: str = "stroking") -> Row:
    return Row(step, "main", zone, "both", family, technique, seconds, 2, "calm", "prone")


def session(*rows: Row) -> SessionPlan:
    whole = tuple(replace(each, step=place) for place, each in enumerate(rows))
    return SessionPlan(1, 1, "working", Outcome.CLEAR, True, whole, (), ("prone",), sum(each.seconds for each in rows))


def beside(before: SessionPlan, after: SessionPlan) -> SideBySide:
    return SidePresenter(shipped_library(), shipped_names("en")).beside(before, after)


PLANAR, DEEP = "stroking-surface-planar", "stroking-deep-planar"
ONE, TWO, THREE = row("neck", PLANAR), row("back-thoracic", PLANAR), row("lumbar", PLANAR)


def test_no_row_of_either_side_is_lost_or_made_up() -> None:
    before, after = session(ONE, TWO, THREE), session(THREE, replace(ONE, seconds=90), row("scapula", PLANAR))
    found = beside(before, after)
    assert sorted(line.before.number for line in found.lines if line.before) == [1, 2, 3]
    assert [line.after.number for line in found.lines if line.after] == [1, 2, 3]
    kinds = {line.zone: line.kind for line in found.lines}
    assert sorted(kinds.values()) == ["changed", "come", "go", "same"]
    assert sum(line.is_moved for line in found.lines) == 1
    assert (found.before_seconds, found.after_seconds) == (180, 210)


def test_what_only_the_first_has_stands_behind_what_it_followed() -> None:
    found = beside(session(ONE, TWO, THREE), session(ONE, THREE))
    assert [line.kind for line in found.lines] == ["same", "go", "same"]
    assert [line.kind for line in beside(session(TWO, ONE), session(ONE)).lines] == ["go", "same"]


def test_a_session_beside_itself_differs_in_nothing() -> None:
    plan = session(ONE, TWO, THREE)
    found = beside(plan, plan)
    assert found.counts == {"same": 3, "changed": 0, "go": 0, "come": 0, "moved": 0}
    assert not any(share.is_changed for share in found.shares)


@pytest.mark.parametrize(("pairs", "moved"), [([(0, 0), (1, 1)], 0), ([(0, 2), (1, 0), (2, 1)], 1), ([(0, 2), (1, 1), (2, 0)], 2)])
def test_as_few_rows_as_must_have_moved(pairs: list[tuple[int, int]], moved: int) -> None:
    assert len(out_of_turn(pairs)) == moved


@pytest.fixture
def look(signed_in: SignedIn, therapist: Actor) -> Callable[..., tuple[str, dict[str, Any]]]:
    browser = signed_in(therapist)

    def looked(course: Course, value: str, **more: str) -> tuple[str, dict[str, Any]]:
        answer = browser.get(reverse("compare:plans", args=[course.pk]), {"with": value, **more})
        assert answer.status_code == 200
        return answer.content.decode(), answer.context  # type: ignore[return-value]  # of a page it is there

    return looked


@pytest.mark.django_db
def test_a_plan_changed_by_hand_stands_beside_its_protocol_and_the_document_says_both_values(therapist: Actor, look: Any) -> None:
    course = a_course(actor=therapist, count=4)
    assert "Nothing was changed by hand" in look(course, "protocol")[0]
    desk = a_desk(course, therapist)
    desk = reasoned(edited(desk, therapist, Edit("dose", 2, 2, value=60), session=2), therapist)
    after = kept(desk, therapist).course
    _words, context = look(after, "protocol")
    assert context["session"].number == 2
    assert next(number for number, _query, _shown, differs in context["session_links"] if differs) == 2
    assert context["side"].before_seconds > context["side"].after_seconds == sessions_of(after)[1].total_seconds
    (line, *_rest) = next(part.lines for part in course_content(after).sections if part.heading == "Changed by hand")
    assert line.startswith("Session 2: 60 % of the full time")
    assert "→ 60\N{NO-BREAK SPACE}%" in line


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_every_own_past_answers_in_a_sentence_or_in_two_plans(therapist: Actor, look: Any) -> None:
    course = a_course_that_may_start(actor=therapist, count=3)
    assert "No session of this course was given yet" in look(course, "last")[0]
    assert "No doctor has signed" in look(course, "signed")[0]
    signed_one = signed(course, actor=therapist, doctor=a_doctor(clinic=therapist.clinic))
    assert look(signed_one, "signed")[1]["difference"].is_same
    running = a_running_course(actor=therapist, count=3, given=2)
    _words, context = look(running, "last")
    assert context["felt"].record.session.number == 2
    assert (context["head_before"], context["head_after"]) == ("Session 2, given", "Session 3, to come")


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_another_stage_stands_beside_it_and_another_protocol_asks_what_it_does_not_know(therapist: Actor, look: Any) -> None:
    course = a_course(actor=therapist, count=4)
    stages = [code for code, stage in shipped_library().conditions[course.condition].stages.items() if stage.treatment]
    other = next(code for code in stages if code != course.stage)
    assert look(course, f"stage:{other}")[1]["plans"] is not None
    _words, context = look(course, "protocol:scoliosis/degree-2")
    assert context["is_asking"]
    assert not context["form"].errors, "nothing was typed yet"
    answered = {"curve_shape": "c", "convex_side": "left", "count": "10"}
    _words, context = look(course, "protocol:scoliosis/degree-2", **answered)
    assert context["plans"].after.course != context["plans"].before.course


@pytest.mark.same_everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("value", ["stage:none", "protocol:none/none", "protocol:scoliosis/none"])
def test_what_the_library_does_not_hold_is_not_found(value: str, therapist: Actor, signed_in: SignedIn) -> None:
    course = a_course(actor=therapist)
    assert signed_in(therapist).get(reverse("compare:plans", args=[course.pk]), {"with": value}).status_code == 404
