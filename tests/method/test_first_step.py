"""A session begins with stroking, also when its first step has little time, is struck, or is the only one left."""

from types import SimpleNamespace
from typing import Any

import pytest

from protocols.method.places import Place
from protocols.method.session import sequencing
from protocols.method.vocabulary import MIN_ROW_SECONDS


class Remembering:
    """Stands for a session: keeps what is left out."""

    def __init__(self) -> None:
        self.left_out: list[tuple[str, str, str]] = []

    def omit(self, kind: str, code: str, _side: object, because: Any) -> None:
        self.left_out.append((kind, code, because.code))


def a_step(seconds: int, **shares: int) -> Any:
    picks = {family: family for family in shares}
    return SimpleNamespace(place=Place("calf", "left"), shares=dict(shares), picks=picks, sure_seconds=seconds)


def ready(*steps: Any) -> Remembering:
    session = Remembering()
    sequencing.ready_the_first_step(session, list(steps))  # type: ignore[arg-type]
    return session


@pytest.fixture
def struck(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The steps from which percussion was taken."""
    taken: list[Any] = []
    monkeypatch.setattr(sequencing, "drop_percussion", lambda _session, draft, why: taken.append((draft, why.code)))
    return taken


def test_a_first_step_with_room_for_stroking_at_both_ends_stays_as_it_is(struck: list[Any]) -> None:
    step = a_step(2 * MIN_ROW_SECONDS + 1, stroking=100)
    assert ready(step).left_out == []
    struck_step = a_step(10 * (2 * MIN_ROW_SECONDS + 1), stroking=10, percussion=90)
    assert ready(struck_step).left_out == []
    assert struck == []


def test_a_first_step_without_that_room_is_not_struck(struck: list[Any]) -> None:
    step, other = a_step(10 * 2 * MIN_ROW_SECONDS, stroking=10, percussion=90), a_step(300, stroking=100)
    assert ready(step, other).left_out == []
    assert struck == [(step, "opens-with-stroking")]


def test_the_only_step_without_that_room_is_stroked_and_says_what_it_lost(struck: list[Any]) -> None:
    step = a_step(2 * MIN_ROW_SECONDS, stroking=40, rubbing=35, kneading=25)
    session = ready(step)
    assert step.shares == {"stroking": 100}
    assert session.left_out == [("family", "rubbing", "opens-with-stroking"), ("family", "kneading", "opens-with-stroking")]
    assert struck == []


def test_a_first_step_of_several_keeps_its_other_families(struck: list[Any]) -> None:
    step = a_step(2 * MIN_ROW_SECONDS, stroking=40, rubbing=60)
    assert ready(step, a_step(300, stroking=100)).left_out == []
    assert step.shares == {"stroking": 40, "rubbing": 60}
    assert struck == []
