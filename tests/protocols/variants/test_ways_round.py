"""Ways round the comparison with the release: another side, another word, another stage to choose, a break longer than anybody counts."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from protocols.method.frozen import FrozenMap
from protocols.shelf import shipped_library, shipped_names
from protocols.variants.strict_words import Said, words_loosened
from tests.protocols.variants.test_checking import ENTRIES, checked
from tests.protocols.variants.test_strictness import SHIPPED, codes, treatment_of, with_condition, with_course, with_stage, with_treatment


@pytest.mark.parametrize(
    ("stage", "zone", "of", "becomes", "code"),
    [
        (("scoliosis", "degree-1"), "interscapular", "convex", "both", "step-pressure"),
        (("scoliosis", "degree-1"), "interscapular", "convex", "concave", "step-pressure"),
        (("osteochondrosis-lumbar", "root-pain"), "gluteal", "affected", "both", "step-pressure"),
        (("osteochondrosis-cervical", "acute"), "upper-arm", "healthy", "affected", "step-new-place"),
        (("osteochondrosis-cervical", "acute"), "trapezius-upper", "healthy", "both", "step-new-place"),
        (("osteochondrosis-cervical", "acute"), "upper-arm", "healthy", "left", "step-new-place"),
    ],
)
def test_what_the_release_does_on_one_side_is_not_done_on_the_other(
    stage: tuple[str, str], zone: str, of: str, becomes: Any, code: str
) -> None:
    steps = treatment_of(*stage).steps
    turned = tuple(replace(step, side=becomes) if (step.zone, step.side) == (zone, of) else step for step in steps)
    assert turned != steps
    assert code in codes(with_treatment(*stage, steps=turned))


def test_a_step_on_both_sides_may_become_one_on_a_single_side() -> None:
    steps = treatment_of("scoliosis", "degree-1").steps
    one_sided = tuple(replace(step, side="concave") if step.zone == "back" else step for step in steps)
    assert codes(with_treatment("scoliosis", "degree-1", steps=one_sided)) == set()


def test_a_break_of_more_than_a_year_is_not_taken_more_lightly_either() -> None:
    *others, last = SHIPPED.course.gap
    split = (*others, replace(last, missed_days_max=400), replace(others[0], missed_days_min=401, missed_days_max=last.missed_days_max))
    assert "gap-action" in codes(with_course(gap=split))
    assert "gap-gone" in codes(with_course(gap=(*others, replace(last, missed_days_max=400))))


def test_a_stage_that_is_not_massaged_can_neither_be_taken_out_nor_be_said_to_be_another_one() -> None:
    stages = SHIPPED.conditions["biliary-dyskinesia"].stages
    left = FrozenMap({code: stage for code, stage in stages.items() if code != "attack"})
    assert codes(with_condition("biliary-dyskinesia", stages=left)) == {"stage-gone"}
    assert codes(with_stage("biliary-dyskinesia", "attack", definition="colic with jaundice")) == {"stage-words"}
    assert codes(with_stage("biliary-dyskinesia", "attack", name="hypertonic")) == {"stage-words"}


def asks_the_contrary(words: dict[str, Any]) -> None:
    words["inputs"]["stones_excluded"]["question"] = "Есть ли камни на УЗИ?"


def swaps_the_answers(words: dict[str, Any]) -> None:
    words["inputs"]["form"]["values"].reverse()


def takes_the_fever_lightly(words: dict[str, Any]) -> None:
    words["stage_signs"]["fever"] = "Температура 37,2 не мешает."


def swaps_the_stages(words: dict[str, Any]) -> None:
    attack, calm = words["stages"]["attack"], words["stages"]["hypertonic"]
    attack["name"], calm["name"] = calm["name"], attack["name"]


def turns_the_side(words: dict[str, Any]) -> None:
    words["segmental"]["side"] = "слева"


@pytest.mark.parametrize("turn", [asks_the_contrary, swaps_the_answers, takes_the_fever_lightly, swaps_the_stages, turns_the_side])
def test_a_translation_asks_for_the_same_as_the_english_that_it_stands_for(turn: Callable[[dict[str, Any]], None]) -> None:
    address = "ru/conditions:conditions/biliary-dyskinesia"
    words = deepcopy(ENTRIES[address])
    turn(words)
    assert {(each.address, each.code) for each in checked({address: words}, "conditions/biliary-dyskinesia").loosened} == {
        (address, "safety-words")
    }


def test_the_advice_of_a_rule_and_the_end_of_it_are_translated_as_they_were() -> None:
    library, english, names = shipped_library(), shipped_names("en"), shipped_names("ru")
    shipped = Said(library, english, names)
    turned = {("rules", "in-06", "advice"): ("не страшно",), ("rules", "in-06", "ends_when"): "сейчас", ("course", "all", "gaps"): ("так",)}
    own = Said(library, english, replace(names, texts={**names.texts, **turned}))
    assert {each.after for each in words_loosened(shipped, own)} == {"так", "не страшно", "сейчас"}
    assert list(words_loosened(shipped, shipped)) == []
