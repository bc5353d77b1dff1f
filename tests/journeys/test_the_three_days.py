"""The page of the three days tells every act, in the words and with the targets of today, and none that is missed without a word why."""

from clinic.proofs.registry import PROOFS
from tests.journeys.three_days import ACTS, PAGE, counts_told, page_of


def test_the_page_tells_every_act_with_its_target_and_nothing_else() -> None:
    counts = counts_told()
    assert set(counts) == {act.code for act in ACTS}
    assert PAGE.read_text(encoding="utf-8") == page_of(counts)
    assert [act.words for act in ACTS if not counts[act.code].meets(act) and not act.note] == []


def test_every_act_has_a_journey_that_counts_it() -> None:
    for act in ACTS:
        journey = PAGE.parents[1] / "tests" / "journeys" / f"{act.journey}.py"
        assert f'"{act.code}"' in journey.read_text(encoding="utf-8"), act
        assert f"tests/journeys/{act.journey}.py" in PROOFS["days"].tested_by
