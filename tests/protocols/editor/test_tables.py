"""What the forms make of the tables of a condition: pure, no page, no database."""

from types import SimpleNamespace
from typing import Any

import pytest

from protocols.cases import worked_cases
from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content
from protocols.editor.fault_words import PATTERNS
from protocols.editor.panel import totals_of
from protocols.editor.profiles import copied, free_code, kept, taken_away, users_of
from protocols.editor.rows import with_level, with_row, without_row
from protocols.editor.steps import moved_step, shares_of, total_minutes, with_changed_step, with_shares, with_step, without_step
from protocols.editor.texts import OF_TREATMENT, barred, english_of, lines_in, with_english, with_russian
from protocols.editor.values import GROUPS, bounds, read_at, values_of, with_origins, written_at
from protocols.shelf import shipped_library, shipped_names

ENTRIES = entries_of(shipped_content().parts)
STAGE = ENTRIES["library/conditions/neck-collar:stage/calming"]
PROFILES = {address.split("/")[-1]: row for address, row in ENTRIES.items() if address.startswith("library/profiles:profile/")}
TREATED = [(address, row) for address, row in ENTRIES.items() if ":stage/" in address and row.get("local") != "barred"]
STEP = {"part": "main", "zone": "nape", "side": "both", "minutes": 1, "profile": "relaxing"}


def test_shares_of_any_shipped_stage_are_a_hundred_percent_and_those_that_ship():
    for address, stage in TREATED:
        found = shares_of(stage["steps"], PROFILES)
        assert sum(found.values()) == 100, address
        off = {family for family in {*found, *stage["shares"]} if abs(found.get(family, 0) - stage["shares"].get(family, 0)) > 3}
        assert not off, address


def test_a_new_step_stands_at_the_end_of_its_part_and_goes_out_again():
    longer = with_step(STAGE, STEP)
    assert [row["part"] for row in longer["steps"]] == ["opening", *["main"] * 6, "closing"]
    assert longer["steps"][6] == STEP
    assert without_step(longer, 6)["steps"] == STAGE["steps"]
    assert total_minutes(longer) == total_minutes(STAGE) + 1


def test_steps_change_places_but_never_leave_the_list():
    assert moved_step(STAGE, 1, 1)["steps"][2] == STAGE["steps"][1]
    assert moved_step(STAGE, 0, -1)["steps"] == STAGE["steps"]
    assert moved_step(STAGE, 6, 1)["steps"] == STAGE["steps"]


def test_a_changed_step_keeps_what_was_not_said_and_the_shares_follow():
    changed = with_shares(with_changed_step(STAGE, 2, {"profile": "stroking-only", "from_session": None}), PROFILES)
    assert changed["steps"][2] == {**STAGE["steps"][2], "profile": "stroking-only"}
    assert changed["shares"]["stroking"] > STAGE["shares"]["stroking"]
    assert sum(changed["shares"].values()) == 100


def test_what_a_clinic_sets_otherwise_is_no_longer_from_a_source():
    tonic = ENTRIES["library/conditions/neck-collar:stage/tonic"]
    shorter = with_origins(written_at(tonic, ("minutes", "full"), 14), tonic)
    assert (tonic["provenance"]["minutes"], shorter["provenance"]["minutes"]) == ("sourced", "general")
    assert with_origins(tonic, tonic) == tonic
    assert {key for key in tonic["provenance"] if tonic["provenance"][key] != shorter["provenance"][key]} == {"minutes"}


def test_every_value_of_a_form_is_a_value_of_the_library_and_bounded_by_what_ships():
    assert {value.path for group in GROUPS for value in values_of(group, STAGE)} >= {("pressure_max",), ("minutes", "full"), ("tempo",)}
    for address, stage in TREATED:
        for group in ("dose", "course"):
            for value in values_of(group, stage):
                low, high = bounds(value, read_at(stage, value.path))
                assert low <= read_at(stage, value.path) <= (high if high is not None else 10_000), address
                assert read_at(written_at(stage, value.path, 1), value.path) == 1


def test_a_row_that_ships_stays_and_one_of_our_own_is_taken_back():
    row = {"family": "vibration", "zone": "nape", "side": "both"}
    stricter = with_row(STAGE, "forbid", row)
    assert with_row(stricter, "forbid", row) == stricter
    assert without_row(stricter, "forbid", 0, STAGE) == stricter
    assert without_row(stricter, "forbid", 1, STAGE) == STAGE
    assert without_row(stricter, "forbid", 7, STAGE) == stricter


def test_a_place_that_we_press_less_gets_the_shipped_level_back():
    shipped = with_level(STAGE, "nape", 3)
    ours = with_level(shipped, "nape", 1)
    assert ours["pressure_max_at"] == [{"zone": "nape", "level": 1}]
    assert without_row(ours, "pressure_max_at", 0, shipped) == shipped
    assert without_row(with_level(STAGE, "nape", 1), "pressure_max_at", 0, STAGE) == STAGE


def test_texts_go_into_both_languages_and_an_empty_one_goes_away():
    notes = next(place for place in OF_TREATMENT if place.name == "notes")
    pace = next(place for place in OF_TREATMENT if place.name == "cadence_note")
    assert english_of(with_english(STAGE, notes, "one\n\n two "), notes) == "one\ntwo"
    assert with_english(STAGE, notes, " ") == STAGE
    assert "note" not in with_english(STAGE, pace, "")["cadence"]
    assert with_russian({}, notes, "раз\nдва") == {"notes": ["раз", "два"]}
    assert lines_in("a\n\n b") == ["a", "b"]


def test_a_stage_that_is_not_massaged_keeps_only_its_words():
    shut = barred(STAGE, reason="No.", until="Later.")
    assert (shut["local"], shut["steps"], shut["reason"]) == ("barred", [], "No.")
    assert shut.keys() <= {"code", "name", "local", "basis", "definition", "notes", "advice", "reason", "becomes_allowed_when", "steps"}


def test_a_mix_of_our_own_has_a_code_of_our_own_and_knows_who_works_with_it():
    assert free_code("Very soft", ()) == "own-very-soft"
    assert free_code("Very soft", ("own-very-soft",)) == "own-very-soft-2"
    assert free_code("Очень мягкий", ()) == "own-mix"
    mix = copied(PROFILES["relaxing"], code="own-soft", name="soft")
    assert (mix["provenance"], mix["sources"], mix["shares"]) == ("general", [], PROFILES["relaxing"]["shares"])
    assert kept(mix, "мягкий").keys() == taken_away("own-soft").keys()
    assert users_of("relaxing", {"calming": STAGE}) == ("calming",)
    assert users_of("own-soft", {"calming": STAGE}) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "steps take 14 min, not 15.0",
        "12 min for 1.5 units",
        "step 3 (nape, both): profile hygienic begins above pressure 2",
        "opens with 45 % stroking",
        "does not go from opening to closing",
        "step 2 (nape, both): percussion of toning is barred there",
        "minutes do not rise from first over full to max",
    ],
)
def test_what_a_form_can_bring_about_is_said_in_the_language_of_the_page(sentence: str):
    assert any(pattern.fullmatch(sentence) for pattern, _say in PATTERNS)


def test_every_condition_has_an_example_that_can_be_shown():
    lacking = set(shipped_library().conditions) - {case.condition for case in worked_cases()}
    assert not lacking


@pytest.mark.parametrize(("address", "stage"), TREATED[:12])
def test_a_stage_that_nobody_changed_has_the_shares_it_ships_with(address, stage):
    desk: Any = SimpleNamespace(
        stages={"it": stage}, shipped_stage=lambda _stage: stage, reader=SimpleNamespace(names=shipped_names("en")), profiles=PROFILES
    )
    totals = totals_of(desk, "it")
    assert totals is not None
    assert totals.shares == totals.shipped
