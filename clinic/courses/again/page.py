"""The page of a next course in words: everything that its template shows. Nothing here decides anything."""

from dataclasses import dataclass
from typing import Any

from clinic.courses.again.date_choices import date_choices, obstacle_words, without_words
from clinic.courses.again.queries.basis import Offer
from clinic.courses.again.sketch import Sketch
from clinic.courses.again.words import carried_lines, ending_words, fallen_words, repeat_lines, since_then
from clinic.courses.calendar.date_rows import pace_words
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.curve import curve_of
from clinic.courses.presentation.stage_choice import StagePresenter
from patients.referrals import balance_in_words
from protocols.method.names import Names
from protocols.method.planning import PlannedCourse

FACTS = "facts."
INPUTS = "inputs."


@dataclass(frozen=True, slots=True)
class OfferLine:
    """Another condition that a next course could be for."""

    offer: Offer
    condition: str
    stage: str


def page_of(sketch: Sketch) -> dict[str, Any]:
    """The context of the page but for the patient."""
    basis, presenter = sketch.basis, Presenter(sketch.library, sketch.names)
    return (
        _start(sketch, presenter)
        | _asked(sketch)
        | (_plan(sketch, sketch.made, presenter) if sketch.made else {})
        | _dates(sketch)
        | {"basis": basis, "form": sketch.form, "day": sketch.day, "sketch": sketch}
    )


def offer_lines(offers: tuple[Offer, ...], names: Names) -> tuple[OfferLine, ...]:
    """Offers by the names of their condition and stage."""
    return tuple(
        OfferLine(each, names.of("conditions", each.condition), names.of("stages", f"{each.condition}/{each.stage}")) for each in offers
    )


def _start(sketch: Sketch, presenter: Presenter) -> dict[str, Any]:
    """What it is planned from."""
    basis, names = sketch.basis, presenter.names
    stages = StagePresenter(presenter.library, names)
    return {
        "condition_name": names.of("conditions", basis.condition.code),
        "stage_name": names.of("stages", f"{basis.condition.code}/{basis.stage.code}"),
        "last_stage": presenter_of(basis.last).stage(basis.last) if basis.last else "",
        "balance": balance_in_words(basis.balance) if basis.balance else "",
        "fallen": fallen_words(basis.fallen) if basis.fallen else "",
        "ending": ending_words(basis.ending) if basis.ending else "",
        "repeats": repeat_lines(sketch.rules, basis, sketch.first_on),
        "others": offer_lines(basis.others, names),
        "warnings": stages.warnings(basis.condition, basis.stage.code, sketch.form.answered(), sketch.answers),
        "is_referred_otherwise": bool(basis.referral and basis.referral.stage != basis.stage.code),
    }


def _asked(sketch: Sketch) -> dict[str, Any]:
    """The inputs with their marks, and what of them is missing or speaks against the record."""
    missing = [fault.field.removeprefix(INPUTS) for fault in sketch.faults if fault.message.startswith("is missing")]
    names = sketch.names
    against = [names.of("facts", fault.field.removeprefix(FACTS), "question") for fault in sketch.faults if fault.field.startswith(FACTS)]
    return {
        "questions": sketch.form.marked(missing),
        "missing": missing,
        "against": against,
        "is_unsafe": sketch.unsafe is not None,
        "carried": carried_lines(sketch.lines, sketch.ticked, sketch.edits_then, Presenter(sketch.library, names), sketch.aside),
    }


def _plan(sketch: Sketch, made: PlannedCourse, presenter: Presenter) -> dict[str, Any]:
    """What changed since the last course, what is in the way, the curve and the first session."""
    basis = sketch.basis
    outcome = max([made.screening.outcome, *(session.outcome for session in made.sessions)]).code
    view = presenter.screening(made.screening, outcome)
    found: dict[str, Any] = {
        "since": since_then(basis, made.screening, presenter),
        "screening": view,
        "outcome": outcome,
        "obstacles": view.obstacles,
        "review_after": made.course.review_after,
    }
    if made.sessions and any(session.rows for session in made.sessions):
        first = presenter.session(made.sessions[0], stage=f"{basis.condition.code}/{basis.stage.code}", limits=made.screening.limits)
        found |= {"session": first, "curve": curve_of(presenter.doses(made.course, made.sessions), 1)}
    return found


def _dates(sketch: Sketch) -> dict[str, Any]:
    """The rows of dates, or why there are none."""
    dating = sketch.dating
    if dating is None:
        return {}
    rows, treatment = date_choices(dating.ground, dating.names), sketch.basis.stage.treatment
    count = len(dating.ground.dates.open_ones)
    return {
        "dating": dating,
        "rows": rows,
        "green": sum(row.is_green for row in rows),
        "amber": sum(not row.is_green for row in rows),
        "without": count - len(rows),
        "why_without": without_words(dating.ground, count),
        "obstacles_of_dates": obstacle_words(dating.obstacles, dating.names),
        "pace": pace_words(dating.pattern, treatment.cadence) if treatment else "",
    }
