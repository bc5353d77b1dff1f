"""Ways round the comparison with the release: another side, another word, another stage to choose, a break longer than anybody counts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from protocols.method.frozen import FrozenMap
from protocols.shelf import shipped_library, shipped_names
from protocols.variants.strict_words import Said, words_loosened
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


def in_russian(turned: Mapping[tuple[str, str, str], Any]) -> dict[str, Any]:
    """What is told as said otherwise when these texts stand in the Russian of a library that is the release in all else."""
    library, english, names = shipped_library(), shipped_names("en"), shipped_names("ru")
    own = Said(library, english, replace(names, texts={**names.texts, **turned}))
    return {each.after: each.address for each in words_loosened(Said(library, english, names), own)}


HOME = "biliary-dyskinesia"


@pytest.mark.parametrize(
    ("kind", "code", "field", "turned"),
    [
        ("inputs", f"{HOME}/stones_excluded", "question", "Есть ли камни на УЗИ?"),
        ("inputs", f"{HOME}/form", "values", ("гипертоническая", "гипотоническая")),
        ("stage-signs", HOME, "fever", "Температура 37,2 не мешает."),
        ("stages", f"{HOME}/attack", "name", "гипертоническая"),
        ("stages", f"{HOME}/attack", "becomes_allowed_when", "через 2 часа"),
        ("segmental", HOME, "side", "слева"),
        ("rules", "in-06", "advice", ("не страшно",)),
        ("rules", "in-06", "ends_when", "сейчас"),
        ("course", "all", "gaps", ("так",)),
    ],
)
def test_a_translation_says_the_same_as_the_english_that_it_stands_for(kind: str, code: str, field: str, turned: Any) -> None:
    assert shipped_names("ru").lines(kind, code, field)
    lines = (turned,) if isinstance(turned, str) else turned
    assert set(in_russian({(kind, code, field): turned})) == set(lines)
    assert in_russian({}) == {}
