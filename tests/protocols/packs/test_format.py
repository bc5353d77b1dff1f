"""A pack is the same bytes for the same content, and nothing of one is believed whose sums, shape or characters are not right."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content, shipped_digest
from protocols.packs.belonging import subjects_of_entry
from protocols.packs.format import MOST_BYTES, Named, Pack, PackEntry, Source
from protocols.packs.reading import BrokenPack, PackFault, read_pack

ENTRIES = entries_of(shipped_content().parts)
CALMING = "library/conditions/neck-collar:stage/calming"
RULE = "library/contraindications:rule/ca-04"
SHIPPED = Named("2026-11", shipped_digest())


def a_pack(**changes: Any) -> Pack:
    """One stage and one rule, and a mix that is taken away."""
    entries = (
        PackEntry(CALMING, ("conditions/neck-collar",), ENTRIES[CALMING]),
        PackEntry(RULE, ("contraindications",), ENTRIES[RULE]),
        PackEntry("library/profiles:profile/own-gone", ("conditions/neck-collar",), None),
    )
    source = Source("m-94", "A book", "https://example.test/book")
    pack = Pack("Gentler collar", "choice", "Clinic Lindenhof", SHIPPED, SHIPPED, "2027-11-30", (source,), (CALMING,), entries)
    return replace(pack, **changes)


def spoilt(change) -> bytes:
    """The bytes of the pack after this was done to its JSON."""
    raw = json.loads(a_pack().as_bytes())
    change(raw)
    return json.dumps(raw, ensure_ascii=False).encode()


def faults_of(data: bytes) -> dict[str, str]:
    with pytest.raises(BrokenPack) as refused:
        read_pack(data)
    return {fault.place: fault.sentence for fault in refused.value.faults}


def test_a_pack_is_read_back_equal_and_equal_packs_are_equal_bytes():
    data = a_pack().as_bytes()
    assert read_pack(data) == a_pack()
    assert read_pack(data).as_bytes() == data == a_pack().as_bytes()
    assert read_pack(json.dumps(json.loads(data), indent=4).encode()) == a_pack()  # spaces say nothing


def test_the_order_inside_an_entry_is_kept_since_it_is_the_order_of_pages():
    read = read_pack(a_pack().as_bytes()).entries[0]
    assert list(read.content) == list(ENTRIES[CALMING])


def test_an_entry_that_was_changed_is_refused_with_its_place():
    def harder(raw):
        raw["entries"][0]["content"]["pressure_max"] = 4

    assert faults_of(spoilt(harder)) == {"conditions/neck-collar, stage calming": "the sum does not match"}


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.update(clinic="Another"),
        lambda raw: raw["entries"].pop(),
        lambda raw: raw["entries"].reverse(),
        lambda raw: raw["entries"][1].update(subjects=["course-rules"]),
        lambda raw: raw.update(review_by=""),
        lambda raw: raw["changed"].clear(),
        lambda raw: raw["sources"].clear(),
        lambda raw: raw.update(sha256="0" * 64),
    ],
)
def test_whatever_else_of_a_pack_was_changed_the_sum_of_all_does_not_match(change):
    assert "sum of the whole pack" in faults_of(spoilt(change))[""]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"{}", "not a pack"),
        (b"[]", "not a pack"),
        (b"nonsense", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"format":"tactus-pack-2"}', "not a pack"),
        (b'{"format":"tactus-pack-1","format":"tactus-pack-1"}', "stated twice"),
        (b'{"format":"tactus-pack-1","name":NaN}', "not a number"),
        (b'{"format":"tactus-pack-1","name":1e999}', "out of range"),
        (b'{"format":"tactus-pack-1","x":' + b"[" * 40 + b"]" * 40 + b"}", "too deeply"),
        (b"[" * 100_000, "too deeply"),
        (b" " * (MOST_BYTES + 1), "larger than 4 MB"),
    ],
)
def test_what_is_no_pack_is_refused(data: bytes, words: str):
    assert any(words in sentence for sentence in faults_of(data).values())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda raw: raw.pop("base"), "base"),
        (lambda raw: raw.update(more=1), "more"),
        (lambda raw: raw.update(what="everything"), "what"),
        (lambda raw: raw.update(name=""), "name"),
        (lambda raw: raw.update(name="x" * 121), "name"),
        (lambda raw: raw.update(review_by="soon"), "review_by"),
        (lambda raw: raw["base"].update(digest="f"), "base"),
        (lambda raw: raw.update(entries={}), "entries"),
        (lambda raw: raw["entries"].append(raw["entries"][0]), "conditions/neck-collar, stage calming"),
        (lambda raw: raw["entries"][0].update(address="nowhere"), "entries, 1"),
        (lambda raw: raw["entries"][0].pop("content"), "entries, 1, content"),
        (lambda raw: raw["sources"].append({"id": 1}), "sources, 2, title"),
        (lambda raw: raw.update(clinic="Linden\u202ehof"), ""),
        (lambda raw: raw["entries"][0]["content"].update({"n\u200bote": "x"}), ""),
    ],
)
def test_what_does_not_belong_is_refused_with_its_place(change, place: str):
    assert place in faults_of(spoilt(change))


def test_no_random_change_of_a_byte_is_ever_believed():
    """Either the pack is refused, or it says the very same."""
    chance, data = Random("bytes"), a_pack().as_bytes()  # noqa: S311
    for _ in range(400):
        at = chance.randrange(len(data))
        mutated = data[:at] + chance.choice((b"", bytes([chance.randrange(256)]), data[at : at + 1] * 2)) + data[at + 1 :]
        assert all(fault.sentence.isprintable() and fault.place.isprintable() for fault in told(mutated) or ())


def told(data: bytes) -> tuple[PackFault, ...] | None:
    """What is wrong with these bytes; None where they say what the pack says."""
    try:
        read = read_pack(data)
    except BrokenPack as refused:
        return refused.faults
    assert read == a_pack()
    return None


@pytest.mark.parametrize(
    ("address", "subjects"),
    [
        (CALMING, ("conditions/neck-collar",)),
        ("cases/neck-collar:case/collar-pressure-not-measured", ("conditions/neck-collar",)),
        ("ru/cases:cases/collar-pressure-not-measured", ("conditions/neck-collar",)),
        ("ru/conditions:conditions/neck-collar", ("conditions/neck-collar",)),
        (RULE, ("contraindications",)),
        ("rule-cases/age:rule/ag-01", ("contraindications",)),
        ("ru/contraindications:contraindications/em-01", ("contraindications",)),
        ("library/course-rules:review", ("course-rules",)),
        ("library/conditions/neck-collar:inputs/main_complaint", ()),
        ("library/facts:fact/patient.age", ()),
        ("library/profiles:profile/opening", ()),
    ],
)
def test_every_entry_belongs_to_what_a_clinic_may_change_or_to_nothing(address: str, subjects: tuple[str, ...]):
    assert subjects_of_entry(address, ENTRIES) == subjects


def test_a_mix_of_ones_own_belongs_to_the_conditions_that_use_it():
    steps = [{**ENTRIES[CALMING]["steps"][0], "profile": "own-soft"}]
    used = {**ENTRIES, CALMING: {**ENTRIES[CALMING], "steps": steps}}
    assert subjects_of_entry("library/profiles:profile/own-soft", used) == ("conditions/neck-collar",)
    assert subjects_of_entry("library/profiles:profile/own-soft", ENTRIES) == ()
