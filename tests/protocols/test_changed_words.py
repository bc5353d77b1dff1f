"""What an edition changed is told in words, in the language of the reader: each line says what was and what is."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content
from protocols.presentation.changed import changes_in_words, heading_of, loosenings_in_words
from protocols.presentation.changed.labels import LABELS
from protocols.presentation.changed.loosenings import CODES
from protocols.shelf import shipped_names
from protocols.variants import strictness
from protocols.variants.strictness import Loosening

ENTRIES = entries_of(shipped_content().parts)
COLLAR = "library/conditions/neck-collar:stage/calming"
RULE = "library/contraindications:rule/ca-04"
CASE = "cases/neck-collar:case/collar-calming-for-poor-sleep"
STAGE = ENTRIES[COLLAR]
NAPE = next(row for row in STAGE["steps"] if row["zone"] == "nape")
COMPARED = re.compile(r'(?:Limit\(|Loosening\([^"{]*|yield )"([a-z-]+)"')


def lines(address: str, after: Any, language: str = "en") -> tuple[str, ...]:
    """What is told of one entry that became ``after``."""
    with translation.override(language):
        (change,) = changes_in_words({address: ENTRIES.get(address)}, {address: after}, shipped_names(language))
    return change.lines


def swapped(row: dict[str, Any], **new: Any) -> list[dict[str, Any]]:
    return [each | new if each is row else each for each in STAGE["steps"]]


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (STAGE | {"pressure_max": 2}, ["Highest pressure: 3 → 2"]),
        (STAGE | {"minutes": STAGE["minutes"] | {"full": 12}}, ["Minutes, full dose: 15 → 12"]),
        (STAGE | {"positions": ["prone"]}, ["Positions: no longer sitting"]),
        (STAGE | {"steps": swapped(NAPE, minutes=2)}, ["Steps – nape, C3 to C7 (both sides), Minutes: 3 → 2"]),
        (
            STAGE | {"steps": [row for row in STAGE["steps"] if row is not NAPE]},
            ["Steps – taken out: main: nape, C3 to C7 (both sides), 3 min, relaxing"],
        ),
        (
            STAGE | {"forbid": [*STAGE["forbid"], {"family": "kneading", "zone": "nape", "side": "left"}]},
            ["Forbidden – new: kneading: nape, C3 to C7 (left)"],
        ),
    ],
)
def test_each_thing_that_is_otherwise_in_a_stage_is_a_line(after: Any, wanted: list[str]) -> None:
    assert list(lines(COLLAR, after)) == wanted


def test_an_order_that_changed_is_told_and_a_row_that_stayed_is_not() -> None:
    (line,) = lines(COLLAR, STAGE | {"steps": [*STAGE["steps"][1:], STAGE["steps"][0]]})
    assert line.startswith("Steps – in another order: ")


def test_a_rule_is_told_by_its_questions_and_by_what_follows() -> None:
    rule = ENTRIES[RULE]
    stricter = rule | {"outcome": "defer", "effects": [*rule["effects"], {"type": "max-minutes", "minutes": 10}]}
    assert lines(RULE, stricter) == ("Outcome: Go ahead, changed → Not now", "What follows – new: 10 minutes at most")
    (line,) = lines(RULE, rule | {"when": {"fact": "today.systolic", "op": "ge", "value": 130}})
    assert line.endswith("– 130 mm Hg or more")


def test_a_case_is_told_by_what_is_expected() -> None:
    case = ENTRIES[CASE]
    assert lines(CASE, case | {"expect": case["expect"] | {"minutes_about": 12}}) == ("Expected, Minutes, about: 15 → 12",)


def test_a_new_case_names_its_stage_questions_answers_and_places_in_the_reader_s_words() -> None:
    russian = shipped_names("ru")
    cases = {address: case | {"says": ""} for address, case in ENTRIES.items() if address.startswith("cases/")}
    with translation.override("ru"):
        told = [line for change in changes_in_words({}, cases, russian) for line in change.lines]
    assert [line for line in told if re.search(r"\b[a-z]{3,}", line.replace("mmHg", ""))] == []
    with translation.override("en"):
        english = changes_in_words({}, {CASE: ENTRIES[CASE]}, shipped_names("en"))[0].lines
    stage = shipped_names("en").of("stages", "neck-collar/calming")
    assert {f"Given, Stage: {stage}", "Given, Questions of this condition, Main complaint?: poor sleep"} <= set(english)


def test_the_reader_s_language_is_used() -> None:
    assert lines(COLLAR, STAGE | {"positions": ["prone"]}, "ru")[0].endswith("сидя")


def test_what_cannot_be_read_is_told_key_by_key_and_nothing_raises() -> None:
    assert lines("library/profiles:profile/own-x", {"code": "own-x", "shares": {"stroking": "much"}, "pressure": [[1], {"x": None}]})
    assert lines(RULE, {"code": "ca-04", "when": {"fact": "no-such-fact", "op": "is", "value": 1}, "effects": [{"type": "?"}]})
    assert lines(COLLAR, None)[0] == "Taken away."
    assert changes_in_words({COLLAR: STAGE}, {COLLAR: STAGE}, shipped_names("en")) == ()


def test_every_kind_of_value_that_is_held_against_the_release_has_words() -> None:
    files = Path(strictness.__file__).parent.glob("strict*.py")
    compared = {code for file in files for code in COMPARED.findall(file.read_text())}
    assert len(compared) > 60
    assert {code for code in compared if code not in CODES and code.replace("-", "_") not in LABELS} == set()


def test_what_is_looser_is_one_line_for_each_value_entry_by_entry() -> None:
    found = [Loosening(COLLAR, "pressure-max", 3, 4), Loosening(COLLAR, "sessions-max", 10, 12), Loosening(RULE, "rule-gone", "x", None)]
    with translation.override("en"):
        said = loosenings_in_words(found, shipped_names("en"))
    assert [line.partition(" – ")[2] for line in said] == ["Highest pressure: 3 → 4", "Sessions at most: 10 → 12", "The rule: x → –"]
    assert said[0].partition(" – ")[0] == said[1].partition(" – ")[0]


def test_a_worked_case_is_called_by_its_sentence_and_never_by_its_code() -> None:
    new = CASE.replace("poor-sleep", "a-new-one")
    with translation.override("ru"):
        names, english = shipped_names("ru"), shipped_names("en")
        known = heading_of(CASE, names, english)
        added = changes_in_words({}, {new: ENTRIES[CASE] | {"says": "Nothing of this is known yet."}}, names, english)[0].heading
        russian = heading_of(f"ru/cases:cases/{CASE.rpartition('/')[2]}", names)
    assert names.of("cases", "collar-calming-for-poor-sleep", "says") in known
    assert "Nothing of this is known yet." in added
    assert all("collar-calming" not in heading for heading in (known, added, russian))
