"""What a therapist changes by hand is applied to the plan that is built anew; what breaks a limit is set aside, and everything is told."""

import json

import pytest

from protocols.method.checking import check_curve, check_plan
from protocols.method.course import plan_course
from protocols.method.editing import CourseEditor, edit_course, step_keys
from protocols.method.edits import Edit, Edits, edits_from_json, edits_to_json
from protocols.method.findings import FamilyOut, Limits, PlacesOut, PressureCap, TechniqueOut
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.reasons import because
from protocols.method.storage import plan_from_json, plan_to_json
from protocols.method.wording import in_english
from tests.method.edited import (
    AT,
    COUNT,
    LUMBAR,
    NECK,
    SCOLIOSIS,
    a_step,
    codes_aside,
    edit,
    edited,
    hand_codes,
    one,
    override,
    rows_of,
    seconds_of,
)  # fmt: skip
from tests.method.planned import LIBRARY, leaves, setting_of

WHY = because("rule-excludes-zone", rule="nobody")
CONCAVE, CONVEX, BETWEEN = "2:paravertebral-thoracic:left", "3:paravertebral-thoracic:right", "4:interscapular:right"
TRAPEZIUS, PECTORAL, BELLY = "5:trapezius-upper:right", "8:pectoral:right", "9:abdomen:both"
OPENING, CLOSING = "1:back:both", "10:back:both"
RAISED = override("pressure-above-protocol", CONCAVE)


# Keys -----------------------------------------------------------------------------------------------------------------------
def test_a_step_has_a_key_of_its_row_zone_and_side_that_no_change_of_its_own_alters():
    plan = one(edit("minutes", CONCAVE, value=800), edit("move", TRAPEZIUS, after=CONVEX), edit("pressure", CONCAVE, value=2))
    assert step_keys(plan)[:4] == (OPENING, CONCAVE, CONVEX, TRAPEZIUS)
    assert sorted(step_keys(plan)) == sorted(step_keys(one()))


def test_an_edit_holds_for_what_a_finding_has_left_of_its_step_so_that_nothing_removed_comes_back():
    removed = Edit("remove", 1, COUNT, step="3:paravertebral-lumbar:both")
    setting = setting_of(*LUMBAR, limits=Limits(places_out=(PlacesOut(leaves("paravertebral-lumbar", side="left"), WHY),)))
    before, after = (edited(*edits, setting=setting).sessions[AT - 1] for edits in ((), (removed,)))
    assert "3:paravertebral-lumbar:right" in step_keys(before)
    assert not [key for key in step_keys(after) if key.startswith("3:")]


@pytest.mark.parametrize("step", ["", "nonsense", "2:nowhere:left", "2:paravertebral-thoracic:up", "9:paravertebral-thoracic:left", "+4"])
def test_an_edit_of_a_step_that_is_not_there_is_quietly_kept(step):
    course = edited(edit("minutes", step, value=500))
    assert course.sessions[AT - 1] == course.built[AT - 1]
    assert [(aside.session, aside.problems) for aside in course.aside] == [(AT, ())]


# What no edit touches -------------------------------------------------------------------------------------------------------
def test_a_session_that_no_edit_touches_is_exactly_the_built_one():
    course = edited(edit("remove", TRAPEZIUS, from_others=True))
    assert [plan.number for plan, built in zip(course.sessions, course.built, strict=True) if plan != built] == [AT]
    assert {plan.by_hand for plan in course.sessions if plan.number != AT} == {()}
    assert course.sessions == edited(Edit("remove", AT, AT, step=TRAPEZIUS, from_others=True)).sessions  # the same again


def test_without_edits_a_course_is_as_it_was_built_and_its_bounds_are_known():
    course = edited()
    assert course.sessions == course.built
    assert not course.soft + course.aside
    assert len(course.curve) == COUNT


@pytest.mark.parametrize("stage", [("scoliosis", "degree-2"), LUMBAR, NECK])
def test_an_edited_course_is_written_and_read_back_and_every_reason_of_it_can_be_said(stage):
    setting = setting_of(*stage)
    steps = step_keys(edited(setting=setting).built[AT - 1])
    edits = (
        edit("minutes", steps[2], value=1200, from_others=True), edit("move", steps[2], after=steps[3]),
        edit("remove", steps[-2], from_others=True), edit("dose", value=90), edit("depth", value=1), edit("tempo", steps[1], code="tonic"),
        edit("add", "+1", after=steps[1], value=40, from_others=True, new=a_step("deltoid", "stroking-planar-deep")),
        edit("technique", steps[1], family="rubbing", code="rubbing-spiral"), edit("pressure", steps[1], family="rubbing", value=2),
        edit("pressure", steps[1], value=1), edit("minutes", steps[1], family="stroking", value=1100, from_others=True),
    )  # fmt: skip
    assert edits_from_json(json.loads(json.dumps(edits_to_json(Edits(edits))))) == Edits(edits)
    plan = one(*edits, setting=setting, is_draft=True)
    assert plan_from_json(plan_to_json(plan)) == plan
    told = [*plan.by_hand, *(why for row in plan.rows for why in row.because), *(omission.because for omission in plan.omissions)]
    assert all("{" not in in_english(reason, LIBRARY) for reason in told)


def test_an_editor_gives_what_a_course_edited_alone_gives_and_remembers_what_a_change_leaves_alone():
    setting = setting_of(*SCOLIOSIS)
    course = plan_course(setting, count=COUNT)
    editor, edits = CourseEditor(setting, course), Edits((Edit("minutes", 3, COUNT, step=CONCAVE, value=900), edit("dose", value=80)))
    before = editor.edited(edits)
    worked = len(editor.worked)
    for more in (edit("pressure", CONCAVE, value=2), edit("pressure", CONCAVE, value=1)):
        assert editor.edited(edits.with_edit(more)) == edit_course(setting, course, edits.with_edit(more))
    assert len(editor.worked) == worked + 2
    assert editor.edited(edits) == before


def test_an_editor_does_not_remember_without_end(monkeypatch):
    monkeypatch.setattr("protocols.method.editing.course.MOST_REMEMBERED", 1)
    setting = setting_of(*SCOLIOSIS)
    editor = CourseEditor(setting, plan_course(setting, count=COUNT))
    for value in (900, 800, 700):
        editor.edited(Edits((Edit("minutes", 3, COUNT, step=CONCAVE, value=value),)))
        editor.edited(Edits((edit("minutes", CONCAVE, value=value),)))
    assert len(editor.worked) == 1


# Order ----------------------------------------------------------------------------------------------------------------------
def test_a_moved_step_stands_right_behind_its_anchor_with_everything_it_had():
    plan = one(edit("move", BETWEEN, after=OPENING))
    assert step_keys(plan)[:3] == (OPENING, BETWEEN, CONCAVE)
    assert [row.step for row in plan.rows] == sorted(row.step for row in plan.rows)
    assert "hand-moved" in hand_codes(plan)
    kept = [(row.technique, row.seconds, row.pressure) for row in rows_of(plan, BETWEEN)]
    assert kept == [(row.technique, row.seconds, row.pressure) for row in rows_of(one(), BETWEEN)]


def test_a_move_behind_a_step_that_is_not_there_changes_nothing():
    assert one(edit("move", BETWEEN, after="+9")) == one()


def test_a_session_opens_and_closes_with_stroking_whatever_a_hand_wants():
    course = edited(edit("move", CONVEX, after=""), edit("move", BETWEEN, after=CLOSING))
    assert course.sessions[AT - 1].rows == course.built[AT - 1].rows
    assert codes_aside(course) >= {"not-stroking-first", "not-stroking-last"}
    assert hand_codes(course.sessions[AT - 1]) == ["hand-aside-at", "hand-aside-at"]


def test_a_soft_rule_of_order_sets_its_edit_aside_until_somebody_gives_a_reason():
    late = edit("move", PECTORAL, after=TRAPEZIUS)
    waits, held = edited(late), edited(late, overrides=(override("position-changes"),))
    assert codes_aside(waits) == {"position-changes"}
    assert step_keys(held.sessions[AT - 1])[5] == PECTORAL
    assert [(rule.step, rule.problem.code, rule.override is not None) for rule in held.soft] == [("", "position-changes", True)]


def test_in_a_draft_a_soft_rule_is_told_and_nothing_is_set_aside():
    course = edited(edit("move", PECTORAL, after=TRAPEZIUS), is_draft=True)
    assert [(rule.session, rule.problem.code, rule.override) for rule in course.soft] == [(AT, "position-changes", None)]
    assert not course.aside


# Leaving out ----------------------------------------------------------------------------------------------------------------
def test_a_removed_step_is_an_omission_with_its_reason_and_its_time_is_not_given_away_unasked():
    plan = one(edit("remove", TRAPEZIUS))
    assert TRAPEZIUS not in step_keys(plan)
    assert [(o.kind, o.code, o.side) for o in plan.omissions if o.because.code == "hand-removed"] == [("zone", "trapezius-upper", "right")]
    assert plan.total_seconds == one().total_seconds - 60


def test_the_time_of_a_removed_step_goes_to_the_other_main_steps_where_that_is_asked():
    plan = one(edit("remove", TRAPEZIUS, from_others=True))
    before = seconds_of(one())
    assert plan.total_seconds == one().total_seconds
    assert {key for key, seconds in seconds_of(plan).items() if seconds != before[key]} == set(before) - {OPENING, CLOSING, TRAPEZIUS}
    assert any(reason.code == "hand-takes-time" for row in rows_of(plan, CONCAVE) for reason in row.because)


def test_the_last_main_step_cannot_be_left_out():
    course = edited(*(edit("remove", key) for key in step_keys(one())[1:-1]), is_draft=True)
    assert "main" in {row.part for row in course.sessions[AT - 1].rows}
    assert codes_aside(course) & {"target-gone", "purpose-gone"}


# Time -----------------------------------------------------------------------------------------------------------------------
def test_minutes_are_thousandths_of_the_built_time_in_proportion_and_in_whole_seconds():
    plan = one(edit("minutes", CONVEX, value=800))
    assert seconds_of(plan)[CONVEX] == 192
    assert [row.seconds for row in rows_of(plan, CONVEX)] == [48, 87, 15, 23, 19]
    assert all(row.because[-1].code == "hand-minutes" for row in rows_of(plan, CONVEX))


def test_the_other_main_steps_give_the_time_in_proportion_none_of_them_losing_a_family():
    plan, before = one(edit("minutes", CONCAVE, value=1300, from_others=True)), one()
    assert plan.total_seconds == before.total_seconds
    assert seconds_of(plan)[CONCAVE] == 234
    for key in (CONVEX, BETWEEN, TRAPEZIUS, PECTORAL, BELLY):
        assert [row.family for row in rows_of(plan, key)] == [row.family for row in rows_of(before, key)]
        assert seconds_of(plan)[key] >= 30
        assert min(row.seconds for row in rows_of(plan, key)) >= 15
    assert (seconds_of(plan)[OPENING], seconds_of(plan)[CLOSING]) == (120, 60)


def test_a_dose_cannot_be_exceeded():
    assert codes_aside(edited(edit("minutes", CONCAVE, value=1300))) == {"over-dose"}
    everything = edited(edit("minutes", CONCAVE, value=9000, from_others=True), is_draft=True)
    assert codes_aside(everything) == {"over-dose"}


def test_two_edits_that_only_together_keep_the_dose_hold_together():
    course = edited(edit("minutes", CONCAVE, value=1300), edit("minutes", CONVEX, value=750))
    assert not course.aside
    assert (seconds_of(course.sessions[AT - 1])[CONCAVE], course.sessions[AT - 1].total_seconds) == (234, 1194)


def test_a_family_that_a_shortened_step_has_no_time_for_goes_to_stroking_and_is_told():
    plan = one(edit("minutes", CONCAVE, value=450))
    assert [row.family for row in rows_of(plan, CONCAVE)] == ["stroking", "rubbing", "kneading"]
    assert seconds_of(plan)[CONCAVE] == 81
    assert ("family", "vibration") in {(o.kind, o.code) for o in plan.omissions if o.because.code == "hand-family-too-short"}
    assert "hand-family-too-short" in hand_codes(plan)


def test_a_family_that_is_shortened_by_name_is_never_lost_unasked():
    course = edited(edit("minutes", CONCAVE, family="vibration", value=500))
    assert codes_aside(course) == {"row-too-short"}
    plan = one(edit("minutes", CONCAVE, family="vibration", value=600, from_others=True))
    assert [row.seconds for row in rows_of(plan, CONCAVE)] == [45, 54, 54, 16]
    assert plan.total_seconds == 1200


@pytest.mark.parametrize(("step", "family", "left"), [
    (CONCAVE, "vibration", ["stroking", "rubbing", "kneading"]),
    (CONVEX, "percussion", ["stroking", "rubbing", "kneading", "vibration"]),
])  # fmt: skip
def test_a_family_asked_for_no_time_is_left_out_and_told_and_its_time_goes_where_the_hand_said(step: str, family: str, left: list[str]):
    plan = one(edit("minutes", step, family=family, from_others=True))
    assert ([row.family for row in rows_of(plan, step)], plan.total_seconds) == (left, 1200)
    assert ("family", family, "hand-family-left-out") in {(o.kind, o.code, o.because.code) for o in plan.omissions}
    gone = sum(row.seconds for row in rows_of(one(), step) if row.family == family)
    assert one(edit("minutes", step, family=family)).total_seconds == 1200 - gone
    assert codes_aside(edited(edit("minutes", OPENING, family="stroking"))) == {"step-too-short"}


def test_the_built_time_asked_for_takes_nothing_from_the_others():
    plan = one(edit("minutes", CONCAVE, value=1000, from_others=True))
    assert seconds_of(plan) == seconds_of(one())


def test_a_step_is_never_shorter_than_half_a_minute():
    assert codes_aside(edited(edit("minutes", TRAPEZIUS, value=400))) == {"step-too-short"}
    assert codes_aside(edited(edit("minutes", TRAPEZIUS, value=-400))) == {"step-too-short"}


def test_a_step_without_stroking_has_nobody_to_give_a_too_short_family_to():
    new = a_step("latissimus", "rubbing-circular", "kneading-circular", "vibration-stable", side="right")
    added = edit("add", "+1", after=CONCAVE, value=60, from_others=True, new=new)
    course = edited(added, edit("minutes", "+1", value=500), is_draft=True)
    assert codes_aside(course) == {"row-too-short"}


def test_a_family_that_is_not_in_the_step_has_no_time_to_change():
    course = edited(edit("minutes", TRAPEZIUS, family="percussion", value=900), edit("pressure", TRAPEZIUS, family="points", value=2))
    assert [aside.problems for aside in course.aside] == [(), ()]


# Pressure and tempo ---------------------------------------------------------------------------------------------------------
def test_pressure_is_set_for_each_row_within_what_its_technique_is_done_at():
    assert [row.pressure for row in rows_of(one(edit("pressure", CONVEX, value=2)), CONVEX)] == [3, 3, 2, 2, 3]


def test_pressure_of_one_family_leaves_the_others_alone():
    assert [row.pressure for row in rows_of(one(edit("pressure", CONCAVE, family="kneading", value=2)), CONCAVE)] == [3, 3, 2, 3]


@pytest.mark.parametrize("value", [-3, 0, 1, 5, 9])
def test_a_pressure_at_which_the_technique_is_not_done_is_a_hard_limit(value):
    assert codes_aside(edited(edit("pressure", TRAPEZIUS, family="kneading", value=value))) == {"pressure-outside-technique"}


def test_more_pressure_than_the_protocol_gives_needs_a_reason():
    harder = edit("pressure", CONCAVE, family="rubbing", value=4)
    assert codes_aside(edited(harder)) == {"pressure-above-protocol"}
    assert [row.pressure for row in rows_of(one(harder, overrides=(RAISED,)), CONCAVE)] == [3, 4, 3, 3]


def test_a_ceiling_of_a_finding_is_crossed_by_no_reason():
    setting = setting_of(*SCOLIOSIS, limits=Limits(pressure_caps=(PressureCap(2, None, WHY),)))
    harder = edit("pressure", CONCAVE, family="rubbing", value=4)
    course = edited(harder, setting=setting, overrides=(RAISED,))
    assert codes_aside(course) == {"pressure-too-strong"}
    assert course.sessions[AT - 1].rows == course.built[AT - 1].rows


def test_a_tempo_is_that_of_the_whole_step():
    assert {row.tempo for row in rows_of(one(edit("tempo", BETWEEN, code="calm"), is_draft=True), BETWEEN)} == {"calm"}
    assert codes_aside(edited(edit("tempo", BETWEEN, code="brisk"))) == {"unknown-code"}


# What earlier sessions ask for ----------------------------------------------------------------------------------------------
def test_a_zone_that_hurt_is_never_pressed_harder_by_hand_and_what_was_lightened_gets_lighter_still():
    hurt = Adaptation(zone_shifts=((Place("paravertebral-thoracic", "left"), -1),))
    built, lighter, harder = (
        one(*edits, adaptation=hurt, overrides=(RAISED,))
        for edits in ((), (edit("pressure", CONCAVE, value=2),), (edit("pressure", CONCAVE, value=4),))
    )
    assert {row.pressure for row in rows_of(built, CONCAVE)} == {2}
    assert {row.pressure for row in rows_of(lighter, CONCAVE)} == {1, 2}  # two of them are not done more lightly than 2
    assert {row.pressure for row in rows_of(harder, CONCAVE)} == {2}


def test_low_comfort_takes_a_level_off_what_a_hand_set_too():
    uneasy = Adaptation(pressure_shift=-1)
    raised = edit("pressure", CONCAVE, family="rubbing", value=4)
    assert [row.pressure for row in rows_of(one(raised, adaptation=uneasy, overrides=(RAISED,)), CONCAVE)] == [2, 2, 2, 2]
    added = edit("add", "+1", after=CONCAVE, value=60, from_others=True, new=a_step("latissimus", "rubbing-circular", pressure=3))
    assert [row.pressure for row in rows_of(one(added, adaptation=uneasy, is_draft=True), "+1")] == [2]


def test_a_technique_that_is_not_done_so_lightly_is_not_swapped_in_where_it_hurt():
    hurt = Adaptation(zone_shifts=((Place("paravertebral-thoracic", "left"), -1),))
    swap = edit("technique", CONCAVE, family="stroking", code="stroking-comb")
    assert codes_aside(edited(swap, adaptation=hurt)) == {"pressure-too-strong"}
    assert not edited(swap).aside


def test_minutes_by_hand_go_down_with_the_dose_that_earlier_sessions_ask_for():
    longer = edit("minutes", CONCAVE, value=1300, from_others=True)
    plan = one(longer, adaptation=Adaptation(minutes_factor=0.8))
    assert plan.total_seconds == 960
    assert seconds_of(plan)[CONCAVE] == 187  # 1.3 times 144 s


# Techniques -----------------------------------------------------------------------------------------------------------------
def test_another_technique_of_the_family_takes_the_place_of_the_protocols():
    rows = rows_of(one(edit("technique", CONCAVE, family="kneading", code="kneading-circular")), CONCAVE)
    assert [(row.technique, row.seconds, row.pressure) for row in rows][2] == ("kneading-circular", 54, 3)
    assert rows[2].because[-1] == because(
        "hand-technique", zone="paravertebral-thoracic", technique="kneading-circular", instead="kneading-shifting"
    )


def test_a_technique_of_another_family_stands_where_its_family_stands():
    plan = one(edit("technique", BETWEEN, family="rubbing", code="percussion-cupping"), is_draft=True)
    assert [row.family for row in rows_of(plan, BETWEEN)] == ["kneading", "vibration", "percussion", "stroking"]
    assert ("family", "rubbing") in {(o.kind, o.code) for o in plan.omissions if o.because.code == "hand-technique"}
    longer = edit("minutes", BETWEEN, value=2000, from_others=True)
    plan = one(longer, edit("technique", BETWEEN, family="rubbing", code="percussion-cupping"), is_draft=True)
    assert [row.family for row in rows_of(plan, BETWEEN)][::4] == ["stroking", "stroking"]


def test_two_rows_of_a_family_become_one_of_another():
    plan = one(edit("technique", CONVEX, family="percussion", code="stroking-rake"), is_draft=True)
    assert [row.family for row in rows_of(plan, CONVEX)] == [row.family for row in rows_of(one(), CONVEX)]  # it has stroking already
    longer = edit("minutes", "3:paravertebral-thoracic:right", value=1300, from_others=True)
    plan = one(longer, edit("technique", CONVEX, family="stroking", code="breathing-assist-stretch"), is_draft=True)
    assert "stroking" in [row.family for row in rows_of(plan, CONVEX)]


def test_what_is_unknown_twice_or_not_there_is_never_swapped_in():
    unknown = edit("technique", CONCAVE, family="kneading", code="kneading-by-feet")
    twice = edit("technique", CONCAVE, family="kneading", code="rubbing-circular")
    nowhere = edit("technique", TRAPEZIUS, family="percussion", code="percussion-cupping")
    course = edited(unknown, twice, nowhere)
    assert [[problem.code for problem in aside.problems] for aside in course.aside] == [["unknown-code"], ["family-twice"], []]


def test_a_technique_is_used_where_it_is_open_and_barred_where_it_is_not():
    barred = Limits(families_out=(FamilyOut("vibration", leaves("paravertebral-thoracic-upper"), WHY),))
    setting = setting_of(*LUMBAR, limits=barred)
    swap = edit("technique", "2:paravertebral-thoracic:both", family="vibration", code="vibration-stable")
    plan = one(swap, setting=setting, is_draft=True)
    row = next(row for row in rows_of(plan, "2:paravertebral-thoracic:both") if row.technique == "vibration-stable")
    assert row.avoid == (Place("paravertebral-thoracic-upper", "both"),)
    everywhere = setting_of(*LUMBAR, limits=Limits(techniques_out=(TechniqueOut("vibration-stable", None, WHY),)))
    assert "technique-excluded" in codes_aside(edited(swap, setting=everywhere))


# Many at once ---------------------------------------------------------------------------------------------------------------
def test_what_breaks_a_session_is_found_among_many_changes_and_the_others_hold():
    fine = [edit("minutes", CONCAVE, value=900), edit("pressure", CONCAVE, value=2), edit("move", BETWEEN, after=CONCAVE)]
    breaking = [edit("pressure", CONVEX, family="kneading", value=1), edit("tempo", CONVEX, code="calm")]
    course = edited(fine[0], breaking[0], fine[1], breaking[1], fine[2])
    assert {aside.edit for aside in course.aside} == set(breaking)
    assert course.sessions[AT - 1].rows == one(*fine).rows


def test_where_too_much_is_broken_the_changes_are_taken_one_by_one():
    wild = [edit("tempo", key, code="neutral") for key in step_keys(one())] + [edit("move", CONCAVE, after=CONVEX)]
    course = edited(*wild)
    assert {aside.edit for aside in course.aside} == set(wild[:-1])
    assert step_keys(course.sessions[AT - 1])[1] == CONVEX


def test_every_edited_session_passes_the_independent_check():
    setting = setting_of(*LUMBAR)
    steps = step_keys(edited(setting=setting).built[AT - 1])
    wanted = [Edit("minutes", 1, COUNT, step=steps[1], value=1250, from_others=True), Edit("dose", 4, 9, value=80)]
    wanted += [Edit("move", 2, COUNT, step=steps[4], after=steps[1]), Edit("pressure", 1, COUNT, step=steps[2], value=2)]
    course = edited(*wanted, setting=setting)
    assert not check_curve(course.course.doses, setting)
    for plan, dose in zip(course.sessions, course.course.doses, strict=True):
        assert plan.dose == dose
        assert not check_plan(plan, setting, dose=dose, edited=True)
