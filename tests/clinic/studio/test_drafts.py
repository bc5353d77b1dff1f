"""A draft outlives its windows, is checked at every act, and never touches what was given."""

import pytest
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import StaleCourse
from clinic.courses.models import Course, PlanEdit, RuleOverride, StudioDraft
from clinic.courses.queries import request_of, sessions_of
from clinic.courses.states import CourseState
from clinic.courses.studio.actions import ActRefused, NeedsReasons, StaleDraft, drop_draft, load_edits, redo, settle, undo
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.edits import LAST_SESSION, NO_EDITS, Edit, Edits, edits_from_json
from tests.clinic.studio.scene import a_desk, acted, draft_of, edited, kept, reasoned, steps
from tests.factories import a_course, a_running_course, a_signed_course, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic)


@pytest.fixture
def henrik(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic)


def lighter(number: int, key: str, last: int = LAST_SESSION) -> Edit:
    return Edit("pressure", number, last, step=key, value=1)


def test_looking_writes_nothing_and_the_first_act_makes_the_draft_that_every_window_finds(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    assert not StudioDraft.objects.exists()
    assert desk.edited is not None
    assert len(desk.curve) == 10
    after = edited(desk, anna, lighter(3, steps(desk, 3)[2]))
    again = a_desk(course, anna)
    assert again.edits == after.edits
    assert again.version == after.version == 1
    assert again.is_changed
    assert again.sessions == after.sessions != desk.sessions
    assert sessions_of(course) == desk.sessions  # nothing of it counts yet


def test_two_windows_of_one_person_notice_each_other_and_nothing_is_lost(anna: Actor) -> None:
    course = a_course(actor=anna)
    one, two = a_desk(course, anna), a_desk(course, anna)
    key = steps(one, 2)[1]
    edited(one, anna, lighter(2, key))
    with pytest.raises(StaleDraft):
        edited(two, anna, Edit("remove", 4, 4, step=key))
    assert a_desk(course, anna).edits.edits == (lighter(2, key),)


@pytest.mark.same_everywhere
def test_what_is_undone_can_be_done_again_until_something_else_is_done(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    keys = steps(desk, 2)
    first = edited(desk, anna, lighter(2, keys[1]))
    second = edited(first, anna, lighter(2, keys[2]))
    back = undo(desk=second, version=second.version, actor=anna)
    assert back.edits == first.edits
    assert back.can_redo
    assert redo(desk=back, version=back.version, actor=anna).edits == second.edits
    again = a_desk(course, anna)
    gone = undo(desk=undo(desk=again, version=again.version, actor=anna), version=again.version + 1, actor=anna)
    assert gone.edits == NO_EDITS
    assert not gone.is_changed
    other = edited(gone, anna, lighter(2, keys[3]))
    assert not other.can_redo
    assert other.edits.edits == (lighter(2, keys[3]),)


def test_what_was_put_away_comes_back_whole(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    for key in steps(desk, 2)[1:3]:
        desk = edited(desk, anna, lighter(2, key))
    dropped = drop_draft(desk=desk, version=desk.version, actor=anna)
    assert dropped.edits == NO_EDITS
    assert not dropped.is_changed
    assert redo(desk=dropped, version=dropped.version, is_all=True, actor=anna).edits == desk.edits


@pytest.mark.same_everywhere
def test_a_hard_limit_refuses_the_act_names_itself_and_leaves_the_draft_as_it_was(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = edited(a_desk(course, anna), anna, lighter(2, steps(a_desk(course, anna), 2)[1]))
    with pytest.raises(ActRefused) as refused:
        edited(desk, anna, Edit("pressure", 2, 2, step=steps(desk, 2)[2], value=4))
    assert [each.code for each in refused.value.problems] == ["pressure-outside-technique"]
    assert draft_of(course, anna).version == desk.version
    assert len(draft_of(course, anna).acts) == 1


@pytest.mark.same_everywhere
def test_a_dose_over_what_a_hand_may_give_is_refused_where_it_is_asked_for(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    most = desk.curve[0].most
    with pytest.raises(ActRefused) as refused:
        edited(desk, anna, Edit("dose", 1, 1, value=most + 5))
    assert [each.code for each in refused.value.problems] == ["dose-too-long"]
    assert edited(desk, anna, Edit("dose", 1, 1, value=desk.curve[0].least)).curve[0].now == desk.curve[0].least


def test_what_was_given_is_never_changed_by_an_act_nor_by_keeping(anna: Actor) -> None:
    course = a_running_course(actor=anna, given=3)
    before = sessions_of(course)[:3]
    desk = a_desk(course, anna)
    key = steps(desk, 4)[1]
    for first in (1, 3):
        with pytest.raises(ActRefused):
            edited(desk, anna, lighter(first, key), session=first)
    with pytest.raises(ActRefused):
        acted(desk, anna, "restore-all", session=4, first=1)
    after = edited(desk, anna, Edit("minutes", 4, 10, step=key, value=700))
    kept(after, anna)
    assert sessions_of(course)[:3] == before
    assert sessions_of(course)[3:] == after.sessions[3:]


def test_what_is_kept_is_the_plan_with_its_history_and_one_line_in_the_audit(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    desk = edited(desk, anna, lighter(2, steps(desk, 2)[2]))
    digest, lines = course.digest, AuditLine.objects.count()
    found = kept(desk, anna, note="Very tense today.")
    course.refresh_from_db()
    assert request_of(course).edits == desk.edits
    assert course.version == 2
    assert sessions_of(course) == desk.sessions
    edit = PlanEdit.objects.get(course=course)
    assert (edit.version, edit.digest_before, edit.digest_after, edit.note, edit.by) == (
        2,
        digest,
        course.digest,
        "Very tense today.",
        anna.user,
    )
    assert edits_from_json(edit.before) == NO_EDITS
    assert edits_from_json(edit.after) == desk.edits
    assert found.edit == edit
    assert not StudioDraft.objects.exists()
    assert AuditLine.objects.count() == lines + 1
    assert AuditLine.objects.latest("pk").verb == "edited"
    assert course.screenings.latest("pk").cause == "edited"


@pytest.mark.same_everywhere
def test_a_soft_rule_asks_for_a_reason_before_it_is_kept_and_the_reason_is_written_down(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    room = next(each for each in desk.curve if each.most > each.protocol)
    desk = edited(desk, anna, Edit("dose", room.number, room.number, value=room.most))
    assert {rule.problem.code for rule in desk.needs_reasons} == {"dose-above-protocol"}
    with pytest.raises(NeedsReasons) as missing:
        kept(desk, anna)
    assert missing.value.rules == desk.needs_reasons
    assert StudioDraft.objects.exists()
    kept(reasoned(desk, anna), anna)
    row = RuleOverride.objects.get()
    assert (row.code, row.first, row.last, row.reason, row.words) == (
        "dose-above-protocol", room.number, room.number, "response", "She asked for more of it.",
    )  # fmt: skip
    assert sessions_of(course)[room.number - 1].dose is not None


@pytest.mark.same_everywhere
def test_a_reason_without_its_change_is_not_kept(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    room = next(each for each in desk.curve if each.most > each.protocol)
    desk = reasoned(edited(desk, anna, Edit("dose", room.number, room.number, value=room.most)), anna)
    desk = edited(desk, anna, Edit("dose", room.number, room.number, value=room.protocol - 5))
    kept(desk, anna)
    assert request_of(Course.objects.get(pk=course.pk)).edits.overrides == ()
    assert not RuleOverride.objects.exists()


def test_of_two_people_the_second_is_told_and_chooses_and_keeps_every_act(anna: Actor, henrik: Actor) -> None:
    course = a_course(actor=anna)
    keys = steps(a_desk(course, anna), 2)
    mine = edited(a_desk(course, anna), anna, lighter(2, keys[1]))
    theirs = edited(a_desk(course, henrik), henrik, lighter(2, keys[2]))
    assert [draft.by for draft in a_desk(course, anna).others] == [henrik.user]
    kept(theirs, henrik)
    with pytest.raises(StaleCourse):
        kept(mine, anna)
    stale = a_desk(course, anna)
    assert stale.is_stale
    assert stale.edits == mine.edits
    with pytest.raises(StaleCourse):
        edited(stale, anna, lighter(2, keys[3]))
    top = settle(desk=stale, choice="mine-on-top", version=stale.version, actor=anna)
    assert set(top.edits.edits) == {lighter(2, keys[1]), lighter(2, keys[2])}
    assert not top.is_stale
    course.refresh_from_db()
    kept(top, anna)
    assert set(request_of(Course.objects.get(pk=course.pk)).edits.edits) == set(top.edits.edits)


@pytest.mark.parametrize(("choice", "left"), [("theirs", 2), ("mine", 1)])
def test_either_side_can_be_taken_alone(anna: Actor, henrik: Actor, choice: str, left: int) -> None:
    course = a_course(actor=anna)
    keys = steps(a_desk(course, anna), 2)
    edited(a_desk(course, anna), anna, lighter(2, keys[1]))
    kept(edited(a_desk(course, henrik), henrik, lighter(2, keys[2])), henrik)
    stale = a_desk(course, anna)
    after = settle(desk=stale, choice=choice, version=stale.version, actor=anna)  # type: ignore[arg-type]  # one of them
    assert after.edits.edits == (lighter(2, keys[left]),)
    if choice == "theirs":  # nothing is lost: one's own act can be done again
        assert set(redo(desk=after, version=after.version, actor=anna).edits.edits) == {lighter(2, keys[1]), lighter(2, keys[2])}


def test_what_lies_with_the_doctor_comes_back_and_a_signed_plan_stays_signed_while_it_asks_for_nothing_more(anna: Actor) -> None:
    course = a_signed_course(actor=anna)
    desk = a_desk(course, anna)
    kept(edited(desk, anna, lighter(2, steps(desk, 2)[2])), anna)
    course.refresh_from_db()
    assert course.state == CourseState.SIGNED
    Course.objects.filter(pk=course.pk).update(state=CourseState.AWAITING)
    desk = a_desk(course, anna)
    kept(edited(desk, anna, lighter(2, steps(desk, 2)[3])), anna)
    course.refresh_from_db()
    assert course.state == CourseState.DRAFT


def test_the_plan_of_the_next_day_keeps_what_was_changed_by_hand(anna: Actor) -> None:
    from clinic.courses.actions import replan_course

    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    desk = edited(desk, anna, Edit("minutes", 2, 10, step=steps(desk, 2)[2], value=700))
    kept(desk, anna)
    course.refresh_from_db()
    replan_course(course=course, wanted=request_of(course), on=desk.on, version=course.version, actor=anna)
    assert [each.rows for each in sessions_of(course)] == [each.rows for each in desk.sessions]


def test_an_earlier_change_comes_back_as_one_act_that_can_be_undone(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    first = edited(desk, anna, lighter(2, steps(desk, 2)[2]))
    kept(first, anna)
    course.refresh_from_db()
    kept(acted(a_desk(course, anna), anna, "restore-all"), anna)
    course.refresh_from_db()
    assert request_of(course).edits == NO_EDITS
    back = load_edits(course=course, edits=first.edits, actor=anna)
    assert back.edits == first.edits
    assert back.sessions == first.sessions
    assert undo(desk=back, version=back.version, actor=anna).edits == NO_EDITS


def test_a_course_that_is_over_or_paused_is_not_changed_and_nor_is_somebody_elses_draft(anna: Actor, henrik: Actor) -> None:
    course = a_course(actor=anna)
    desk = edited(a_desk(course, anna), anna, lighter(2, steps(a_desk(course, anna), 2)[2]))
    with pytest.raises(ActionDenied):
        undo(desk=desk, version=desk.version, actor=henrik)
    Course.objects.filter(pk=course.pk).update(state=CourseState.DISCARDED)
    with pytest.raises(ActionDenied):
        undo(desk=a_desk(course, anna), version=desk.version, actor=anna)
    with pytest.raises(ActionDenied):
        kept(desk, anna)


def test_the_ground_is_read_anew_as_soon_as_anything_of_it_is_another(anna: Actor) -> None:
    course = a_running_course(actor=anna, given=1)
    desk = a_desk(course, anna)
    assert a_desk(course, anna).setting is desk.setting
    session = course.sessions.get(number=2)
    session.state = "in-progress"
    session.save()
    assert a_desk(course, anna).begun == 2
    Course.objects.filter(pk=course.pk).update(planned_at=timezone.now())
    assert a_desk(course, anna).setting is not desk.setting


@pytest.mark.same_everywhere
def test_an_act_that_would_make_the_draft_too_long_is_a_sentence(anna: Actor) -> None:
    course = a_course(actor=anna)
    desk = a_desk(course, anna)
    many = Edits(tuple(Edit("move", 2, 2, step=steps(desk, 2)[2], after=steps(desk, 2)[3]) for _n in range(401)))
    with pytest.raises(ActionDenied):
        acted(desk, anna, "edit", session=2, edits=many)
    assert not StudioDraft.objects.exists()
