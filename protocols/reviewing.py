"""The entries of the library that a clinician must look at, in the order of their risk, each with a digest of its content."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Final

from clinic.staff.models import Clinic
from protocols.editions.queries import MOST_HELD, library_in_force
from protocols.grounds import GENERAL, Ground, ground, ground_of_condition, ground_of_rule, ground_of_stage
from protocols.method.entries import Condition, Fact, Rule
from protocols.method.library import Library
from protocols.method.truth import facts_of
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library

KINDS: Final = (
    "rule",
    "stage",
    "condition",
    "document",
    "profile",
    "danger",
    "technique",
    "supplement",
    "point",
    "position",
    "area",
    "sheet",
)


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One entry to look at. ``digest`` is sha256 (hex) of what the entry says, so that a judgement falls with a change."""

    kind: str
    code: str
    ground: Ground
    digest: str
    edition: str

    @property
    def key(self) -> tuple[str, str]:
        """Kind and code."""
        return self.kind, self.code


def shipped_entries() -> Mapping[tuple[str, str], ReviewEntry]:
    """The entries of this release by kind and code, the riskiest first."""
    return entries_of(shipped_library())


@lru_cache(maxsize=MOST_HELD)
def entries_of(library: Library) -> Mapping[tuple[str, str], ReviewEntry]:
    """The entries of a library by kind and code, the riskiest first."""
    return {entry.key: entry for entry in entries_to_review(library)}


def entries_in_force(clinic: Clinic) -> Mapping[tuple[str, str], ReviewEntry]:
    """The entries of the edition that this clinic works with now."""
    return entries_of(library_in_force(clinic))


def entries_to_review(library: Library) -> tuple[ReviewEntry, ...]:
    """Every entry that a clinician must look at, the riskiest first; inside one reason in the order of the library."""
    found = [ReviewEntry(kind, code, why, digest_of_entry(entry), library.edition) for kind, code, why, entry in _flagged(library)]
    return tuple(sorted(found, key=lambda each: each.ground.rank))


def _flagged(library: Library) -> Iterator[tuple[str, str, Ground, object]]:
    yield from (("rule", code, ground_of_rule(rule), _with_questions(rule, library)) for code, rule in library.rules.items())
    yield from _flagged_conditions(library)
    yield from (("document", code, ground("days"), row) for code, row in library.documents.items())
    yield from _flagged_profiles(library)
    yield from _flagged_by_source(library)
    yield from (("position", code, ground("reach"), row) for code, row in library.positions.items())
    norm = ((code, row) for code, row in library.areas.items() if (row.border, row.units_from) != ("sourced", "sourced"))
    yield from (("area", code, ground("norm"), row) for code, row in norm)
    yield from (("sheet", code, ground("norm"), row) for code, row in library.sheets.items() if row.provenance != "sourced")


def _with_questions(rule: Rule, library: Library) -> tuple[Rule, tuple[Fact, ...]]:
    """The rule with what it asks: another question, or another meaning of "don't know", makes it another rule to a clinician."""
    return rule, tuple(library.facts[code] for code in sorted(facts_of(rule.when)))


def _flagged_conditions(library: Library) -> Iterator[tuple[str, str, Ground, object]]:
    for condition in library.conditions.values():
        for stage in condition.stages.values():
            yield "stage", f"{condition.code}/{stage.code}", ground_of_stage(condition, stage), stage
        if (why := ground_of_condition(condition)) is not None:
            yield "condition", condition.code, why, _without_stages(condition)


def _without_stages(condition: Condition) -> Condition:
    """The condition's own words and judgements: each stage is looked at by itself."""
    return replace(condition, stages={})


def _flagged_profiles(library: Library) -> Iterator[tuple[str, str, Ground, object]]:
    """Profiles that no source gives, those that most steps use first."""
    used = uses_of_profiles(library)
    flagged = [row for row in library.profiles.values() if row.provenance != "sourced"]
    for row in sorted(flagged, key=lambda row: -used[row.code]):
        yield "profile", row.code, ground("mix"), row


def uses_of_profiles(library: Library) -> Counter[str]:
    """How many steps of all stages use each profile."""
    stages = (stage for condition in library.conditions.values() for stage in condition.stages.values())
    return Counter(step.profile for stage in stages if stage.treatment for step in stage.treatment.steps)


def _flagged_by_source(library: Library) -> Iterator[tuple[str, str, Ground, object]]:
    """What the hands do and must not, where no page was opened."""
    for kind, why, table in (
        ("danger", "danger", library.dangers),
        ("technique", "hands", library.techniques),
        ("supplement", "hands", library.supplements),
    ):
        rows: Mapping[str, Any] = table
        yield from ((kind, code, ground(why), row) for code, row in rows.items() if GENERAL.issuperset(row.sources))
    yield from (("point", code, ground("hands"), row) for code, row in library.points.items() if row.provenance != "sourced")


# Digests --------------------------------------------------------------------------------------------------------------------
def digest_of_entry(entry: object) -> str:
    """sha256 (hex) of the entry's content. A value that is its field's default does not count: a new kind of value opens nothing anew."""
    text = json.dumps(_plain(entry), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Outcome):
        return value.code
    if is_dataclass(value):
        said = {field.name: _plain(getattr(value, field.name)) for field in fields(value) if getattr(value, field.name) != _default(field)}
        return [type(value).__name__, said]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _default(field: "Field[Any]") -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default
