"""Plans of an edition come out the same to the last byte for good: from the kept edition alone, whatever is shipped or published later."""

from collections import Counter
from functools import cache
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from protocols import golden, proving_editions
from protocols.editions import content as content_module
from protocols.editions import queries
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of
from protocols.editions.content import EditionContent, library_from
from protocols.editions.queries import content_of, edition_in_force, library_in_force, library_of_edition
from protocols.golden import Corpus, bytes_of, differences, read_corpus, stems, write_corpus
from protocols.method.storage import canonical_bytes
from protocols.models import Edition, EditionPart
from protocols.proving_editions import random_edition
from tests.factories import a_clinic

SLICES = 8
FIRST = "2026-11-f632e2ec"


@cache
def corpus_of(stem: str) -> Corpus:
    return read_corpus(stem)


@cache
def library_of_corpus(stem: str):
    return library_from(corpus_of(stem).content)


@cache
def later_editions() -> tuple[EditionContent, ...]:
    content = corpus_of(FIRST).content
    return tuple(random_edition(number, content) for number in range(2))


def forget_what_was_read():
    queries._read.cache_clear()
    queries._library.cache_clear()


@pytest.fixture
def moved_on(db, monkeypatch):
    """A clinic years later: the release ships another library, and the clinic has published editions of its own since."""
    corpus = corpus_of(FIRST)
    # No file of the later release is as it was, so that every text has to come from the database.
    later = EditionContent("2031-02", {name: {**part, "since": "2031-02"} for name, part in corpus.content.parts.items()})
    monkeypatch.setattr(content_module, "shipped_content", lambda: later)
    monkeypatch.setattr(content_module, "shipped_library", lambda: pytest.fail("the shipped library was read"))
    monkeypatch.setattr(queries, "shipped_content", lambda: later)
    monkeypatch.setattr(queries, "shipped_library", lambda: pytest.fail("the shipped library was read"))
    keep_edition(corpus.content)
    clinic = a_clinic()
    for other in later_editions():
        clinic.edition_digest = keep_edition(other)
        clinic.save()
    forget_what_was_read()
    yield clinic
    forget_what_was_read()


def test_the_kept_edition_is_read_from_the_database_while_the_clinic_works_with_another(moved_on):
    kept = corpus_of(FIRST)
    digest = kept.content.digest
    assert edition_in_force(moved_on) != digest
    assert dict(content_of(digest).texts) == dict(kept.content.texts)
    assert library_of_edition(digest).digest == kept.content.library_digest != library_in_force(moved_on).digest


@pytest.mark.same_everywhere  # that the tables give the texts back letter by letter is asked above, on every database
@pytest.mark.parametrize("part", range(SLICES))
def test_every_plan_is_rebuilt_from_the_kept_edition_byte_for_byte_after_others_were_published(moved_on, monkeypatch, part):
    corpus = corpus_of(FIRST)
    read = content_of(corpus.content.digest)
    assert dict(read.texts) == dict(corpus.content.texts)
    # The tables are the same text, so one library serves all parts of this test.
    monkeypatch.setattr(queries, "library_from", lambda content: library_of_corpus(FIRST) if content is read else library_from(content))
    library = library_of_edition(corpus.content.digest)
    assert [*differences(corpus, library, every=SLICES, first=part)] == []


@pytest.mark.parametrize("stem", stems())
def test_the_plans_of_every_corpus_are_those_of_its_list_and_some_are_planned_anew(stem: str):
    corpus = corpus_of(stem)
    assert [*differences(corpus, library_of_corpus(stem), every=29)] == []


def test_the_corpus_goes_over_every_stage_and_every_kind_of_input():
    cases = corpus_of(FIRST).cases
    library = library_of_corpus(FIRST)
    assert len(cases) >= 400
    stages = {(condition.code, stage) for condition in library.conditions.values() for stage in condition.stages}
    assert {(case.stated["condition"], case.stated["stage"]) for case in cases} == stages
    said = Counter(key for case in cases for key, value in case.stated.items() if value)
    assert min(said[key] for key in ("facts", "clearances", "records", "bars", "supplements", "missed_days")) >= 10
    assert sum(bool(case.edits) for case in cases) >= 40
    assert sum(case.decided is not None for case in cases) >= 10
    assert sum(case.what == "course" for case in cases) >= 60
    at = Counter("first" if one["number"] == 1 else "last" if one["number"] == one["of"] else "middle" for one in sessions_of(cases))
    assert min(at.values()) >= 30


def sessions_of(cases):
    return [case.stated["session"] for case in cases if case.what == "session"]


def test_a_plan_that_comes_out_otherwise_is_told_with_its_case_and_place():
    corpus = corpus_of(FIRST)
    case, plan = next((case, plan) for case, plan in zip(corpus.cases, corpus.plans, strict=True) if b'"rows":[{' in plan)
    other = Corpus(corpus.content, (case,), (plan.replace(b'"pressure":2', b'"pressure":3', 1),))
    told = [*differences(other, library_of_corpus(FIRST))]
    assert len(told) == 1
    assert told[0].startswith(f"{case.code}: other from byte ")
    gone = Corpus(corpus.content, (type(case)("gone", "session", {**case.stated, "condition": "gone"}),), (plan,))
    assert "not planned any more: Faults" in next(differences(gone, library_of_corpus(FIRST)))


def test_the_same_corpus_gives_the_same_files_and_a_changed_file_is_refused(tmp_path):
    whole = corpus_of(FIRST)
    small = Corpus(EditionContent("small", {"library/x": {"a": 1}}), whole.cases[:3], whole.plans[:3])
    for folder in ("one", "two"):
        write_corpus(small, tmp_path / folder)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 4
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)
    read = read_corpus(small.stem, tmp_path / "one")
    assert (read.content.digest, read.cases, read.plans) == (small.content.digest, small.cases, small.plans)
    listed = tmp_path / "one" / f"{small.stem}.digests"
    listed.write_text(listed.read_text().replace("a", "b", 1))
    with pytest.raises(ValueError, match="not those of the list"):
        read_corpus(small.stem, tmp_path / "one")


def test_what_is_rebuilt_reads_no_file_of_the_library(monkeypatch):
    monkeypatch.setattr("protocols.shelf.tomllib.loads", lambda _text: pytest.fail("a file of the library was read"))
    corpus = corpus_of(FIRST)
    assert bytes_of(corpus.cases[0], library_of_corpus(FIRST)) == corpus.plans[0]


def test_a_random_edition_is_another_one_that_still_reads():
    content = corpus_of(FIRST).content
    other = random_edition(1, content)
    assert other.digest != content.digest
    assert entries_of(other.parts) != entries_of(content.parts)


# verify editions ------------------------------------------------------------------------------------------------------------
def verify_editions(*options: str) -> tuple[str, int]:
    """What the command writes, and its exit code."""
    told = StringIO()
    try:
        call_command("verify", "editions", *options, stdout=told)
    except SystemExit as end:
        return told.getvalue(), int(str(end.code))
    return told.getvalue(), 0


@pytest.mark.django_db
def test_the_proof_counts_what_it_made_and_leaves_the_database_as_it_was():
    before = Edition.objects.count(), EditionPart.objects.count()
    told, code = verify_editions("--editions=1", "--plans=3", "--every=101", "--variants=0")
    assert code == 0, told
    assert "Control: 3 of 3 things that were spoilt on purpose were reported." in told
    assert "5 of 5 plans the same to the last byte" in told
    assert "Random editions: 1 kept and read back, 3 plans made with both (seed 1). Violations: 0." in told
    assert "read back under their digests" in told
    assert (Edition.objects.count(), EditionPart.objects.count()) == before


@pytest.mark.django_db
def test_a_method_that_plans_otherwise_is_reported_with_the_cases(monkeypatch):
    monkeypatch.setattr(golden, "canonical_bytes", lambda plan: canonical_bytes(plan) + b" ")
    monkeypatch.setattr(proving_editions, "proved_random", lambda *_: True)
    told, code = verify_editions("--every=101", "--variants=0")
    assert code == 1
    assert "0 of 5 plans the same" in told
    assert "It does NOT hold." in told


@pytest.mark.django_db
def test_without_a_corpus_nothing_is_proved(tmp_path):
    assert verify_editions(f"--corpus={tmp_path}") == (f"There is no golden corpus in {tmp_path}.\n", 1)


def test_the_command_makes_no_corpus_twice_unasked_and_checks_what_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("protocols.management.commands.golden.golden_cases", lambda _library: corpus_of(FIRST).cases[:3])
    told = StringIO()
    call_command("golden", "make", f"--folder={tmp_path}", stdout=told)
    assert ": 3 cases, " in told.getvalue()
    with pytest.raises(CommandError, match="kept already"):
        call_command("golden", "make", f"--folder={tmp_path}", stdout=told)
    call_command("golden", "check", f"--folder={tmp_path}", stdout=told)
    assert "3 of 3 plans are the same to the last byte." in told.getvalue()
