"""What a player tells is kept once, whatever it tells and however often; nothing that it says is trusted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import Felt, record_start
from clinic.courses.day.actions.playing import claim_start, keep_events, take_over
from clinic.courses.day.event_rules import LONGEST_WORDS, EventSent
from clinic.courses.day.player_page import beat_of, player_page
from clinic.courses.day.queries.playing import open_start_of, played_now
from clinic.courses.models import Course, CourseReview, SessionEvent, SessionStart
from clinic.courses.states import CourseState
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.storage import plan_from_json
from protocols.shelf import shipped_library
from tests.clinic.day.starting import DEVICE, a_bare_start, a_start, as_message, sent

SignedIn = Callable[[Actor], Client]
OTHER = "0e0e0e0e0e0e0e0e"


@pytest.fixture
def start(therapist: Actor) -> SessionStart:
    return a_bare_start(actor=therapist, ago=120)


def post(client: Client, start: SessionStart, message: Any) -> Any:
    return client.post(reverse("day:events", args=[start.pk]), message, content_type="application/json")


def test_an_event_that_comes_twice_is_kept_once_and_acknowledged_each_time(start: SessionStart, therapist: Actor) -> None:
    events = [sent("paused", 1_000, key="a" * 16), sent("paused", 1_000, key="a" * 16), sent("resumed", 2_000, key="b" * 16)]
    first, again = (keep_events(start=start, sent=events, actor=therapist) for _turn in range(2))
    assert set(first.keys) == set(again.keys) == {"a" * 16, "b" * 16}
    assert start.events.count() == 2


WRONG: dict[str, EventSent] = {
    "an unknown kind": sent("danced"),
    "the hand-over, which only the server writes": sent("taken-over"),
    "a row that is not there": sent("begun", row=9_999),
    "a row before the first": sent("begun", row=-1),
    "a row that is no number": sent("begun", row=True),
    "no row": sent("begun"),
    "something else beside it": sent("paused", row=1),
    "a reason of no list": sent("skipped", row=0, reason="lazy"),
    "a reason that is a list": sent("skipped", row=0, reason=["pain"]),
    "words without end": sent("skipped", row=0, reason="pain", words="a" * (LONGEST_WORDS + 1)),
    "words that nobody sees": sent("skipped", row=0, reason="pain", words="a\u202eb"),
    "more than five minutes": sent("longer", row=0, seconds=301),
    "a zone of no tree": sent("hurt", row=0, zone="moon", side="left"),
    "a side that the zone has not": sent("hurt", row=0, zone="sacrum", side="left"),
    "a zone that is a mapping": sent("hurt", row=0, zone={}, side="left"),
    "before the start": sent("paused", -1),
    "a moment that is no whole number": EventSent("c" * 16, DEVICE, 0, 1.5, "paused", {}),  # type: ignore[arg-type]
    "a moment beyond all clocks": sent("paused", 2**63),
    "no device": sent("paused", device="x"),
    "a value that is a list": EventSent("c" * 16, DEVICE, 0, 0, "paused", []),  # type: ignore[arg-type]
}


@pytest.mark.same_everywhere
def test_what_no_event_may_say_is_refused_by_itself_and_the_others_are_kept(start: SessionStart, therapist: Actor) -> None:
    wrong = [EventSent(f"{number:016x}", e.device, e.seq, e.at_ms, e.kind, e.value) for number, e in enumerate(WRONG.values())]
    kept = keep_events(start=start, sent=[*wrong, sent("paused", 5, key="f" * 16)], actor=therapist)
    assert kept.keys == ("f" * 16,)
    missed = [name for name, event in zip(WRONG, wrong, strict=True) if event.key not in kept.refused]
    assert missed == []
    assert all(kept.refused.values())


UNREADABLE: dict[str, Any] = {
    "list": [],
    "null": None,
    "device": {"device": "x", "events": []},
    "number": {"device": DEVICE, "events": [1]},
    "too many": {"device": DEVICE, "events": [{"key": "a" * 16}] * 201},
}
BODIES = {name: json.dumps(data) for name, data in UNREADABLE.items()} | {"torn": "{", "deep": "[" * 5_000, "long": "9" * 300_000}


@pytest.mark.same_everywhere
def test_what_is_no_list_of_events_gets_a_polite_answer(signed_in: SignedIn, therapist: Actor, start: SessionStart) -> None:
    client = signed_in(therapist)
    assert {name for name, body in BODIES.items() if post(client, start, body).status_code != 400} == set()
    assert not start.events.exists()


def test_a_clock_that_goes_ahead_is_set_back_to_now(start: SessionStart, therapist: Actor) -> None:
    keep_events(start=start, sent=[sent("paused", 86_400_000)], actor=therapist)
    assert start.events.get().at_ms < 200_000


def test_a_closed_session_keeps_nothing_new_but_acknowledges_what_it_has(signed_in: SignedIn, therapist: Actor) -> None:
    start = a_start(actor=therapist, ago=120)
    keep_events(start=start, sent=[sent("paused", 1_000, key="a" * 16)], actor=therapist)
    now = timezone.now()
    record = record_start(start=start, played=played_now(start, now), felt=Felt(), now=now, actor=therapist)
    kept = keep_events(start=start, sent=[sent("paused", 1_000, key="a" * 16), sent("resumed", 2_000, key="b" * 16)], actor=therapist)
    assert kept.keys == ("a" * 16,)
    assert "addendum" in kept.refused["b" * 16]
    assert open_start_of(start.session.course) is None
    shown = signed_in(therapist).get(reverse("day:player", args=[start.pk]))
    assert shown["Location"] == reverse("day:record", args=[record.pk])


def test_a_start_that_was_taken_back_says_so(start: SessionStart, therapist: Actor) -> None:
    SessionStart.objects.filter(pk=start.pk).update(closed_at=timezone.now(), is_taken_back=True)
    assert "taken back" in keep_events(start=start, sent=[sent("paused", key="a" * 16)], actor=therapist).refused["a" * 16]
    with pytest.raises(ActionDenied):
        take_over(start=start, device=DEVICE, now=timezone.now(), actor=therapist)


@pytest.mark.same_everywhere
def test_nobody_but_who_may_give_sessions_tells_anything(start: SessionStart, clinic_admin: Actor) -> None:
    for act in (
        lambda: keep_events(start=start, sent=[sent("paused")], actor=clinic_admin),
        lambda: take_over(start=start, device=DEVICE, now=timezone.now(), actor=clinic_admin),
        lambda: claim_start(start=start, device=DEVICE, actor=clinic_admin),
    ):
        with pytest.raises(ActionDenied):
            act()
    assert not SessionEvent.objects.exists()


def test_the_first_window_plays_and_a_second_one_must_take_over(signed_in: SignedIn, therapist: Actor, start: SessionStart) -> None:
    client = signed_in(therapist)
    assert post(client, start, as_message([])).json()["device"] == DEVICE
    assert post(client, start, as_message([sent("paused", 3, device=OTHER)], OTHER)).json()["device"] == DEVICE
    for _turn in range(2):
        client.post(reverse("day:take-over", args=[start.pk]), {"device": OTHER})
    told = post(client, start, as_message([sent("resumed", 4)])).json()
    assert told["device"] == OTHER
    assert [event["kind"] for event in told["events"]] == ["paused", "resumed", "taken-over"]
    assert AuditLine.objects.filter(verb="took-over-session").count() == 1
    client.post(reverse("day:take-over", args=[start.pk]), {"device": "me"})
    start.refresh_from_db()
    assert start.device == OTHER


def test_what_came_up_meanwhile_is_told_with_every_answer(start: SessionStart, therapist: Actor) -> None:
    course = start.session.course
    assert keep_events(start=start, sent=[], actor=therapist).warnings == ()
    Course.objects.filter(pk=course.pk).update(state=CourseState.SUSPENDED)
    CourseReview.objects.create(course=course, kind=CourseReview.Kind.EMERGENCY, after_session=1, question="Chest pain")
    assert {each.code for each in keep_events(start=start, sent=[], actor=therapist).warnings} == {"emergency", "stopped"}


def test_without_scripts_a_form_tells_the_same(signed_in: SignedIn, therapist: Actor, start: SessionStart) -> None:
    client, address = signed_in(therapist), reverse("day:events", args=[start.pk])
    page = reverse("day:player", args=[start.pk])
    for number, form in enumerate(
        (
            {"kind": "skipped", "row": "1", "reason": "skin", "words": "  red  "},
            {"kind": "hurt", "row": "0", "place": "sacrum/both"},
            {"kind": "longer", "row": "2", "seconds": "60"},
        )
    ):
        for _turn in range(2):
            assert client.post(address, {"key": f"{number:016x}", **form})["Location"] == page
    told = list(start.events.values_list("kind", "value"))
    assert told == [
        ("skipped", {"row": 1, "reason": "skin", "words": "red"}),
        ("hurt", {"row": 0, "zone": "sacrum", "side": "both"}),
        ("longer", {"row": 2, "seconds": 60}),
    ]
    assert b"could not be kept" in client.post(address, {"kind": "hurt", "place": "moon"}, follow=True).content
    assert "/emergency/" in client.post(address, {"key": "e" * 16, "kind": "stopped", "reason": "heart"})["Location"]
    assert client.post(address, {"key": "e" * 16, "kind": "stopped", "reason": "wish"})["Location"] == reverse(
        "day:finish", args=[start.pk]
    )


@pytest.mark.same_everywhere
def test_the_page_shows_the_row_of_this_moment(signed_in: SignedIn, therapist: Actor, start: SessionStart) -> None:
    page = signed_in(therapist).get(reverse("day:player", args=[start.pk]))
    seen = played_now(start, timezone.now())
    assert [row.index for row in page.context["view"].rows if row.state == "now"] == [seen.row]


@pytest.mark.same_everywhere
def test_every_row_says_where_it_works_what_comes_next_and_when_to_turn(therapist: Actor) -> None:
    start = a_bare_start(actor=therapist, ago=60, condition="chronic-bronchitis", stage="remission-productive")
    view = player_page(start, played_now(start, timezone.now()))
    plan = plan_from_json(start.plan)
    assert [row.line.technique for row in view.rows[1:]] == [row.next_technique for row in view.rows[:-1]]
    turns = [row.position != after.position for row, after in zip(plan.rows, plan.rows[1:], strict=False)]
    assert [bool(row.turn_to) for row in view.rows] == [*turns, False]
    assert any(turns)
    assert abs(sum(row.length for row in view.rows) - 1000) < 0.01


@pytest.mark.same_everywhere
def test_a_beat_is_the_middle_of_the_band_and_never_faster_than_a_hand_can_hear(start: SessionStart) -> None:
    library = shipped_library()
    for row in plan_from_json(start.plan).rows:
        beat, family = beat_of(row, library), library.families[row.family]
        if not family.counted:
            assert beat is None
        elif beat is not None:
            low, high = getattr(family, row.tempo)
            assert (beat.low, beat.high) == (low, high)
            assert low <= beat.a_minute * beat.every <= high
            assert beat.a_minute <= 120


@pytest.mark.same_everywhere
def test_a_start_of_another_clinic_is_not_there(signed_in: SignedIn, stranger: Actor, start: SessionStart, clinic: Clinic) -> None:
    assert signed_in(stranger).get(reverse("day:player", args=[start.pk])).status_code == 404
    assert post(signed_in(stranger), start, as_message([sent("paused")])).status_code == 404
    assert start.session.course.clinic == clinic
