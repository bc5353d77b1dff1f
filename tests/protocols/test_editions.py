"""An edition is kept for good and found by its content; what it consists of is compared and changed entry by entry."""

import json

import pytest

from protocols.editions.actions import keep_edition
from protocols.editions.addresses import changes_between, entries_of, split, subject_of, with_changes
from protocols.editions.content import EditionContent, library_from, names_from, shipped_content
from protocols.editions.queries import EditionLost, cases_of_edition, content_of, library_of_edition, names_of_edition
from protocols.method.building import LibraryFaults
from protocols.models import Edition, EditionPart
from protocols.shelf import read_tables, shipped_library, shipped_tables

PARTS = shipped_content().parts
COLLAR = "library/conditions/neck-collar:stage/calming"


def gentler() -> EditionContent:
    """The shipped edition, but for the collar zone, which is pressed a level less when it is to calm."""
    return EditionContent("2026-11.1", with_changes(PARTS, {COLLAR: entries_of(PARTS)[COLLAR] | {"pressure_max": 2}}))


@pytest.mark.same_everywhere
def test_the_edition_consists_of_the_very_tables_that_the_library_was_built_of_as_they_lie_in_their_files():
    shipped_library()
    assert all(PARTS[f"library/{stem}"] is table for stem, table in shipped_tables().items())
    assert shipped_tables() == read_tables()


@pytest.mark.django_db
def test_the_edition_of_the_release_is_kept_after_every_migration_and_is_kept_once():
    assert Edition.objects.get().pk == shipped_content().digest
    before = EditionPart.objects.count()
    keep_edition(shipped_content())
    assert (Edition.objects.count(), EditionPart.objects.count()) == (1, before)


@pytest.mark.django_db
def test_another_edition_shares_all_parts_that_it_does_not_change_and_reads_back_letter_by_letter():
    before = EditionPart.objects.count()
    digest = keep_edition(gentler())
    assert EditionPart.objects.count() == before + 1
    read = content_of(digest)
    assert (read.digest, dict(read.texts)) == (gentler().digest, dict(gentler().texts))
    assert library_of_edition(digest).conditions["neck-collar"].stages["calming"].treatment.pressure_max == 2  # type: ignore[union-attr]
    assert library_of_edition(digest).digest == gentler().library_digest
    assert names_of_edition(digest, "ru").of("conditions", "neck-collar")
    assert len(cases_of_edition(digest)) > 100


@pytest.mark.django_db
def test_an_edition_whose_content_was_not_kept_says_so_and_is_never_guessed():
    Edition.objects.create(pk="0" * 64, name="2025-01", library_digest="1" * 64)
    for digest in ("0" * 64, "2" * 64):
        with pytest.raises(EditionLost):
            content_of(digest)


def test_what_was_read_from_the_kept_text_is_the_library_of_the_release_again():
    parts = {name: json.loads(text) for name, text in shipped_content().texts.items()}
    again = EditionContent(shipped_content().name, parts)
    assert again.digest == shipped_content().digest
    assert library_from(again).digest == shipped_library().digest
    assert [*library_from(again).conditions] == [*shipped_library().conditions]
    assert names_from(again, library_from(again), "ru").texts == names_from(shipped_content(), shipped_library(), "ru").texts


def test_every_letter_counts_in_the_name_of_an_edition():
    assert gentler().digest != shipped_content().digest
    assert EditionContent("another", PARTS).digest != shipped_content().digest


def test_an_edition_is_its_entries_and_changing_nothing_changes_nothing():
    entries = entries_of(PARTS)
    assert with_changes(PARTS, {}) == PARTS
    assert with_changes(PARTS, entries) == PARTS
    assert {split(address)[0] for address in entries} == set(PARTS)


def test_changes_lead_from_one_edition_to_the_other_and_back():
    changed = with_changes(PARTS, {
        COLLAR: None,
        "library/profiles:profile/own-soft": {"code": "own-soft"},
        "library/course-rules:review": {"session": 5},
        "ru/profiles:profiles/own-soft": {"name": "мягкая"},
        "cases/neck-collar:case/new": {"code": "new"},
    })  # fmt: skip
    there = changes_between(PARTS, changed)
    assert with_changes(PARTS, there) == changed
    back = with_changes(changed, changes_between(changed, PARTS))
    assert entries_of(back) == entries_of(PARTS)
    assert changes_between(PARTS, PARTS) == {}


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        (COLLAR, "conditions/neck-collar"),
        ("cases/neck-collar:case/x", "conditions/neck-collar"),
        ("ru/conditions:conditions/neck-collar", "conditions/neck-collar"),
        ("library/contraindications:rule/em-01", "contraindications"),
        ("ru/rule-cases/age:rule-cases/ag-01", "contraindications"),
        ("rule-cases/age:rule/ag-01", "contraindications"),
        ("library/course-rules:review", "course-rules"),
        ("ru/course-rules:course-rules/review", "course-rules"),
        ("library/profiles:profile/own-soft", "profiles"),
    ],
)
def test_every_entry_belongs_to_one_subject(address: str, subject: str):
    assert subject_of(address) == subject


@pytest.mark.parametrize("address", ["", "library/profiles", ":x", "library/profiles:"])
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(ValueError, match="no address"):
        split(address)


def test_an_edition_that_is_not_sound_is_refused_with_its_place():
    broken = EditionContent("x", with_changes(PARTS, {COLLAR: entries_of(PARTS)[COLLAR] | {"pressure_max": 9}}))
    with pytest.raises(LibraryFaults) as refused:
        library_from(broken)
    assert any("neck-collar" in fault for fault in refused.value.faults)
