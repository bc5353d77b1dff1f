"""The whole page, chapter by chapter."""

from collections import Counter
from dataclasses import fields

from protocols.cases import EXPECTATIONS, MEANINGS, worked_cases
from protocols.handbook.conditions import conditions_chapter
from protocols.handbook.markdown import listed, page_of, table
from protocols.handbook.rules import rules_chapter
from protocols.method.library import Library
from protocols.method.texts import library_texts
from protocols.shelf import shipped_names

PROVENANCE = ("sourced", "derived", "general")


def library_page(library: Library) -> str:
    """The page in Markdown, the same for the same library and worked cases."""
    before = (_head(library), _counts(library), _provenance(library), conditions_chapter(library))
    after = (_profiles(library), rules_chapter(library), _areas(library), _cases(), _sources(library))
    return page_of(*(chapter.rstrip("\n") for chapter in (*before, *after)))


def _head(library: Library) -> str:
    return page_of(
        "# Library",
        "Made by `manage.py document_library` from `protocols/library`; a test keeps it current. Do not edit it by hand.",
        f"Edition {library.edition}, content sha256 `{library.digest}`.",
        "**Draft.** A doctor must sign every protocol and the rule set before clinical use. "
        "`sourced` = read in a source; `derived` = worked out inside the limits of sources by a stated rule; "
        "`general` = general professional knowledge, no page opened.",
    )


def _counts(library: Library) -> str:
    stages = [stage for condition in library.conditions.values() for stage in condition.stages.values()]
    treatments = [stage.treatment for stage in stages if stage.treatment is not None]
    texts = [word for text in library_texts(library) for word in ((text.words,) if isinstance(text.words, str) else text.words) if word]
    counted = {
        "conditions": len(library.conditions),
        "stages": len(stages),
        "of them barred": len(stages) - len(treatments),
        "steps": sum(len(treatment.steps) for treatment in treatments),
        "rules": len(library.rules),
        "facts": len(library.facts),
        "documents": len(library.documents),
        "zones": len(library.zones),
        "techniques": len(library.techniques),
        "profiles": len(library.profiles),
        "supplements and points": len(library.supplements) + len(library.points),
        "measures": len(library.measures),
        "home sheets": len(library.sheets),
        "sources": len(library.sources),
        "texts in each language": len(texts),
    }
    return page_of("## What there is", table(("what", "count"), counted.items()))


def _provenance(library: Library) -> str:
    """How many stages have each value sourced, derived or general."""
    stages = [stage for condition in library.conditions.values() for stage in condition.stages.values()]
    found = [stage.treatment.provenance for stage in stages if stage.treatment is not None]
    rows: list[tuple[object, ...]] = []
    if found:
        for item in fields(found[0]):
            count = Counter(getattr(row, item.name) for row in found)
            rows.append((item.name, *(count[word] for word in PROVENANCE)))
    for name, words in (
        ("profiles of techniques", [row.provenance for row in library.profiles.values()]),
        ("borders of procedure areas", [row.border for row in library.areas.values()]),
        ("units of procedure areas", [row.units_from for row in library.areas.values()]),
        ("points", [row.provenance for row in library.points.values()]),
        ("home sheets", [row.provenance for row in library.sheets.values()]),
    ):
        count = Counter(words)
        rows.append((name, *(count[word] for word in PROVENANCE)))
    return page_of(
        "## Where the values come from",
        "Stages that may be massaged, value by value, and the other tables:",
        table(("value", *PROVENANCE), rows),
    )


def _profiles(library: Library) -> str:
    head = ("profile", "shares in percent", "pressure", "tempo", "provenance", "basis", "sources")
    rows = (
        (
            f"`{code}` {row.name}",
            listed(f"{family} {share}" for family, share in row.shares.items()),
            f"{row.pressure[0]}-{row.pressure[1]}",
            row.tempo,
            row.provenance,
            row.basis or "-",
            listed(row.sources),
        )
        for code, row in library.profiles.items()
    )
    return page_of("## Profiles", table(head, rows))


def _areas(library: Library) -> str:
    head = ("area", "zones", "units (provenance)", "border", "sources")
    rows = (
        (f"`{code}` {row.name}", listed(row.zones), f"{row.units:g} ({row.units_from})", row.border, listed(row.sources))
        for code, row in library.areas.items()
    )
    return page_of("## Procedure areas", table(head, rows))


def _cases() -> str:
    russian = shipped_names("ru")
    rows = ((f"`{case.condition}`", f"`{case.code}`", case.says, russian.of("cases", case.code, "says")) for case in worked_cases())
    return page_of(
        "## Worked cases",
        f"{len(worked_cases())} cases, every stage among them, and for each condition a refusal and a restriction. "
        "Each is a file entry in `protocols/library/cases` that a doctor can read and sign; the tests run them.",
        table(("condition", "case", "what it says", "in Russian"), rows),
        "What a case may expect, so that its sentence can be checked:",
        table(("word of `expect`", "what it means"), ((f"`{word}`", MEANINGS[word]) for word in EXPECTATIONS)),
    )


def _sources(library: Library) -> str:
    rows = ((f"`{code}`", row.title, row.address or "-") for code, row in library.sources.items())
    return page_of("## Sources", table(("id", "title", "address"), rows))
