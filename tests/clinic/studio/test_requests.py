"""What a browser sends to the studio: obeyed, refused with a sentence, or sent where a choice is to be made. Never an error."""

import re
from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.models import Course, PlanEdit, StudioDraft
from clinic.courses.studio.acts import acts_from_json
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from protocols.method.edits import LAST_SESSION, Edit, NewStep
from tests.clinic.studio.scene import a_desk, draft_of, edited, kept, steps
from tests.factories import a_course, an_actor

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture
def anna(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic)


@pytest.fixture
def course(anna: Actor) -> Course:
    return a_course(actor=anna, count=6)


def sent(client: Client, course: Course, name: str = "act", htmx: str = "", **data: str) -> tuple[int, str]:
    answer = client.post(reverse(f"studio:{name}", args=[course.pk]), data, **({"HTTP_HX_REQUEST": htmx} if htmx else {}))  # type: ignore[arg-type]
    return answer.status_code, answer.content.decode() or answer.get("Location", "") or answer.get("HX-Redirect", "")


def test_an_act_is_answered_with_the_place_where_it_was_done_or_with_what_changed(anna: Actor, course: Course, signed_in: Browser) -> None:
    client, key = signed_in(anna), steps(a_desk(course, anna), 3)[2]
    act = {"do": "edit", "kind": "minutes", "step": key, "value": "700", "session": "3", "scope": "onward", "version": "0"}
    status, where = sent(client, course, **act)
    assert status == 303
    assert where.startswith(f"{reverse('studio:plan', args=[course.pk])}?session=3")
    assert acts_from_json(draft_of(course, anna).acts)[0].edits.edits == (Edit("minutes", 3, LAST_SESSION, step=key, value=700),)
    status, body = sent(client, course, htmx="true", **act | {"version": "1", "value": "800"})
    assert (status, body.lstrip().startswith("<!doctype")) == (200, False)
    assert 'id="desk"' in body
    assert a_desk(course, anna).edits.edits == (Edit("minutes", 3, LAST_SESSION, step=key, value=800),)


@pytest.mark.same_everywhere
def test_a_hard_limit_is_told_with_what_it_is_and_who_could_lift_it_and_nothing_is_kept(
    anna: Actor, course: Course, signed_in: Browser
) -> None:
    client, key = signed_in(anna), steps(a_desk(course, anna), 3)[2]
    act = {"do": "edit", "kind": "pressure", "step": key, "value": "4", "session": "3", "scope": "this", "version": "0"}
    for htmx in ("true", ""):
        status, body = sent(client, course, htmx=htmx, **act)
        assert status == 422
        assert "studio-refused" in body
    assert not StudioDraft.objects.exists()


BROKEN: Mapping[str, Mapping[str, str]] = {
    "nothing": {},
    "no-such-deed": {"do": "explode"},
    "no-session": {"do": "edit", "kind": "depth", "value": "1"},
    "a-session-too-far": {"do": "edit", "kind": "depth", "value": "1", "session": "61"},
    "no-number": {"do": "edit", "kind": "depth", "value": "much", "session": "2"},
    "digits-of-another-script": {"do": "edit", "kind": "depth", "value": "١", "session": "2"},
    "a-huge-number": {"do": "edit", "kind": "minutes", "value": "9" * 40, "session": "2"},
    "no-such-step": {"do": "edit", "kind": "remove", "step": "9:nowhere:left", "session": "2"},
    "no-such-technique": {"do": "edit", "kind": "technique", "step": "", "code": "<b>", "session": "2"},
    "no-such-supplement": {"do": "supplement", "code": "magic", "value": "1", "session": "2"},
    "an-empty-step": {"do": "edit", "kind": "add", "zone": "neck", "side": "both", "session": "2"},
    "no-such-zone": {"do": "edit", "kind": "add", "zone": "tail", "technique": "x", "session": "2"},
    "a-reason-for-nothing": {"do": "override", "code": "part-order", "step": "", "reason": "time", "words": "No room.", "session": "2"},
    "a-reason-without-words": {"do": "override", "code": "part-order", "step": "", "reason": "time", "words": " ", "session": "2"},
    "a-reason-taken-back-twice": {"do": "take-back-override", "code": "part-order", "step": "", "session": "2"},
    "an-old-window": {"do": "edit", "kind": "depth", "value": "1", "session": "2", "version": "7"},
    "a-button-of-rubbish": {"press": "do=edit&kind=&%%%=1&session=2"},
}  # fmt: skip


def test_whatever_is_sent_the_answer_is_a_sentence_and_nothing_is_kept(anna: Actor, course: Course, signed_in: Browser) -> None:
    client = signed_in(anna)
    for name, data in BROKEN.items():
        status, body = sent(client, course, htmx="true", **data)
        assert (status, "studio-refused" in body) == (422, True), name
    assert not StudioDraft.objects.exists()


@pytest.mark.same_everywhere
def test_a_step_is_added_with_what_was_chosen_behind_the_step_that_was_chosen(anna: Actor, course: Course, signed_in: Browser) -> None:
    client, desk = signed_in(anna), a_desk(course, anna)
    rows = [row for row in desk.session(2).rows if row.part == "main"]
    like, after = rows[0], steps(desk, 2)[rows[0].step]
    chosen = {"zone": like.zone, "side": like.side, "technique": like.technique, "pressure": str(like.pressure), "tempo": like.tempo}
    status, body = sent(client, course, do="edit", kind="add", session="2", scope="this", version="0", after=after, minutes="1", **chosen)
    assert status in (303, 422), body  # a limit may stand against a second step on the same place; what is sent is read either way
    if status == 303:
        (edit,) = a_desk(course, anna).edits.edits
        assert (edit.step, edit.after, edit.new) == (
            "+1", after, NewStep(like.zone, like.side, (like.technique,), like.pressure, like.tempo),
        )  # fmt: skip


@pytest.mark.same_everywhere
def test_a_step_for_a_full_session_takes_its_time_from_the_others_and_only_zones_that_can_be_added_are_offered(
    anna: Actor, course: Course, signed_in: Browser
) -> None:
    client, desk = signed_in(anna), a_desk(course, anna)
    plan, url = desk.session(3), reverse("studio:plan", args=[course.pk])
    page = client.get(url, {"session": "3", "part": "zones", "add-zone": "buttock"}, HTTP_HX_REQUEST="true").content.decode()
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    zone = next(zone for zone in sorted(offered) if not any(row.zone == zone for row in plan.rows))
    new = {"zone": zone, "side": "both", "technique": "stroking-planar-superficial", "pressure": "2", "tempo": "calm", "minutes": "1"}
    act = {"do": "edit", "kind": "add", "session": "3", "scope": "this", "version": "0", "after": steps(desk, 3)[-2], "from_others": "1"}
    status, body = sent(client, course, **act, **new)
    assert status == 303, body
    assert (a_desk(course, anna).session(3).total_seconds, len(steps(a_desk(course, anna), 3))) == (
        plan.total_seconds,
        len(steps(desk, 3)) + 1,
    )
    assert "studio-barred" not in client.get(url, {"session": "3"}).content.decode()
    told = client.get(url, {"session": "3", "part": "left-out"}, HTTP_HX_REQUEST="true")
    assert (told.status_code, "<li>" in told.content.decode()) == (200, True)


@pytest.mark.same_everywhere
def test_a_family_is_left_out_of_one_step_and_comes_back_alone(anna: Actor, course: Course, signed_in: Browser) -> None:
    client, desk = signed_in(anna), a_desk(course, anna)
    key = next(
        key for number, key in enumerate(steps(desk, 3)) if len({row.family for row in desk.session(3).rows if row.step == number}) > 2
    )
    about = {"session": "3", "scope": "this", "step": key, "family": "rubbing"}
    assert sent(client, course, do="edit", kind="pressure", value="1", version="0", **about | {"family": ""})[0] == 303
    status, body = sent(client, course, do="edit", kind="minutes", value="0", from_others="1", version="1", **about)
    assert status == 303, body
    page = client.get(reverse("studio:plan", args=[course.pk]), {"session": "3", "step": key}).content.decode()
    assert 'id="fam-rubbing-back"' in page
    assert sent(client, course, do="restore-step", version="2", **about)[0] == 303
    assert [(edit.kind, edit.family) for edit in a_desk(course, anna).edits.edits] == [("pressure", "")]


@pytest.mark.same_everywhere
def test_the_curve_bends_in_the_same_measure_from_the_session_that_was_dragged(anna: Actor, course: Course, signed_in: Browser) -> None:
    before = {each.number: each.now for each in a_desk(course, anna).curve}
    most = max(before.values())
    number = next(each for each, now in before.items() if now == most)
    status, _body = sent(
        signed_in(anna), course, do="curve", session=str(number), value=str(most - 20), curve_scope="all", version="0", scope="this"
    )
    assert status == 303
    after = {each.number: each.now for each in a_desk(course, anna).curve}
    assert after[number] == most - 20
    assert all(after[each] <= before[each] for each in before)


def test_undo_redo_and_putting_away_without_a_script(anna: Actor, course: Course, signed_in: Browser) -> None:
    client = signed_in(anna)
    assert sent(client, course, do="edit", kind="depth", value="1", session="2", scope="all", version="0")[0] == 303
    assert sent(client, course, "undo", session="2", version="1")[0] == 303
    assert not a_desk(course, anna).edits
    assert sent(client, course, "redo", session="2", version="2")[0] == 303
    assert a_desk(course, anna).edits
    assert sent(client, course, "drop", session="2", version="3")[0] == 303
    assert not a_desk(course, anna).edits
    assert sent(client, course, "redo", session="2", version="4", all="1")[0] == 303
    assert a_desk(course, anna).edits


def test_words_that_are_being_typed_outlive_the_window_and_stand_beside_what_is_kept(
    anna: Actor, course: Course, signed_in: Browser
) -> None:
    client = signed_in(anna)
    assert sent(client, course, "words", note="Tense as never before")[0] == 204
    assert draft_of(course, anna).words == "Tense as never before"
    assert sent(client, course, do="edit", kind="depth", value="1", session="2", scope="all", version="1")[0] == 303
    assert draft_of(course, anna).words == "Tense as never before"
    status, where = sent(client, course, "keep", note="Tense as never before", version="2")
    assert (status, where) == (303, reverse("courses:detail", args=[course.pk]))
    assert PlanEdit.objects.get().note == "Tense as never before"


def test_a_course_that_was_changed_under_a_draft_leads_to_both_in_words_and_to_a_choice(
    clinic: Clinic, anna: Actor, course: Course, signed_in: Browser
) -> None:
    henrik, keys = an_actor(clinic=clinic), steps(a_desk(course, anna), 2)
    edited(a_desk(course, anna), anna, Edit("minutes", 2, 6, step=keys[1], value=800))
    kept(edited(a_desk(course, henrik), henrik, Edit("minutes", 3, 6, step=keys[2], value=700)), henrik)
    client, conflict = signed_in(anna), reverse("studio:conflict", args=[course.pk])
    act = {"do": "edit", "kind": "depth", "value": "1", "session": "2", "scope": "all", "version": "1"}
    assert sent(client, course, **act) == (303, conflict)
    assert sent(client, course, htmx="true", **act) == (200, conflict)
    assert sent(client, course, "keep", version="1") == (303, conflict)
    page = client.get(conflict).content.decode()
    assert henrik.user.full_name in page
    assert "70" in page
    assert "80" in page
    assert sent(client, course, "settle", choice="sideways", version="1") == (303, conflict)
    assert sent(client, course, "settle", choice="mine-on-top", version="1")[0] == 303
    assert sent(client, course, "keep", version="2")[0] == 303
    assert PlanEdit.objects.count() == 2
