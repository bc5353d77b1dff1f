"""What the hand finds: sent, kept with its reason, held by every session to come, and taken back with its reason."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Course, RuleOverride
from clinic.courses.queries import sessions_of
from clinic.courses.studio.beside import beside_context
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.forms.acting import BadAct
from clinic.courses.studio.forms.palpation import palpation_act
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from protocols.method.edits import Palpated
from protocols.method.palpation import override_key
from protocols.method.places import Place
from tests.clinic.studio.scene import a_desk, acted, kept
from tests.factories import a_course, an_actor

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
BULGE, HOLLOW = Place("paravertebral-thoracic-upper", "left"), Place("paravertebral-thoracic-upper", "right")
TENSE = "felt-paravertebral-thoracic-upper:left=tense&palpation_reason=palpation&palpation_words=A+hard+band&session=2&version=0"

FLACCID = "felt-paravertebral-thoracic-upper:right=flaccid&palpation_reason=response&palpation_words=Soft&session=1"


@pytest.fixture
def anna(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic)


@pytest.fixture
def course(anna: Actor) -> Course:
    inputs = {"curve_shape": "c", "convex_side": "left"}
    return a_course(actor=anna, condition="scoliosis", stage="degree-1", inputs=inputs, count=4)


def felt(desk: Desk, actor: Actor, query: str) -> Desk:
    act = palpation_act(QueryDict(query), desk)
    return acted(desk, actor, "palpated", first=act.first, edits=act.edits)


def reasons_at(plan: object, place: Place) -> set[str]:
    rows = (row for row in plan.rows if place.zone.startswith(row.zone) and row.side == place.side)  # type: ignore[attr-defined]
    return {reason.code for row in rows for reason in row.because}


def test_what_the_hand_found_changes_every_session_to_come_and_is_kept_with_its_reason(anna: Actor, course: Course) -> None:
    desk = felt(a_desk(course, anna), anna, TENSE)
    assert [plan.number for plan in desk.sessions if "tense-convex" in reasons_at(plan, BULGE)] == [1, 2, 3, 4]
    shown = beside_context(desk, 1)["palpation"]
    assert [(change.before, change.after) for change in shown.changes] == [("toning", "relaxing")]
    kept(desk, anna)
    course.refresh_from_db()
    assert [plan.number for plan in sessions_of(course) if "tense-convex" in reasons_at(plan, BULGE)] == [1, 2, 3, 4]
    row = RuleOverride.objects.get()
    assert (row.code, row.zone, row.side, row.reason, row.words) == ("side-rule", BULGE.zone, "left", "palpation", "A hard band")
    more = felt(
        a_desk(course, anna),
        anna,
        "felt-paravertebral-thoracic-upper:right=flaccid&palpation_reason=response&palpation_words=Soft&session=1",
    )
    assert more.edits.palpated == (Palpated(BULGE, "tense"), Palpated(HOLLOW, "flaccid"))
    assert [each.words for each in more.edits.overrides] == ["A hard band", "Soft"]
    kept(more, anna)
    assert RuleOverride.objects.count() == 2  # each finding once


def test_a_finding_is_taken_back_by_its_mark_and_by_its_reason(anna: Actor, course: Course) -> None:
    desk = felt(a_desk(course, anna), anna, TENSE)
    by_mark = felt(desk, anna, "felt-paravertebral-thoracic-upper:left=&session=1")
    assert not by_mark.edits
    again = felt(by_mark, anna, TENSE)
    by_reason = acted(again, anna, "take-back-override", code="side-rule", step=override_key(BULGE))
    assert not by_reason.edits
    assert "tense-convex" not in reasons_at(by_reason.sessions[0], BULGE)


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    "query",
    [
        "session=1",
        TENSE.replace("A+hard+band", "+"),
        TENSE.replace("=palpation&", "=mood&"),
        "felt-calf:left=tense&palpation_reason=palpation&palpation_words=Tight&session=1",
    ],
)
def test_a_finding_without_a_reason_and_one_that_no_step_hangs_on_are_refused(query: str, anna: Actor, course: Course) -> None:
    with pytest.raises(BadAct):
        palpation_act(QueryDict(query), a_desk(course, anna))


def test_the_page_marks_the_place_and_says_what_it_changes(anna: Actor, course: Course, signed_in: Browser) -> None:
    client, address = signed_in(anna), reverse("studio:palpation", args=[course.pk])
    assert client.post(address, QueryDict(TENSE).dict()).status_code == 303
    body = client.get(reverse("studio:plan", args=[course.pk])).content.decode()
    assert "felt-convex is-tense" in body
    assert body.count("toning") >= 1
    assert 'id="supplements"' in body
    assert 'id="partners"' in body
    refused = client.post(address, {"session": "1", "version": "1"})
    assert refused.status_code == 422
    assert "Mark a place as tense or flaccid, or take a mark back." in refused.content.decode()
