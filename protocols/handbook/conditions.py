"""Conditions with their stages: what is done, and where each value comes from."""

from protocols.handbook.markdown import listed, page_of, table
from protocols.method.entries import Condition, ConditionInput, Implied, Stage, StageSign, Treatment
from protocols.method.library import Library

STAGE_HEAD = ("stage", "plan", "profiles", "minutes", "sessions", "cadence", "repeat", "positions", "units", "pressure")


def conditions_chapter(library: Library) -> str:
    """Every condition in the order of the files."""
    return page_of("## Conditions", *(_condition(condition) for condition in library.conditions.values()))


def _condition(condition: Condition) -> str:
    treated = [stage for stage in condition.stages.values() if stage.treatment is not None]
    barred = [stage for stage in condition.stages.values() if stage.treatment is None]
    return page_of(
        f"### {condition.name} (`{condition.code}`)",
        f"ICD-10 {', '.join(condition.icd10)}. Group {condition.group}. Sources: {', '.join(condition.sources)}.",
        f"Evidence: {condition.evidence}.",
        table(STAGE_HEAD, (_values(stage) for stage in treated)),
        "\n".join(_limits(stage) for stage in treated),
        "\n".join(f"- Barred: `{stage.code}`. {stage.reason} Allowed again: {stage.becomes_allowed_when}." for stage in barred),
        _questions(condition),
        "\n".join(_sign(sign) for sign in condition.stage_signs),
    ).rstrip("\n")


def _values(stage: Stage) -> tuple[str, ...]:
    """One row: each value of the stage with its provenance in brackets."""
    treatment = _treatment(stage)
    minutes, sessions, cadence, said = treatment.minutes, treatment.sessions, treatment.cadence, treatment.provenance
    repeat = f"after {treatment.repeat_after_days} days" if treatment.repeat_after_days else "reassess"
    return (
        f"`{stage.code}` {stage.local}",
        f"{len(treatment.steps)} steps ({said.plan})",
        f"{len({step.profile for step in treatment.steps})} ({said.profiles})",
        f"{minutes.first} first, {minutes.full} full ({said.minutes})",
        f"{sessions.min}-{sessions.max}, usual {sessions.usual} ({said.sessions})",
        f"every {cadence.every_days_min}-{cadence.every_days_max} days, {cadence.per_week} a week ({said.cadence})",
        f"{repeat} ({said.repeat})",
        f"{len(treatment.positions)} ({said.positions})",
        f"{treatment.units:g} ({said.units})",
        f"{_pressure(treatment)} ({said.pressure})",
    )


def _pressure(treatment: Treatment) -> str:
    levels = treatment.pressure
    return f"at most {treatment.pressure_max}" if levels is None else f"{levels.build_up}, then {levels.working}"


def _limits(stage: Stage) -> str:
    """What a reader must know beyond the numbers, and the stage's own basis."""
    treatment = _treatment(stage)
    needs = f" Needs `{treatment.needs_document}` before each session." if treatment.needs_document else ""
    forbidden = listed(dict.fromkeys(f"{row.family or row.technique} on {row.zone} ({row.side})" for row in treatment.forbid))
    return f"- `{stage.code}`, {treatment.tempo} tempo, {treatment.mode}.{needs} Forbidden: {forbidden}. Basis: {stage.basis}."


def _treatment(stage: Stage) -> Treatment:
    if stage.treatment is None:
        raise ValueError(f"{stage.code} is barred")
    return stage.treatment


def _questions(condition: Condition) -> str:
    inputs = "\n".join(f"- Asked: `{item.code}` - {item.question} ({_when(item)})" for item in condition.inputs)
    implied = "\n".join(f"- Implied: {_implied(row)}" for row in condition.implies)
    return "\n".join(part for part in (inputs, implied) if part)


def _sign(sign: StageSign) -> str:
    """What speaks against a stage, in the words of the warning."""
    against = ", ".join(f"`{code}`" for code in sign.stages)
    origin = "; ".join((sign.provenance, *((", ".join(sign.sources),) if sign.sources else ())))
    return f"- Against {against}: {sign.sentence} ({origin})"


def _when(item: ConditionInput) -> str:
    return "required" if item.required else "required in some stages" if item.required_when is not None else "optional"


def _implied(row: Implied) -> str:
    origin = f"is {row.value}".lower() if row.value is not None else f"comes from {row.from_input or row.from_role}"
    return f"`{row.fact}` {origin}{' in some cases' if row.when is not None else ''}"
