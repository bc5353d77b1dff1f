"""Opening, closing and order at the edges: half a minute exactly, a giver that has just enough, a family at 15 s."""

from dataclasses import dataclass
from typing import Any

import pytest

from protocols.method.places import Place
from protocols.method.session import ends, sequencing
from protocols.method.session.timing import EPSILON
from tests.method.drafted import Telling, a_draft, a_pick, simple


@dataclass(frozen=True)
class Asked:
    """A step that the protocol asks for."""

    part: str
    minutes: float
    zone: str = "calf"

    @property
    def place(self) -> Place:
        return Place(self.zone, "both")


def a_session(seconds: int = 300, minutes: float = 20) -> Any:
    return Telling(minutes=minutes, dose=simple(seconds=seconds))


def minutes_of(session: Any, *steps: Asked) -> list[float]:
    return [step.minutes for step in ends.lasting_ends(session, list(steps))]  # type: ignore[arg-type]


# Half a minute is two of twenty minutes in a dose of five minutes.
def test_pieces_of_an_opening_come_together_and_the_longest_main_step_gives_what_they_lack() -> None:
    session = a_session()
    steps = Asked("opening", 1.1), Asked("opening", 0.4, "thigh"), Asked("main", 10), Asked("main", 4), Asked("closing", 12)
    assert minutes_of(session, *steps) == pytest.approx([2, 9.5, 4, 12])
    assert session.lifted == {"opening": pytest.approx(22.5)}
    assert session.left_out == [("zone", "thigh", "step-too-short")]


def test_a_piece_that_is_left_out_says_its_whole_seconds() -> None:
    told: list[str] = []
    session = a_session()
    session.omit_place = lambda _place, why: told.append(dict(why.about)["seconds"])
    minutes_of(session, Asked("opening", 1.1), Asked("opening", 0.4), Asked("main", 10))
    assert told == ["6"]


def test_pieces_that_last_together_take_nothing_from_the_main_part() -> None:
    assert minutes_of(a_session(), Asked("opening", 1.5), Asked("opening", 1.0), Asked("main", 10)) == [2.5, 10]


def test_an_opening_of_half_a_minute_stays_as_it_is_whatever_rounding_does() -> None:
    for minutes in (2.0, 2.0 * (1 - EPSILON)):
        session = a_session()
        assert minutes_of(session, Asked("opening", minutes), Asked("main", 10)) == [minutes, 10]
        assert session.lifted == {}


def test_an_opening_may_be_stretched_to_half_as_much_again_and_no_further() -> None:
    exactly, over = 2.0, 1.999
    assert minutes_of(a_session(200), Asked("opening", exactly), Asked("main", 10)) == [3, 9]
    assert minutes_of(a_session(200), Asked("opening", over), Asked("main", 10)) == [over, 10]


def test_the_giving_step_keeps_half_a_minute_itself() -> None:
    assert minutes_of(a_session(), Asked("opening", 1.5), Asked("main", 2.5)) == [2, 2]
    assert minutes_of(a_session(), Asked("opening", 1.5), Asked("main", 2.25)) == [1.5, 2.25]


def test_without_a_main_step_nothing_is_given() -> None:
    assert minutes_of(a_session(), Asked("opening", 1.5), Asked("closing", 5)) == [1.5, 5]


# A moved opening or closing ---------------------------------------------------------------------------------------------------
def test_a_moved_step_has_each_family_only_where_its_host_has_it() -> None:
    session: Any = Telling(ground=None)
    host, draft = a_draft(stroking=50, rubbing=50), a_draft(stroking=50, rubbing=30, kneading=20)
    host.picks = {"stroking": a_pick(0b0110), "rubbing": a_pick(0b1100)}
    draft.places = {"stroking": 0b0111, "rubbing": 0b0011, "kneading": 0b1100}
    ends._keep_to(session, draft, host)
    assert draft.shares == {"stroking": 100}
    assert draft.places == {"stroking": 0b0110, "rubbing": 0, "kneading": 0}
    assert session.left_out == [("family", family, "moved-keeps-families") for family in ("rubbing", "kneading")]


def test_a_moved_step_without_stroking_of_its_own_gets_it_from_what_the_host_has_not() -> None:
    session: Any = Telling(ground=None)
    host, draft = a_draft(stroking=50, rubbing=50), a_draft(rubbing=60, kneading=40)
    draft.places = {"rubbing": 1, "kneading": 1}
    ends._keep_to(session, draft, host)
    assert draft.shares == {"rubbing": 60, "stroking": 40}


# Stroking at the ends ---------------------------------------------------------------------------------------------------------
def stroked(seconds: int, **shares: Any) -> tuple[Any, Any]:
    """The first of two main steps after the session was given its stroking, and the session."""
    session, first, last = Telling(), a_draft(seconds, **shares), a_draft(600, stroking=100)
    ends.stroke_the_ends(session, [first, last])  # type: ignore[arg-type]
    return first, session


def test_a_first_step_that_is_no_opening_is_stroked_for_72_percent() -> None:
    first, session = stroked(600, stroking=50, rubbing=30, kneading=20)
    assert first.shares == pytest.approx({"stroking": 72, "rubbing": 16.8, "kneading": 11.2})
    assert session.left_out == []
    assert stroked(600, stroking=71, rubbing=29)[0].shares == pytest.approx({"stroking": 72, "rubbing": 28})


def test_a_step_with_72_percent_of_stroking_keeps_even_families_under_15_seconds() -> None:
    first, session = stroked(100, stroking=72, rubbing=14, kneading=14)
    assert first.shares == {"stroking": 72, "rubbing": 14, "kneading": 14}
    assert session.left_out == []


def test_at_the_ends_a_family_of_15_seconds_stays_and_one_of_14_is_stroked() -> None:
    session: Any = Telling()
    draft = a_draft(150, stroking=50, rubbing=50)
    ends._soften(session, draft, 0.2)
    assert draft.shares == pytest.approx({"stroking": 90, "rubbing": 10})
    draft = a_draft(149, stroking=50, rubbing=50)
    ends._soften(session, draft, 0.2)
    assert draft.shares == {"stroking": 100}
    assert set(draft.picks) == {"stroking"}
    assert session.left_out == [("family", "rubbing", "opens-with-stroking")]


# Order ------------------------------------------------------------------------------------------------------------------------
def a_side(side: str, part: str = "main", zone: str = "thigh") -> Any:
    return simple(part=part, step=simple(place=Place(zone, "both"), role=zone, role_side=side))


def test_only_main_steps_of_one_zone_change_places_for_the_healthy_side() -> None:
    opening, left, both, right = a_side("affected", "opening"), a_side("affected"), a_side("both"), a_side("healthy")
    other, closing = a_side("healthy", zone="calf"), a_side("healthy", "closing")
    found = sequencing.healthy_before_affected(None, [opening, left, both, other, right, closing])  # type: ignore[arg-type]
    assert found == [opening, right, both, other, left, closing]


def test_only_main_steps_of_the_limb_change_places_for_drainage() -> None:
    session: Any = simple(ground=simple(setting=simple(library=simple(limb_order=("above", "injured", "below")))))
    opening, below, back, above = (
        a_side("", "opening", "below"),
        a_side("", zone="below"),
        a_side("", zone="back"),
        a_side("", zone="above"),
    )
    closing = a_side("", "closing", "above")
    assert sequencing.drainage_proximal_first(session, [opening, below, back, above, closing]) == [opening, above, back, below, closing]


def test_the_closing_step_ends_with_all_its_stroking_unless_it_is_also_the_first() -> None:
    draft = a_draft(100, part="closing", stroking=60, rubbing=40)
    assert sequencing.family_order(draft, first=False, last=True) == [("rubbing", 40), ("stroking", 60)]
    assert sequencing.family_order(draft, first=True, last=True) == [("stroking", 30), ("rubbing", 40), ("stroking", 30)]


def test_a_last_main_step_is_stroked_at_both_ends_where_a_half_has_15_seconds() -> None:
    assert sequencing.family_order(a_draft(100, stroking=30, rubbing=70), first=False, last=True) == [
        ("stroking", 15), ("rubbing", 70), ("stroking", 15),
    ]  # fmt: skip
    assert sequencing.family_order(a_draft(100, stroking=29, rubbing=71), first=False, last=True) == [("rubbing", 71), ("stroking", 29)]
