"""What was given is read from events along the clock: properties that hold for every session and whatever its player says."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from clinic.courses.given import MOST_MORE, Event, Played, played
from clinic.courses.states import EventKind, SkipReason, StopReason
from tests.clinic.day.player_events import as_json, sessions, some_events, some_plan
from tests.settings import BASE_DIR

Session = tuple[list[int], list[Event], int]


def an_event(kind: str, at_ms: int, **value: Any) -> Event:
    return Event(f"{kind}-{at_ms}", "a", at_ms, at_ms, kind, value)


@given(sessions())
def test_no_more_is_given_than_time_has_passed_and_nothing_ends_later_than_now(session: Session) -> None:
    planned, events, now = session
    seen = played(planned, [event for event in events if event.at_ms <= now], now)
    assert seen.seconds * 1000 <= now
    assert seen.ended_ms is None or seen.ended_ms <= now
    assert (seen.row is None) == (seen.ended_ms is not None)


@given(sessions(), st.randoms(use_true_random=False))
def test_events_that_come_late_twice_or_in_another_order_change_nothing(session: Session, chance: Random) -> None:
    planned, events, now = session
    shuffled = events * 2
    chance.shuffle(shuffled)
    assert played(planned, shuffled, now) == played(planned, events, now)


@given(sessions())
def test_a_row_is_never_given_longer_than_it_was_allowed(session: Session) -> None:
    planned, events, now = session
    begun = {row: 1 + sum(event.kind == EventKind.BEGUN and event.value["row"] == row for event in events) for row in range(len(planned))}
    for row in played(planned, events, now).rows:
        assert row.given <= begun[row.row] * (row.planned + MOST_MORE)
    assert played(planned, events, now).left_ms >= 0
    assert played(planned, events, now).ahead_ms >= played(planned, events, now).left_ms


@given(sessions())
def test_after_a_stop_nothing_is_given_any_more(session: Session) -> None:
    planned, events, now = session
    stopped = [*(event for event in events if event.at_ms < now), an_event(EventKind.STOPPED, now, reason=StopReason.DIZZY)]
    at_once, later = played(planned, stopped, now), played(planned, [*stopped, *(e for e in events if e.at_ms > now)], now + 500_000)
    assert at_once.is_over
    assert (later.rows, later.row, later.seconds) == (at_once.rows, None, at_once.seconds)


def test_rows_follow_each_other_without_a_touch() -> None:
    seen = [played((60, 90), (), moment) for moment in (0, 59_999, 60_000, 149_999, 150_000, 9_000_000)]
    assert [each.row for each in seen] == [0, 0, 1, 1, None, None]
    assert seen[-1].is_as_planned
    assert seen[-1].ended_ms == 150_000


def test_a_pause_gives_nothing_and_loses_nothing() -> None:
    events = (an_event("paused", 10_000), an_event("resumed", 70_000))
    assert played((60, 90), events[:1], 50_000).is_paused
    assert played((60, 90), events, 120_000).row == 1
    assert played((60, 90), events, 210_000).is_as_planned


def test_a_skipped_row_says_why_and_is_not_come_to() -> None:
    seen = played((60, 60, 60), (an_event("skipped", 5_000, row=1, reason=SkipReason.SKIN), an_event("skipped", 20_000, row=0)), 30_000)
    assert (seen.row, seen.rows[0].given, seen.rows[1].given, seen.rows[1].reason) == (2, 20, 0, "skin")
    assert not seen.is_as_planned


def test_a_row_is_not_lengthened_without_end_nor_shortened_below_what_was_given() -> None:
    longer = [an_event("longer", 1_000 + number, row=0, seconds=300) for number in range(5)]
    assert played((60, 60), longer, 2_000).left_ms == (60 + MOST_MORE) * 1000 - 2_000
    assert played((60, 60), (an_event("shorter", 40_000, row=0, seconds=60),), 40_001).row == 1


def test_a_row_that_had_its_time_is_given_once_more_and_may_be_lengthened_again() -> None:
    again = (an_event("begun", 70_000, row=0), an_event("longer", 71_000, row=0, seconds=60))
    seen = played((60, 60), again, 70_000 + 119_000)
    assert (seen.row, seen.left_ms) == (0, 1_000)


def test_rows_that_ran_out_are_taken_up_again_but_a_session_that_was_ended_by_hand_is_not() -> None:
    more = (an_event("longer", 200_000, row=1, seconds=60), an_event("begun", 200_001, row=1))
    assert played((60, 60), more, 230_001) == Played(1, 30_000, False, None, played((60, 60), more, 230_001).rows, ahead_ms=30_000)
    assert played((60, 60), (an_event("finished", 100_000), *more), 230_000).is_over


def test_the_browser_reads_the_same_from_two_hundred_made_up_sessions(page: Page) -> None:
    chance = Random(6)  # noqa: S311  # not a secret
    made = [
        (plan, some_events(chance, len(plan), 900_000), chance.randrange(900_001)) for plan in (some_plan(chance) for _each in range(200))
    ]
    page.add_script_tag(content=(BASE_DIR / "static/js/player-clock.js").read_text(encoding="utf-8"))
    asked = [[plan, as_json(events), now] for plan, events, now in made]
    answered = page.evaluate("asked => asked.map(([planned, events, now]) => playedUntil(planned, events, now))", asked)
    for (planned, events, now), told in zip(made, answered, strict=True):
        assert _as_told(played(planned, events, now)) == {**told, "rows": [{**row, "target": 0} for row in told["rows"]]}


def _as_told(seen: Played) -> dict[str, Any]:
    return {
        "row": seen.row, "left": seen.left_ms, "ahead": seen.ahead_ms, "isPaused": seen.is_paused, "isFinal": seen.is_final,
        "ended": seen.ended_ms, "stop": seen.stop_reason,
        "hurts": [{"zone": hurt.place.zone, "side": hurt.place.side, "row": hurt.row} for hurt in seen.hurts],
        "rows": [{"planned": row.planned, "target": 0, "given": row.given, "reason": row.reason} for row in seen.rows],
    }  # fmt: skip
