"""The rules of a course are set stricter and never milder; what hangs together stays together, and the words name the new numbers."""

import pytest

from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, library_from, names_from, shipped_content
from protocols.rulebook.changing import NotStricter
from protocols.rulebook.changing_course import CourseTexts, renumbered, value_of, with_values
from protocols.rulebook.course_numbers import sections
from protocols.rulebook.course_page import drawing, entries, share_of
from protocols.rulebook.reading import COURSE, COURSE_RU
from protocols.shelf import shipped_library, shipped_names
from protocols.variants.strictness import loosened

PARTS = shipped_content().parts
ALL = entries_of(PARTS)
SHIPPED = entries(ALL)
NOW = CourseTexts(SHIPPED, ALL[COURSE_RU])
LIBRARY = shipped_library()
SECTIONS = {section.code: section for section in sections(SHIPPED, LIBRARY.facts, shipped_names("en"))}
SLOTS = {slot.name: slot for section in SECTIONS.values() for slot in section.slots}


def made(texts: CourseTexts) -> EditionContent:
    changes = {f"{COURSE}{key}": entry for key, entry in texts.entries.items()} | {COURSE_RU: dict(texts.russian)}
    return EditionContent("2026-11.own", with_changes(PARTS, changes))


def strictest(slot):
    if slot.options:
        return slot.options[0]
    return slot.low if slot.high == slot.shipped else slot.high


def test_saying_every_shipped_number_again_changes_nothing():
    again = with_values(NOW, SHIPPED, {slot: value_of(SHIPPED, slot) for slot in SLOTS.values()})
    assert again == NOW
    assert drawing(LIBRARY.course, LIBRARY.course).review_after == 6


def test_every_number_at_its_strictest_is_sound_in_both_languages_and_loosens_nothing():
    values = {slot: strictest(slot) for slot in SLOTS.values() if slot.entry not in ("ladder", "gap")}
    assert len(values) > 50
    content = made(with_values(NOW, SHIPPED, values))
    library = library_from(content)
    assert names_from(content, library, "ru").language == "ru"
    assert loosened(LIBRARY, library) == ()


def test_every_number_is_refused_when_it_is_milder_than_shipped():
    for slot in (slot for slot in SLOTS.values() if not slot.options):
        step = 1 if slot.is_whole else 0.01
        with pytest.raises(NotStricter):
            with_values(NOW, SHIPPED, {slot: slot.high + step if slot.high == slot.shipped else slot.low - step})
    with pytest.raises(NotStricter):
        with_values(NOW, SHIPPED, {SLOTS["age_factor.0.percussion"]: "profile"})


def test_the_build_up_is_the_ladder_and_no_step_of_it_grows_wider():
    gentler = {SLOTS["ladder.0"]: 0.4, SLOTS["ladder.1"]: 0.6}
    texts = with_values(NOW, SHIPPED, gentler)
    assert texts.entries["phase/build-up"]["minutes_factor"] == [0.4, 0.6, 0.8]
    library = library_from(made(texts))
    assert loosened(LIBRARY, library) == ()
    assert [share_of(library.course, number) for number in (1, 2, 3, 10)] == [40, 60, 100, 80]
    for wrong in ({SLOTS["ladder.2"]: 0.7}, {SLOTS["ladder.0"]: 0.3}, {SLOTS["ladder.1"]: 0.6}):
        with pytest.raises(NotStricter):
            with_values(NOW, SHIPPED, wrong)


def test_gaps_meet_each_other_and_may_only_end_sooner():
    texts = with_values(NOW, SHIPPED, {SLOTS["gap.0.missed_days_max"]: 1, SLOTS["gap.1.missed_days_max"]: 3, SLOTS["gap.2.rungs"]: 2})
    assert [(row["missed_days_min"], row["missed_days_max"]) for row in texts.entries["gap"]] == [(0, 1), (2, 3), (4, 14), (15, 9999)]
    assert loosened(LIBRARY, library_from(made(texts))) == ()
    with pytest.raises(NotStricter):
        with_values(NOW, SHIPPED, {SLOTS["gap.1.missed_days_max"]: 3})


def test_words_name_the_new_number_in_both_languages():
    texts = with_values(NOW, SHIPPED, {SLOTS["review.session"]: 4, SLOTS["review.share"]: 0.5, SLOTS["suspend-pressure-after.value"]: 15})
    assert "session 4 and ceil(0.5 x N)" in texts.entries["review"]["text"]
    assert "4-м сеансе" in texts.russian["review"]["text"]
    assert "0,5" in texts.russian["review"]["text"]
    assert "15 mm Hg" in texts.entries["suspend/pressure-after"]["text"]
    assert "на 15 мм" in texts.russian["suspend"][2]
    assert renumbered("up by 2 that settles in 1-2 min", 2, 1) == "up by 1 that settles in 1-2 min"


def test_a_stricter_reading_adds_its_sign_and_keeps_those_of_the_release_and_goes_with_it():
    slot = next(slot for slot in SECTIONS["stops"].slots if slot.entry == "stop_threshold" and slot.shipped == 110)
    texts = with_values(NOW, SHIPPED, {slot: 100})
    signs, shipped = texts.entries["stop_set/cardiovascular"]["stop"], SHIPPED["stop_set/cardiovascular"]["stop"]
    assert signs[: len(shipped)] == shipped
    assert signs[len(shipped) :] == ["pulse over 100 or newly irregular"]
    assert len(texts.russian["stop-sets"]["cardiovascular"]["stop"]) == len(signs)
    assert loosened(LIBRARY, library_from(made(texts))) == ()
    assert with_values(texts, SHIPPED, {slot: 110}) == NOW
