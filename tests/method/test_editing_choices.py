"""What may be done with a step is what the independent check lets through when it is done."""

import pytest

from protocols.method.checking.problems import problem
from protocols.method.course import plan_course
from protocols.method.editing import choices_for, edit_course, step_keys, zones_to_add
from protocols.method.editing.results import Verdict
from protocols.method.edits import Edit, Edits
from protocols.method.findings import Limits, PressureCap
from protocols.method.reasons import because
from tests.method.edited import AT, COUNT, LUMBAR, SCOLIOSIS, a_step, edit, edited
from tests.method.planned import setting_of

CONCAVE, TRAPEZIUS = "2:paravertebral-thoracic:left", "5:trapezius-upper:right"
WHY = because("rule-caps-pressure", rule="nobody", level=2)


def choices(step, *edits, stage=SCOLIOSIS, limits=None):
    setting = setting_of(*stage, limits=limits)
    return choices_for(setting, edited(*edits, setting=setting, is_draft=True), Edits(edits), number=AT, step=step)


def said(verdict):
    return "free" if verdict.is_free else "soft" if verdict.is_soft else "barred"


def test_a_verdict_is_free_soft_or_barred():
    soft, hard = problem("part-order", severity="warning"), problem("target-gone")
    assert [said(Verdict(problems)) for problems in ((), (soft,), (soft, hard))] == ["free", "soft", "barred"]
    assert [Verdict(problems).is_barred for problems in ((), (soft,), (soft, hard))] == [False, False, True]


def test_levels_are_free_up_to_the_protocols_soft_up_to_the_ceiling_and_barred_above():
    assert [said(verdict) for _level, verdict in choices(CONCAVE).pressures] == ["free", "free", "free", "soft"]
    capped = choices(CONCAVE, limits=Limits(pressure_caps=(PressureCap(2, None, WHY),)))
    assert [said(verdict) for _level, verdict in capped.pressures] == ["free", "free", "barred", "barred"]


def test_another_tempo_than_the_protocols_needs_a_reason():
    assert [(tempo, said(verdict)) for tempo, verdict in choices(CONCAVE).tempos] == [
        ("calm", "free"),
        ("neutral", "soft"),
        ("tonic", "soft"),
    ]


def test_moves_and_removal_say_what_they_would_break():
    found = choices(TRAPEZIUS)
    assert [(word, said(verdict)) for word, _after, verdict in found.moves] == [
        ("first", "barred"), ("up", "free"), ("down", "free"), ("last", "barred"),
    ]  # fmt: skip
    assert found.removal.is_free
    ends = [choices(key) for key in ("1:back:both", "10:back:both")]
    assert [[word for word, _after, _verdict in each.moves] for each in ends] == [["down", "last"], ["first", "up"]]
    assert [said(each.removal) for each in ends] == ["barred", "barred"]


def test_minutes_are_offered_15_seconds_up_and_down_in_thousandths_of_the_built_time():
    assert [(value, said(verdict)) for value, verdict in choices(TRAPEZIUS).minutes] == [(750, "free"), (1250, "free")]
    longer = choices(TRAPEZIUS, edit("minutes", TRAPEZIUS, value=1250, from_others=True))
    assert [value for value, _verdict in longer.minutes] == [1000, 1500]


@pytest.mark.parametrize("stage", [SCOLIOSIS, LUMBAR])
def test_a_technique_that_is_said_to_be_free_is_free_when_it_is_swapped_in(stage):
    setting = setting_of(*stage)
    course = plan_course(setting, count=COUNT)
    step = step_keys(edited(setting=setting).built[AT - 1])[2]
    for family, code, verdict in choices(step, stage=stage).techniques[::5]:
        swap = Edits((Edit("technique", AT, AT, step=step, family=family, code=code),))
        made = edit_course(setting, course, swap, is_draft=True)
        assert (bool(made.aside), bool(made.soft) and not made.aside) == (verdict.is_barred, verdict.is_soft), (code, verdict)


def test_a_choice_is_judged_on_top_of_what_was_changed_already():
    moved = edit("move", CONCAVE, after="8:pectoral:right")
    found = choices(CONCAVE, moved, edit("tempo", "nowhere", code="calm"), edit("depth", value=1))
    assert {word: said(verdict) for word, _after, verdict in found.moves}["up"] == "free"
    assert not any(one.code == "position-changes" for _level, verdict in found.pressures for one in verdict.problems)


def test_a_step_of_half_a_minute_is_not_offered_shorter():
    shortened = choices(TRAPEZIUS, edit("minutes", TRAPEZIUS, value=600))
    assert [said(verdict) for _value, verdict in shortened.minutes] == ["barred", "free"]


def test_a_step_or_session_that_is_not_there_has_no_choices():
    setting = setting_of(*SCOLIOSIS)
    course = edited(setting=setting)
    assert not choices("+7").techniques + choices("+7").pressures
    for number in (0, COUNT + 1):
        assert not choices_for(setting, course, Edits(), number=number, step=CONCAVE).pressures
        assert zones_to_add(setting, course, Edits(), number=number, after=CONCAVE) == ()


def test_zones_to_add_are_those_that_hands_may_work_with_what_stands_against_each():
    setting = setting_of(*SCOLIOSIS, limits=Limits(pressure_caps=(PressureCap(2, None, WHY),)))
    found = {
        (zone, side): verdict for zone, side, verdict in zones_to_add(setting, edited(setting=setting), Edits(), number=AT, after=CONCAVE)
    }
    assert not {zone for zone, _side in found} & {"breast", "popliteal", "neck-anterior"}
    assert "zone-not-planned" in {one.code for one in found["deltoid", "left"].problems}
    assert found["deltoid", "left"].is_soft
    assert zones_to_add(setting, edited(setting=setting), Edits(), number=AT, after="+9")[0][2].is_free  # no anchor: nothing is added


def test_choices_of_an_added_step_are_those_of_any_other():
    new = a_step("latissimus", "stroking-planar-deep", "kneading-circular", side="right")
    found = choices("+1", edit("add", "+1", after=CONCAVE, value=60, from_others=True, new=new))
    assert {said(verdict) for _level, verdict in found.pressures} <= {"free", "soft", "barred"}
    assert ("kneading", "kneading-rolling") in {(family, code) for family, code, _verdict in found.techniques}
