"""The closing sheet: two taps when all went as planned, nothing typed is lost, nothing is signed that was not shown."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.courses.actions import Felt, record_session
from clinic.courses.models import Course, SessionEvent, SessionRecord, SessionStart
from clinic.courses.record_content import rows_of
from clinic.staff.permissions import Actor
from tests.clinic.day.starting import a_bare_start
from tests.factories import a_running_course, an_actor

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_running_course(actor=therapist, count=4)


@pytest.fixture
def start(therapist: Actor) -> SessionStart:
    """A session that was begun an hour ago, so that its steps are over."""
    return a_bare_start(actor=therapist, ago=3600)


def hidden(page: str) -> dict[str, str]:
    """What the sheet says about itself: the moment it was made at, and what it showed."""
    return {name: re.findall(rf'name="{name}" type="hidden" value="([^"]*)"', page)[0] for name in ("at_ms", "seen")}


@pytest.mark.same_everywhere
def test_as_planned_is_one_mark_and_one_signature(start: SessionStart, therapist: Actor, signed_in: SignedIn) -> None:
    client, address = signed_in(therapist), f"/starts/{start.pk}/record/"
    sheet = client.get(address).content.decode()
    assert "As planned, " in sheet
    assert f"I, {therapist.user.full_name}, Massage therapist, sign" in sheet
    assert client.get("/records/outages/").status_code == 403
    signed = client.post(address, hidden(sheet) | {"comfort": "9"})
    record = SessionRecord.objects.get()
    assert (signed.status_code, signed["Location"]) == (303, f"/records/{record.pk}/")
    shown = client.get(signed["Location"]).content.decode()
    assert "This record is what was signed." in shown
    assert "Next: session 2, without a date yet." in shown
    # A second tab signs nothing anew, and is told who has signed.
    again = client.post(address, hidden(sheet) | {"comfort": "1"}, follow=True).content.decode()
    assert "has signed this session already" in again
    assert SessionRecord.objects.get().comfort == 9


def test_what_came_in_since_the_sheet_was_opened_is_shown_before_it_is_signed(
    start: SessionStart, therapist: Actor, signed_in: SignedIn
) -> None:
    client, address = signed_in(therapist), f"/starts/{start.pk}/record/"
    shown = hidden(client.get(address).content.decode())
    SessionEvent.objects.create(
        start=start, key="e" * 32, device="d", seq=0, at_ms=60_000, kind="stopped", value={"reason": "dizzy"}, by=therapist.user
    )
    refused = client.post(address, shown | {"comfort": "4", "note": "pale"})
    page = refused.content.decode()
    assert (refused.status_code, "has changed since" in page, "Dizziness" in page, "pale</textarea>" in page) == (422, True, True, True)
    assert not SessionRecord.objects.exists()
    assert client.post(address, hidden(page) | {"stop_reason": "", "comfort": "4"}).status_code == 303
    assert SessionRecord.objects.get().bad_reaction


@pytest.mark.same_everywhere
def test_a_row_that_was_left_out_and_why_can_be_said_on_the_sheet(start: SessionStart, therapist: Actor, signed_in: SignedIn) -> None:
    client, address = signed_in(therapist), f"/starts/{start.pk}/record/"
    row = start.plan["rows"][1]
    said = {"left-1": "skin", "hurts": [f"{row['zone']}|{row['side']}"], "reactions": ["relief"], "pain_after": "0"}
    assert client.post(address, hidden(client.get(address).content.decode()) | said).status_code == 303
    record = SessionRecord.objects.get()
    assert (rows_of(record)[1].given, rows_of(record)[1].reason, record.is_as_planned) == (0, "skin", False)
    assert (record.hurts[0]["zone"], record.reactions, record.pain_after, record.comfort) == (row["zone"], ["relief"], 0, None)


def test_what_is_typed_is_kept_and_comes_back_in_another_session_of_the_browser(
    start: SessionStart, therapist: Actor, signed_in: SignedIn
) -> None:
    typed = {
        "comfort": "7",
        "reactions": ["warmth", "bruise"],
        "note": "sat down for a while",
        "csrfmiddlewaretoken": "x",
        "page": "record",
    }
    assert signed_in(therapist).post(f"/starts/{start.pk}/draft/", typed).status_code == 204
    start.refresh_from_db()
    assert set(start.draft) == {"comfort", "reactions", "note"}
    sheet = signed_in(an_actor(clinic=therapist.clinic)).get(f"/starts/{start.pk}/record/").content.decode()
    assert "sat down for a while" in sheet
    assert len(re.findall(r"<input[^>]* checked", sheet)) >= 3
    assert not SessionRecord.objects.exists()


@pytest.mark.same_everywhere
def test_the_record_page_shows_what_was_added_and_refuses_an_empty_addition(course: Course, therapist: Actor, signed_in: SignedIn) -> None:
    record = record_session(course=course, number=1, felt=Felt(reactions=("bruise",)), on=course.planned_on, actor=therapist)
    client, address = signed_in(therapist), f"/records/{record.pk}/"
    assert client.post(f"{address}addenda/", {"reason": "later", "text": " "}).status_code == 422
    assert client.post(f"{address}addenda/", {"reason": "later", "text": "It is gone."}).status_code == 303
    page = client.get(address).content.decode()
    assert "It is gone." in page
    assert "Bad reaction" in page
    assert f'href="{address}"' in client.get(f"/courses/{course.pk}/").content.decode()


def test_a_session_of_an_outage_needs_the_questions_on_paper_and_is_marked_everywhere(
    course: Course, therapist: Actor, signed_in: SignedIn
) -> None:
    client, address = signed_in(therapist), f"/courses/{course.pk}/sessions/1/outage/"
    said = {"given_on": course.planned_on.isoformat(), "given_by": therapist.user.pk, "why": "No power", "comfort": "6"}
    assert client.post(address, said).status_code == 422
    entered = client.post(address, said | {"asked_on_paper": "on"})
    assert entered.status_code == 303
    assert "because of an outage: No power" in client.get(entered["Location"]).content.decode()
    assert "entered after an outage" in client.get(f"/courses/{course.pk}/").content.decode()
    lead = an_actor(clinic=therapist.clinic, roles=("clinical-lead",))
    assert "No power" in signed_in(lead).get("/records/outages/").content.decode()
