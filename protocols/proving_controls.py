"""Controls of the proof of editing by hand: results as broken editors would make them. Each one has to be reported."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from protocols.method.editing import EditedCourse, step_keys
from protocols.method.edits import Edit, Edits, Override
from protocols.method.findings import Bar
from protocols.method.places import Place
from protocols.method.plans import Adaptation, Row
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.proving import barred, narrowed, settings
from protocols.proving_judge import Judge, Moment
from protocols.shelf import shipped_library

STAGE: Final = ("osteochondrosis-lumbar", "subacute")
NUMBER: Final = 4  # the session that is spoilt: of the working phase

Spoilt = tuple[Moment, EditedCourse]


def sabotaged() -> Iterator[tuple[str, Moment, EditedCourse]]:
    """Results as broken editors would make them, each with its name and the moment that it was asked for."""
    moment = _a_moment()
    worked = moment.worked()
    for name, spoil in CONTROLS.items():
        yield name, *spoil(moment, worked)


def missed_controls() -> tuple[str, ...]:
    """Names of the broken editors that nobody noticed; the good result itself, if it is taken for a broken one."""
    moment = _a_moment()
    missed = tuple(name for name, asked, worked in sabotaged() if not any(Judge().problems(asked, worked)))
    return (*missed, "a good result was refused") if any(Judge().problems(moment, moment.worked())) else missed


def _a_moment() -> Moment:
    """One side of a lumbar pain, six sessions: a step is a little longer from session 4 on, and one far longer with a reason."""
    setting = next(each for each in settings(shipped_library()) if (each.condition.code, each.stage.code) == STAGE)
    moment = Moment(setting, 6)
    keys = step_keys(moment.worked().sessions[NUMBER - 1])
    longer, far = (
        Edit("minutes", NUMBER, 6, step=keys[1], value=900),
        Edit("minutes", NUMBER, NUMBER, step=keys[3], value=1700, from_others=True),
    )
    reason = Override("step-stretched", keys[3], "felt", "the sore side")
    return replace(moment, edits=Edits((longer, far), (reason,)))


# Broken editors -------------------------------------------------------------------------------------------------------------
def _session(worked: EditedCourse, number: int, **more: object) -> EditedCourse:
    """The result with one session changed, and its dose in the course too."""
    sessions = [replace(plan, **more) if plan.number == number else plan for plan in worked.sessions]  # type: ignore[arg-type]
    doses = tuple(plan.dose for plan in sessions if plan.dose is not None)
    return replace(worked, sessions=tuple(sessions), course=replace(worked.course, doses=doses))


def _rows(worked: EditedCourse, change: Callable[[Row], Row | None]) -> EditedCourse:
    """The result with the rows of the spoilt session changed; None leaves a row out."""
    made = [change(row) for row in worked.sessions[NUMBER - 1].rows]
    rows = tuple(row for row in made if row is not None)
    return _session(worked, NUMBER, rows=rows, total_seconds=sum(row.seconds for row in rows))


def _longer_dose(worked: EditedCourse) -> EditedCourse:
    dose = worked.course.doses[NUMBER - 1]
    return _session(worked, NUMBER, dose=replace(dose, seconds=int(1.2 * dose.seconds)))


def _jumping(moment: Moment) -> Spoilt:
    """Session 4 takes half by hand, and session 5 is left at its full dose."""
    half = replace(moment, edits=moment.edits.with_edit(Edit("dose", NUMBER, NUMBER, value=50)))
    worked = half.worked()
    full = worked.built[NUMBER]
    return half, _session(worked, NUMBER + 1, rows=full.rows, total_seconds=full.total_seconds, dose=full.dose)


def _milder(worked: EditedCourse) -> EditedCourse:
    graver = tuple(replace(plan, outcome=Outcome.DOCTOR, may_start=False) for plan in worked.built)
    return replace(worked, built=graver)


def _under(moment: Moment, setting: Setting) -> Moment:
    return replace(moment, setting=setting)


def _barring_a_zone(moment: Moment, worked: EditedCourse) -> Setting:
    zone = next(row.zone for row in worked.sessions[NUMBER - 1].rows if row.part == "main")
    return narrowed(moment.setting, barred(shipped_library(), Bar("consent", (Place(zone, "both"),))))


def _harder(row: Row) -> Row:
    return replace(row, pressure=min(4, row.pressure + 2)) if row.part == "main" else row


def _hurt(worked: EditedCourse) -> Adaptation:
    return Adaptation(zone_shifts=tuple((Place(row.zone, row.side), -2) for row in worked.sessions[NUMBER - 1].rows if row.part == "main"))


def _backwards(worked: EditedCourse) -> EditedCourse:
    """The main steps of the spoilt session from the last to the first: the affected side before the healthy one."""
    rows = worked.sessions[NUMBER - 1].rows
    main = [row for row in rows if row.part == "main"]
    turned = [row for step in sorted({row.step for row in main}, reverse=True) for row in main if row.step == step]
    ends = ([row for row in rows if row.part == part] for part in ("opening", "closing"))
    opening, closing = ends
    return _session(worked, NUMBER, rows=(*opening, *turned, *closing))


CONTROLS: Final[dict[str, Callable[[Moment, EditedCourse], Spoilt]]] = {
    "presses above every ceiling": lambda moment, worked: (moment, _rows(worked, _harder)),
    "presses what hurt": lambda moment, worked: (replace(moment, adaptation=_hurt(worked)), worked),
    "forgets what the patient withdrew": lambda moment, worked: (_under(moment, _barring_a_zone(moment, worked)), worked),
    "works the affected side first": lambda moment, worked: (moment, _backwards(worked)),
    "gives more than the full dose": lambda moment, worked: (moment, _longer_dose(worked)),
    "jumps in the curve": lambda moment, _worked: _jumping(moment),
    "leaves nothing of the stage": lambda moment, worked: (moment, _rows(worked, lambda row: row if row.part != "main" else None)),
    "asks for no reason": lambda moment, worked: (replace(moment, edits=replace(moment.edits, overrides=())), worked),
    "does not say what it changed": lambda moment, worked: (moment, _session(worked, NUMBER, by_hand=())),
    "changes what nobody touched": lambda moment, worked: (moment, _session(worked, 2, rows=tuple(reversed(worked.sessions[1].rows)))),
    "loses what was changed": lambda moment, worked: (moment, replace(worked, sessions=worked.built)),
    "makes the outcome milder": lambda moment, worked: (moment, _milder(worked)),
}  # fmt: skip
