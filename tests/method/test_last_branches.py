"""Three turns that no plan of the shipped library takes, each asked for directly."""

from typing import Any

import pytest

from protocols.method.entries import Forbid
from protocols.method.places import Place
from protocols.method.roles import forbid_places
from protocols.method.session import restricting
from protocols.method.session.body import Body
from protocols.shelf import shipped_library
from tests.method.drafted import a_draft, simple, why

LIBRARY = shipped_library()


def test_vibration_without_a_technique_that_may_be_used_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restricting, "_vibration_takes", lambda *_: True)
    monkeypatch.setattr(restricting, "choose", lambda *_: None)
    draft = a_draft(stroking=80, percussion=20)
    session: Any = simple(ground=None, omit=lambda *_: None)
    restricting.drop_percussion(session, draft, why("bar"))
    assert draft.shares == {"stroking": 80, "vibration": 20}
    assert "vibration" not in draft.picks


def test_what_lies_in_two_parts_of_a_zone_without_sides_is_told_by_that_zone() -> None:
    body = Body(LIBRARY)
    head = Place("head", "both")
    mask = body.mask_at(Place("head-scalp", "both")) | body.mask_at(Place("cheeks-jaws", "left"))
    assert body.smallest(head, mask) == head


def test_a_ban_on_the_healthy_side_binds_nothing_where_both_sides_are_affected() -> None:
    condition = LIBRARY.conditions["osteoarthritis"]
    row = Forbid(zone="all", side="healthy", family="percussion")
    bound = forbid_places(LIBRARY, condition, {"affected_side": "both", "region": "knee"}, row)
    assert not {place for place in bound if LIBRARY.zones[place.zone].paired}
