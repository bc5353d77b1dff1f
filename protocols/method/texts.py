"""Every text of the library that a person reads, with its address in the translation files. The English is the library itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from protocols.method.entries import Condition, Effect, Stage

if TYPE_CHECKING:
    from protocols.method.library import Library

Words = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """``kind``, ``code`` and ``field`` are how pages ask for it; ``file`` and ``path`` are where its translation stands."""

    kind: str
    code: str
    field: str
    file: str
    path: tuple[str, ...]
    words: Words


# kind, table of the library, file, path before the code, fields
PLAIN_TABLES: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("facts", "facts", "facts", ("facts",), "question unit values"),
    ("pressure", "pressure_levels", "techniques", ("techniques", "pressure"), "name reaches label"),
    ("families", "families", "techniques", ("techniques", "families"), "name effect"),
    ("techniques", "techniques", "techniques", ("techniques",), "name note"),
    ("zones", "zones", "zones", ("zones",), "name lymph"),
    ("role-zones", "role_zones", "zones", ("zones", "role-zones"), "name note"),
    ("profiles", "profiles", "profiles", ("profiles",), "name"),
    ("measures", "measures", "measures", ("measures",), "name unit meaningful_change licence"),
    ("sheets", "sheets", "home-sheets", ("home-sheets",), "position steps avoid note"),
    ("documents", "documents", "clearance-documents", ("clearance-documents",), "name signed_by must_state"),
    ("dangers", "dangers", "danger-zones", ("danger-zones",), "where"),
    ("areas", "areas", "procedure-areas", ("procedure-areas",), "name"),
    ("order-rules", "order_rules", "sequencing", ("sequencing",), "rule"),
    ("parts", "part_shares", "sequencing", ("sequencing", "parts"), "content"),
    ("supplement-classes", "supplement_classes", "supplements", ("supplements", "classes"), "name"),
    ("supplements", "supplements", "supplements", ("supplements",), "name method dose_text use never"),
    ("points", "points", "supplements", ("supplements", "points"), "where caution"),
    ("positions", "positions", "positions", ("positions",), "name"),
)
RULE_FIELDS = "title explanation ask_intake ask_day ends_when disagreement"
STAGE_FIELDS = "name definition reason becomes_allowed_when notes advice"
TREATMENT_FIELDS = "goals warnings position_note repeat_note partners"
COURSE_FIELDS = {"phases": "step_rule", "review": "text", "repeat": "text", "capacity": "status", "discomfort": "ask expected"}


def library_texts(library: "Library") -> tuple[Text, ...]:
    """All texts in the order of the files."""
    readers: tuple[Callable[[Library], Iterable[Text]], ...] = (_rules, _plain_tables, _conditions, _course, _lists_of_codes, _intake)
    return tuple(text for read in readers for text in read(library))


def _fields(entry: object, names: str, address: tuple[str, str, str, tuple[str, ...]]) -> Iterator[Text]:
    """The named fields of an entry that hold words; ``address`` is kind, code, file, path."""
    kind, code, file, path = address
    for name in names.split():
        value: Any = getattr(entry, name)
        words = getattr(value, "text", value)
        if words:
            yield Text(kind, code, name, file, path, words)


def _plain_tables(library: "Library") -> Iterator[Text]:
    for kind, table, file, path, names in PLAIN_TABLES:
        entries: Mapping[Any, object] = getattr(library, table)
        for code, entry in entries.items():
            yield from _fields(entry, names, (kind, str(code), file, (*path, str(code))))


def _rules(library: "Library") -> Iterator[Text]:
    file = "contraindications"
    for code, rule in library.rules.items():
        path = (file, code)
        yield from _fields(rule, RULE_FIELDS, ("rules", code, file, path))
        terms = rule.clearance
        extra: dict[str, Words] = {
            "advice": _advice(rule.effects),
            "clearance_note": terms.note if terms else "",
            "residual_advice": _advice(terms.residual or ()) if terms else (),
        }
        yield from (Text("rules", code, name, file, path, words) for name, words in extra.items() if words)


def _advice(effects: tuple[Effect, ...]) -> tuple[str, ...]:
    return tuple(effect.text for effect in effects if effect.type == "advice")


def _conditions(library: "Library") -> Iterator[Text]:
    file = "conditions"
    for code, condition in library.conditions.items():
        path = (file, code)
        yield from _fields(condition, "name evidence never refer_first notes", ("conditions", code, file, path))
        for kind, table in (("stage-guide", condition.stage_guide), ("side-rule", condition.side_rule)):
            yield from (Text(kind, code, name, file, (*path, kind.replace("-", "_")), words) for name, words in table.items())
        signs = (*path, "stage_signs")
        yield from (Text("stage-signs", code, sign.code, file, signs, sign.sentence) for sign in condition.stage_signs)
        if condition.curve_sides is not None:
            yield from _fields(condition.curve_sides, "c_shape", ("curve-sides", code, file, (*path, "curve_sides")))
        if condition.segmental is not None:
            yield from _fields(condition.segmental, "side also", ("segmental", code, file, (*path, "segmental")))
        for item in condition.inputs:
            address = ("inputs", f"{code}/{item.code}", file, (*path, "inputs", item.code))
            yield from _fields(item, "question unit values", address)
        for stage in condition.stages.values():
            yield from _stage(condition, stage)


def _stage(condition: Condition, stage: Stage) -> Iterator[Text]:
    file, code = "conditions", f"{condition.code}/{stage.code}"
    path = (file, condition.code, "stages", stage.code)
    yield from _fields(stage, STAGE_FIELDS, ("stages", code, file, path))
    if stage.treatment is None:
        return
    yield from _fields(stage.treatment, TREATMENT_FIELDS, ("stages", code, file, path))
    if stage.treatment.cadence.note:
        yield Text("stages", code, "cadence_note", file, path, stage.treatment.cadence.note)
    notes = tuple(row.note for row in stage.treatment.supplements)
    if any(notes):
        yield Text("stages", code, "supplement_notes", file, path, notes)
    for variant in stage.treatment.variants:
        address = ("variants", f"{code}/{variant.code}", file, (*path, "variants", variant.code))
        yield from _fields(variant, "note", address)


def _course(library: "Library") -> Iterator[Text]:
    course, file = library.course, "course-rules"
    for part, names in COURSE_FIELDS.items():
        yield from _fields(getattr(course, part), names, ("course", part, file, (file, part)))
    for row in course.stop_set:
        yield from _fields(row, "name stop then", ("stop-sets", row.code, file, (file, "stop-sets", row.code)))
    yield Text("course", "all", "gaps", file, (file,), tuple(row.text for row in course.gap))
    yield Text("course", "all", "age_factor_notes", file, (file,), tuple(row.note for row in course.age_factor))
    yield Text("course", "all", "suspend", file, (file,), tuple(row.text for row in course.suspend))


def _lists_of_codes(library: "Library") -> Iterator[Text]:
    """Segments have no code of their own: they are counted. Times of measures are codes that are shown as words."""
    for number, segment in enumerate(library.segments, 1):
        address = ("segments", str(number), "supplements", ("supplements", "segments", str(number)))
        yield from _fields(segment, "organ side where", address)
    for code in dict.fromkeys(code for measure in library.measures.values() for code in measure.when):
        yield Text("times", code, "name", "measures", ("measures", "times", code), code)


def _intake(library: "Library") -> Iterator[Text]:
    """The questions of the intake form and of the day."""
    form = library.intake
    for row in (*form.gate, *form.staff, *form.day, *form.observed):
        yield Text("intake", row.code, "question", "intake", ("intake", row.code), row.question)
