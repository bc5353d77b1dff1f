"""``manage.py verify editions``: what was planned with an edition comes out the same for good.

Four parts. The golden corpus is planned anew, to the last byte. Random editions, each a little stricter than the one before, are kept
in the database and read back, and plans come out the same from what was kept; each is taken out again at once, so the database stays as
it was. Every edition that is kept there is read and its digest counted again. And random changes of the library that could be published
are held against the release, as ``protocols.proving_variants`` says. Before anything is counted the proof proves itself: a plan, a
library and a text that were spoilt on purpose have to be reported.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final

from django.db import DatabaseError, transaction

from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, library_from
from protocols.editions.queries import EditionLost, content_of
from protocols.golden import FOLDER, Corpus, GoldenCase, bytes_of, differences, read_corpus, stems
from protocols.method.answers import Faults
from protocols.method.building import LibraryFaults
from protocols.method.library import Library
from protocols.models import Edition, EditionPart
from protocols.proving_variants import Wish, prove_variants

HELP = "plans of kept editions come out the same to the last byte: the golden corpus, and random editions kept and read back"
REDUCED: Final[Mapping[str, Any]] = {"editions": 1, "plans": 5, "every": 50, "variants": 2}
SHOWN: Final = 20
MOST_CHANGES: Final = 4
TRIES: Final = 40
RULES: Final = "library/contraindications"
AGES: Final = "library/course-rules:age_factor"
OUTCOMES: Final = ("caution", "modify", "doctor", "defer")

Write = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify editions``."""
    parser.add_argument("--editions", type=int, default=30, help="random editions that are kept and read back (default 30)")
    parser.add_argument("--plans", type=int, default=40, help="plans made with each of them, twice (default 40)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th case of the golden corpus")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variants", type=int, default=100, help="random changes of the library (default 100; 0: none)")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="folder of the golden corpus (default: tests/golden)")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    corpora = [read_corpus(stem, options["corpus"]) for stem in stems(options["corpus"])]
    if not corpora:
        write(f"There is no golden corpus in {options['corpus']}.")
        return False
    try:
        holds = [
            proved_controls(corpora[-1], write),
            proved_corpora(corpora, max(1, options["every"]), write),
            proved_random(corpora[-1], options, write),
            proved_kept(write),
            proved_variants(options, write),
        ]
    except DatabaseError as wrong:
        write(f"The database cannot be used: {wrong}. It has to be there with its tables (manage.py migrate).")
        return False
    write("All of it holds." if all(holds) else "It does NOT hold.")
    return all(holds)


# The golden corpus --------------------------------------------------------------------------------------------------------------
def proved_corpora(corpora: list[Corpus], every: int, write: Write) -> bool:
    """Every case of every corpus, or every so many-th, planned anew from its own edition."""
    found: list[str] = []
    for corpus in corpora:
        began, cases = monotonic(), len(corpus.cases[::every])
        other = list(differences(corpus, library_from(corpus.content), every=every))
        found += other
        write(
            f"Golden corpus {corpus.stem}: {cases - len(other)} of {cases} plans the same to the last byte ({monotonic() - began:.0f} s)."
        )
    return _told(found, write)


# Random editions ----------------------------------------------------------------------------------------------------------------
def proved_random(corpus: Corpus, options: Mapping[str, Any], write: Write) -> bool:
    """Each random edition is kept and read back; plans from what was kept are those from what was made."""
    began, plans, found, content = monotonic(), 0, list[str](), corpus.content
    for number in range(options["editions"]):
        content, library = drawn_edition(f"{options['seed']}/{number}", content, name=f"{corpus.content.name}.{number + 1}")
        cases = Random(f"{options['seed']}/{number}").sample(corpus.cases, min(options["plans"], len(corpus.cases)))  # noqa: S311
        found += [f"edition {number + 1}: {line}" for line in _kept_and_read(content, library, cases)]
        plans += len(cases)
    write(
        f"Random editions: {options['editions']} kept and read back, {plans} plans made with both (seed {options['seed']}). "
        f"Violations: {len(found)}. Seconds: {monotonic() - began:.0f}."
    )
    return _told(found, write)


def _kept_and_read(content: EditionContent, made: Library, cases: Sequence[GoldenCase]) -> Iterator[str]:
    """Keeps an edition, reads it back, and takes it out again; then plans these cases with what was made and with what was kept."""
    with transaction.atomic():
        digest = keep_edition(content)
        read, raw = content_of(digest), read_anew(digest)
        transaction.set_rollback(True)
    if not dict(read.texts) == dict(raw.texts) == dict(content.texts) or read.digest != digest:
        yield "it was not read back letter by letter"
        return
    kept = library_from(raw)
    for case in cases:
        if _planned(case, made) != _planned(case, kept):
            yield f"{case.code}: the plan of the kept edition is another one"


def _planned(case: GoldenCase, library: Library) -> bytes:
    """The bytes of one case; where a stricter edition has no such stage, step or edit any more, what it says about it."""
    try:
        return bytes_of(case, library)
    except (Faults, ValueError) as refused:
        return f"{type(refused).__name__}: {refused}".encode()


def random_edition(seed: object, content: EditionContent) -> EditionContent:
    """An edition that is sound and a little stricter than this one in one to four places, or says something in other words."""
    return drawn_edition(seed, content, name=f"{content.name}.{seed}")[0]


def drawn_edition(seed: object, content: EditionContent, *, name: str) -> tuple[EditionContent, Library]:
    """Such an edition with its library. Raises ``LookupError`` when none of many tries is sound."""
    chance = Random(f"edition/{seed}")  # noqa: S311  (a proof has to come out the same again)
    for _ in range(TRIES):
        entries = entries_of(content.parts)
        changes: dict[str, Any] = {}
        for _ in range(chance.randint(1, MOST_CHANGES)):
            changes |= chance.choice(KINDS)(chance, entries)
        made = EditionContent(name, with_changes(content.parts, changes))
        try:
            return made, library_from(made)
        except LibraryFaults:
            continue
    raise LookupError(f"no sound edition was drawn from {content.name}")


def _lighter(chance: Random, entries: Mapping[str, Any]) -> dict[str, Any]:
    """A stage is worked a level lighter."""
    address = chance.choice([key for key, row in entries.items() if ":stage/" in key and row.get("pressure_max", 1) > 1])
    return {address: entries[address] | {"pressure_max": entries[address]["pressure_max"] - 1}}


def _without_family(chance: Random, entries: Mapping[str, Any]) -> dict[str, Any]:
    """A stage does without a family of techniques."""
    address = chance.choice([key for key, row in entries.items() if ":stage/" in key and "steps" in row])
    row = entries[address]
    added = {"family": chance.choice(("percussion", "vibration")), "zone": "all", "side": "both"}
    return {address: row | {"forbid": [*row.get("forbid", []), added]}}


def _graver(chance: Random, entries: Mapping[str, Any]) -> dict[str, Any]:
    """A rule has a graver outcome."""
    rules = [key for key, row in entries.items() if key.startswith(f"{RULES}:rule/") and row["outcome"] in OUTCOMES[:-1]]
    address = chance.choice(rules)
    outcome = OUTCOMES[OUTCOMES.index(entries[address]["outcome"]) + 1]
    return {address: entries[address] | {"outcome": outcome}}


def _other_words(chance: Random, entries: Mapping[str, Any]) -> dict[str, Any]:
    """A rule is explained in other words."""
    address = chance.choice([key for key in entries if key.startswith(f"{RULES}:rule/")])
    return {address: entries[address] | {"explanation": f"{entries[address]['explanation']} Said anew, {chance.randrange(10**6)}."}}


KINDS: Final = (_lighter, _lighter, _without_family, _graver, _other_words)


def proved_variants(options: Mapping[str, Any], write: Write) -> bool:
    """That what may be published of random changes is never less safe than the release; 0 of them prove nothing."""
    if not options["variants"]:
        return True
    return prove_variants(Wish(options["variants"], options["plans"], options["seed"]), write)


# What this database keeps -------------------------------------------------------------------------------------------------------
def proved_kept(write: Write) -> bool:
    """Every edition of this database reads back under its digest; of those that only a name was kept of, it says how many."""
    found, named = list[str](), 0
    rows = list(Edition.objects.all())
    for row in rows:
        if not row.parts:
            named += 1
            continue
        try:
            read_anew(row.pk)
        except (EditionLost, KeyError, json.JSONDecodeError) as wrong:
            found.append(f"edition {row.name} ({row.pk[:16]}): {type(wrong).__name__} {wrong}")
    write(f"Editions of this database: {len(rows) - named} read back under their digests, of {named} only the name was kept.")
    return _told(found, write)


def read_anew(digest: str) -> EditionContent:
    """An edition from its rows alone, whatever is in memory. Raises ``EditionLost`` where they are not what was named so."""
    row = Edition.objects.get(pk=digest)
    texts = dict(EditionPart.objects.filter(pk__in=row.parts.values()).values_list("pk", "text"))
    content = EditionContent(row.name, {name: json.loads(texts[part]) for name, part in row.parts.items()})
    if content.digest != digest:
        raise EditionLost(digest)
    return content


# Control ------------------------------------------------------------------------------------------------------------------------
def proved_controls(corpus: Corpus, write: Write) -> bool:
    """Whether what was spoilt on purpose is reported."""
    spoilt = {"another plan": _sees_another_plan, "another library": _sees_another_library, "a text that was changed": _sees_another_text}
    missed = [name for name, sees in spoilt.items() if not sees(corpus)]
    write(f"Control: {len(spoilt) - len(missed)} of {len(spoilt)} things that were spoilt on purpose were reported.")
    return _told([f"not noticed: {name}" for name in missed], write)


def _of_one(corpus: Corpus) -> Corpus:
    """The corpus of one case that has steps."""
    at = next(at for at, plan in enumerate(corpus.plans) if b'"rows":[{' in plan)
    return replace(corpus, cases=corpus.cases[at : at + 1], plans=corpus.plans[at : at + 1])


def _sees_another_plan(corpus: Corpus) -> bool:
    one = _of_one(corpus)
    spoilt = replace(one, plans=(one.plans[0].replace(b'"seconds":', b'"seconds":1', 1),))
    return bool([*differences(spoilt, library_from(corpus.content))])


def _sees_another_library(corpus: Corpus) -> bool:
    """Tables in which everybody is massaged for a tenth less."""
    one = _of_one(corpus)
    rows = [row | {"minutes_factor": row["minutes_factor"] * 0.9} for row in entries_of(corpus.content.parts)[AGES]]
    library = library_from(EditionContent(corpus.content.name, with_changes(corpus.content.parts, {AGES: rows})))
    same_name = replace(library, digest=corpus.content.library_digest)  # plans carry it, and would differ by it alone
    return bool([*differences(one, same_name)])


def _sees_another_text(corpus: Corpus) -> bool:
    """A kept edition with one letter changed in one of its texts, as somebody could who may write into the tables."""
    content = EditionContent("control", corpus.content.parts)
    spoilt = content.texts[RULES].replace("a", "e", 1)
    with transaction.atomic():
        keep_edition(corpus.content)
        part = EditionPart.objects.create(pk="f" * 64, text=spoilt)
        parts = {**content.part_digests, RULES: part.pk}
        Edition.objects.create(pk=content.digest, name=content.name, library_digest=content.library_digest, parts=parts)
        try:
            content_of(content.digest)
        except EditionLost:
            return _refused(content.digest)
        finally:
            transaction.set_rollback(True)
    return False


def _refused(digest: str) -> bool:
    """Whether the proof's own reading refuses it too."""
    try:
        read_anew(digest)
    except EditionLost:
        return True
    return False


def _told(found: list[str], write: Write) -> bool:
    for line in found[:SHOWN]:
        write(line)
    return not found
