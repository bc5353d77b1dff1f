"""What is done in the studio comes to the same edits however it is told, and what is undone leaves nothing behind."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.courses.studio.acts import Act, acts_from_json, acts_to_json, done, fold, next_key
from protocols.method.edits import LAST_SESSION, NO_EDITS, Edit, EditKind, Edits, NewStep, Override

STEP, OTHER = "1:back:both", "2:neck:left"
NEW = NewStep("neck", "left", ("stroking-plane",), 1, "calm")


@st.composite
def _edits(draw: st.DrawFn) -> Edit:
    kind: EditKind = draw(st.sampled_from(("dose", "depth", "move", "minutes", "technique", "pressure", "tempo", "remove", "add")))
    first = draw(st.integers(1, 12))
    step = "" if kind in ("dose", "depth") else draw(st.sampled_from((STEP, OTHER)))
    if kind == "add":
        return Edit("add", first, draw(st.integers(first, 12)), step=draw(st.sampled_from(("+1", "+2"))), value=50, new=NEW)
    return Edit(kind, first, draw(st.integers(first, 12)), step=step, value=draw(st.integers(1, 100)))


_steps, _numbers = st.sampled_from((STEP, OTHER)), st.integers(1, 12)
OVERRIDE = Override("part-order", "", "time", "No room.")
_acts = st.one_of(
    st.builds(lambda edit: Act("edit", session=edit.first, edits=Edits((edit,))), _edits()),
    st.builds(lambda step, n: Act("restore-step", session=n, first=n, last=n + 2, step=step), _steps, _numbers),
    st.builds(lambda n: Act("restore-session", session=n, first=n, last=n), st.integers(1, 12)),
    st.builds(lambda n: Act("restore-curve", session=n, first=n), st.integers(1, 12)),
    st.builds(lambda n: Act("restore-all", session=n, first=n), st.integers(1, 12)),
    st.builds(lambda step: Act("override", session=1, edits=Edits(overrides=(replace(OVERRIDE, step=step),))), st.sampled_from((STEP, ""))),
    st.just(Act("take-back-override", session=1, code="part-order", step=STEP)),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_acts, max_size=12))
def test_acts_read_again_from_json_come_to_the_same_edits(acts: list[Act]) -> None:
    assert acts_from_json(acts_to_json(acts)) == tuple(acts)
    assert fold(NO_EDITS, acts) == fold(NO_EDITS, acts_from_json(acts_to_json(acts)))


@settings(max_examples=150, deadline=None)
@given(st.lists(_acts, max_size=8), st.integers(1, 12))
def test_back_to_the_protocol_from_a_session_on_leaves_what_was_before_and_nothing_after(acts: list[Act], first: int) -> None:
    before = fold(NO_EDITS, acts)
    after = done(before, Act("restore-all", session=first, first=first))
    for number in range(1, 13):
        held = [edit for edit in before.edits if edit.holds_at(number)] if number < first else []
        assert [_what(edit) for edit in after.edits if edit.holds_at(number)] == [_what(edit) for edit in held]
    assert after.edits or not after.overrides


@settings(max_examples=150, deadline=None)
@given(st.lists(_acts, max_size=8), _edits())
def test_an_edit_says_all_about_its_own_sessions_and_nothing_about_others(acts: list[Act], new: Edit) -> None:
    before = fold(NO_EDITS, acts)
    after = done(before, Act("edit", session=new.first, edits=Edits((new,))))
    assert after.edits[-1] == new
    for number in range(1, 13):
        if not new.holds_at(number):
            assert {_what(edit) for edit in after.edits if edit.holds_at(number)} == {
                _what(edit) for edit in before.edits if edit.holds_at(number)
            }


def _what(edit: Edit) -> tuple[object, ...]:
    return edit.kind, edit.step, edit.family, edit.value, edit.code, edit.after


def test_one_level_for_a_whole_step_replaces_the_levels_of_its_families() -> None:
    of_a_family = Act("edit", session=1, edits=Edits((Edit("pressure", 1, LAST_SESSION, step=STEP, family="kneading", value=1),)))
    of_all = Act("edit", session=3, edits=Edits((Edit("pressure", 3, 3, step=STEP, value=2),)))
    found = fold(NO_EDITS, (of_a_family, of_all))
    assert [(edit.family, edit.value) for edit in found.edits if edit.holds_at(3)] == [("", 2)]
    assert {edit.family for edit in found.edits if edit.holds_at(2) or edit.holds_at(4)} == {"kneading"}


def test_the_key_of_an_added_step_is_never_used_twice() -> None:
    first = Act("edit", session=1, edits=Edits((Edit("add", 1, 5, step=next_key(NO_EDITS, ()), value=50, new=NEW),)))
    gone = Act("restore-all", session=1)
    assert next_key(NO_EDITS, (first, gone)) == "+2"
    assert next_key(fold(NO_EDITS, (first,)), ()) == "+2"


def test_a_reason_stands_for_the_breach_it_was_given_for_and_not_for_a_larger_one() -> None:
    given_for = tuple(
        Override(code, step, "response", "It took this well.")
        for code, step in (
            ("pressure-above-protocol", STEP),
            ("step-stretched", STEP),
            ("dose-above-protocol", ""),
            ("side-rule", "felt:x:left"),
        )
    )

    def left_after(new: Edit) -> list[tuple[str, str]]:
        after = done(Edits((Edit("pressure", 2, 9, step=STEP, value=3),), given_for), Act("edit", session=2, edits=Edits((new,))))
        return [(each.code, each.step) for each in after.overrides]

    every = [(each.code, each.step) for each in given_for]
    assert left_after(Edit("pressure", 2, 2, step=STEP, value=4)) == every[1:]
    assert left_after(Edit("minutes", 2, 2, step=STEP, value=1400)) == [every[0], *every[2:]]
    assert left_after(Edit("dose", 5, 5, value=100)) == [*every[:2], every[3]]
    assert left_after(Edit("pressure", 2, 2, step=OTHER, value=4)) == every
