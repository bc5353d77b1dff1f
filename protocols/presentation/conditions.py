"""Conditions as the library's pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.method.entries import AllInputs, AnyInput, Condition, ConditionInput, HomeSheet, Implied, InputComparison, InputTree
from protocols.presentation.measures import MeasureRow, SheetView, measure_row, sheet_view
from protocols.presentation.reader import LibraryReader, SourceLine, number
from protocols.presentation.stages import StageView, stage_view
from protocols.wording_conditions import GROUPS, group_word


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition as a line of the list: how many of its stages may be massaged, freely or with limits."""

    code: str
    name: str
    icd10: str
    stages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    code: str
    name: str
    conditions: tuple[ConditionRow, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that only this condition asks."""

    question: str
    values: str
    need: str


@dataclass(frozen=True, slots=True)
class ConditionPage:
    code: str
    name: str
    group: str
    icd10: str
    evidence: str
    never: tuple[str, ...]
    refer_first: tuple[str, ...]
    notes: tuple[str, ...]
    asked: tuple[Asked, ...]
    implied: tuple[str, ...]
    side_rules: tuple[str, ...]
    segments: str
    stages: tuple[StageView, ...]
    measures: tuple[MeasureRow, ...]
    sheets: tuple[SheetView, ...]
    sources: tuple[SourceLine, ...]


def condition_groups(conditions: tuple[Condition, ...], reader: LibraryReader) -> tuple[ConditionGroup, ...]:
    """Conditions by group of the body, what is treated most first."""
    groups = [group for group in GROUPS if any(condition.group == group for condition in conditions)]
    return tuple(_group(group, [each for each in conditions if each.group == group], reader) for group in groups)


def _group(group: str, conditions: list[Condition], reader: LibraryReader) -> ConditionGroup:
    return ConditionGroup(group, group_word(group), tuple(_row(condition, reader) for condition in conditions))


def _row(condition: Condition, reader: LibraryReader) -> ConditionRow:
    stages = tuple((reader.names.of("stages", f"{condition.code}/{stage.code}"), stage.local) for stage in condition.stages.values())
    return ConditionRow(condition.code, reader.names.of("conditions", condition.code), ", ".join(condition.icd10), stages)


def condition_page(condition: Condition, reader: LibraryReader) -> ConditionPage:
    """One condition in full."""
    code, names = condition.code, reader.names
    return ConditionPage(
        code=code,
        name=names.of("conditions", code),
        group=group_word(condition.group),
        icd10=", ".join(condition.icd10),
        evidence=names.of("conditions", code, "evidence"),
        never=names.lines("conditions", code, "never"),
        refer_first=names.lines("conditions", code, "refer_first"),
        notes=names.lines("conditions", code, "notes"),
        asked=tuple(_asked(condition, row, reader) for row in condition.inputs),
        implied=tuple(_implied(condition, row, reader) for row in condition.implies),
        side_rules=tuple(names.of("side-rule", code, key) for key in condition.side_rule),
        segments=_segments(condition, reader),
        stages=tuple(stage_view(condition, stage, reader) for stage in condition.stages.values()),
        measures=tuple(measure_row(reader.library.measures[measure], reader) for measure in condition.measures),
        sheets=tuple(sheet_view(sheet, reader) for sheet in sheets_of(condition, reader)),
        sources=reader.sources(condition.sources),
    )


def sheets_of(condition: Condition, reader: LibraryReader) -> Iterator[HomeSheet]:
    """The home sheets of a condition."""
    return (sheet for sheet in reader.library.sheets.values() if condition.code in sheet.conditions)


def _segments(condition: Condition, reader: LibraryReader) -> str:
    if condition.segmental is None:
        return ""
    side, also = (reader.names.of("segmental", condition.code, field) for field in ("side", "also"))
    return "; ".join(part for part in (", ".join(condition.segmental.levels), side, also) if part)


def _asked(condition: Condition, row: ConditionInput, reader: LibraryReader) -> Asked:
    code = f"{condition.code}/{row.code}"
    values = reader.names.lines("inputs", code, "values") if row.values else ()
    unit = reader.names.of("inputs", code, "unit")
    need = _("required") if row.required else _("optional")
    if row.required_when is not None:
        need = _("required when: %(condition)s") % {"condition": input_sentence(condition, row.required_when, reader)}
    return Asked(reader.names.of("inputs", code, "question"), ", ".join(values) or unit, need)


def _implied(condition: Condition, row: Implied, reader: LibraryReader) -> str:
    fact = reader.names.of("facts", row.fact, "question")
    if row.value is not None:
        answer = reader.fact_value(row.fact, row.value)
    elif row.from_input is not None:
        answer = _("as answered to “%(question)s”") % {"question": _input_question(condition, row.from_input, reader)}
    else:
        answer = reader.zone(row.from_role or "")
    text = f"{fact} – {answer}"
    if row.when is None:
        return text
    return _("%(answer)s; only when: %(condition)s") % {"answer": text, "condition": input_sentence(condition, row.when, reader)}


def _input_question(condition: Condition, code: str, reader: LibraryReader) -> str:
    return reader.names.of("inputs", f"{condition.code}/{code}", "question")


def input_sentence(condition: Condition, tree: InputTree, reader: LibraryReader) -> str:
    """A tree over a condition's inputs as one line."""
    if isinstance(tree, InputComparison):
        return _comparison(condition, tree, reader)
    word = _(" and ") if isinstance(tree, AllInputs) else _(" or ")
    branches: tuple[InputTree, ...] = tree.branches if isinstance(tree, AllInputs | AnyInput) else ()
    return word.join(input_sentence(condition, each, reader) for each in branches)


def _comparison(condition: Condition, tree: InputComparison, reader: LibraryReader) -> str:
    values = tree.value if isinstance(tree.value, tuple) else () if tree.value is None else (tree.value,)
    if tree.input is None:
        stages = ", ".join(reader.names.of("stages", f"{condition.code}/{value}") for value in values)
        return _("the stage is %(stages)s") % {"stages": stages}
    said = [_input_value(condition, tree.input, value, reader) for value in values]
    answer = COMPARED.get(tree.op, "{}").format(_(" or ").join(said)) if said else _("something is named")
    return f"“{_input_question(condition, tree.input, reader)}” – {answer}"


COMPARED = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}"}


def _input_value(condition: Condition, code: str, value: object, reader: LibraryReader) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number(value)
    row = next(each for each in condition.inputs if each.code == code)
    return reader.names.value("inputs", f"{condition.code}/{code}", str(value), row.values)
