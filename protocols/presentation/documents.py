"""Doctors' documents: who signs them, what they must state, and what they open."""

from dataclasses import dataclass

from protocols.method.entries import ClearanceDocument
from protocols.presentation.addresses import address
from protocols.presentation.hands import stage_name
from protocols.presentation.reader import LibraryReader

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """A rule that the document answers, and for how many days."""

    title: str
    url: str
    outcome: str
    days: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    code: str
    name: str
    signed_by: str
    must_state: str
    stage_days: int
    rules: tuple[Answered, ...]
    stages: tuple[Link, ...]


def document_view(row: ClearanceDocument, reader: LibraryReader) -> DocumentView:
    """One document in full."""
    name, signed_by, must_state = (reader.names.of("documents", row.code, field) for field in ("name", "signed_by", "must_state"))
    return DocumentView(row.code, name, signed_by, must_state, row.stage_valid_days, _rules(row.code, reader), _stages(row.code, reader))


def _rules(document: str, reader: LibraryReader) -> tuple[Answered, ...]:
    found = [(rule, rule.clearance) for rule in reader.library.rules.values()]
    return tuple(
        Answered(reader.names.of("rules", rule.code, "title"), address("rule", rule.code), rule.outcome.code, terms.valid_days)
        for rule, terms in found
        if terms is not None and terms.document == document
    )


def _stages(document: str, reader: LibraryReader) -> tuple[Link, ...]:
    stages = ((condition, stage) for condition in reader.library.conditions.values() for stage in condition.stages.values())
    codes = [
        f"{condition.code}/{stage.code}" for condition, stage in stages if stage.treatment and stage.treatment.needs_document == document
    ]
    return tuple((stage_name(code, reader), address("stage", code)) for code in codes)
