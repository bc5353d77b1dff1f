"""The proven best plan of a day with OR-Tools (the extra ``optimise``); everything that can be said without it is in ``day_model``.

One worker with the strongest linear relaxation: measured, it proves in seconds what default settings do not prove at all, and it is the
same from run to run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from math import ceil
from threading import Event, Thread
from time import monotonic
from typing import Any, Final

from clinic.schedule.proposing.day_model import DayModel, model_of, places_of
from clinic.schedule.proposing.day_values import UNPLACED, Day, DayPlan, plan_of

TOLD_EVERY: Final = 0.25  # seconds
ROUNDING: Final = 1e-6  # bounds come as fractions


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known after ``seconds``: the cost of the best plan so far, and that no plan costs less than ``bound``."""

    seconds: float
    cost: int
    bound: int


@dataclass(frozen=True, slots=True)
class Optimised:
    """``plan`` is never worse than the one begun with. ``is_proven``: it costs exactly ``bound``, so there is none better."""

    plan: DayPlan
    bound: int
    is_proven: bool
    status: str
    seconds: float


def is_available() -> bool:
    """Whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def optimise_day(
    day: Day, begun: DayPlan, *, seconds: float, should_stop: Callable[[], bool], progress: Callable[[Progress], None]
) -> Optimised:
    """The best plan of a day, and how good one could be at most; ends after ``seconds`` or soon after ``should_stop`` says so.

    ``begun`` is where the search begins (``replan_day``). A few times a second another thread asks ``should_stop`` and tells
    ``progress``. Raises ImportError without the extra.
    """
    cp_model, began = import_module("ortools.sat.python.cp_model"), monotonic()
    model = model_of(day)
    lowered, variables = _lowered(cp_model, day, model, begun)
    known, solver = Known(begun.cost), _solver(cp_model, seconds)
    solver.best_bound_callback = known.has_bound
    with _watched(solver, lambda: Progress(monotonic() - began, known.cost, known.bound), should_stop, progress):
        status = solver.status_name(solver.solve(lowered, known.callback(cp_model)))
    has_plan = status in {"OPTIMAL", "FEASIBLE"}
    if has_plan:
        known.has_bound(solver.best_objective_bound)
    places = places_of(day, model, [each for each, choice in enumerate(variables) if solver.boolean_value(choice)]) if has_plan else None
    plan = begun if places is None else min(begun, plan_of(day, places), key=lambda each: each.cost)
    return Optimised(plan, known.bound, plan.cost <= known.bound, status, monotonic() - began)


class Known:
    """What the search knows while it runs."""

    def __init__(self, cost: int) -> None:
        self.cost, self.bound = cost, 0

    def has_bound(self, bound: float) -> None:
        """No plan costs less than ``bound``; costs are whole, so the next whole number holds as well."""
        self.bound = max(self.bound, ceil(bound - ROUNDING))

    def callback(self, cp_model: Any) -> Any:
        """The solver's own kind of listener for better plans."""
        known = self

        class Listener(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # the base comes with the extra
            def on_solution_callback(self) -> None:
                known.cost = min(known.cost, round(self.objective_value))

        return Listener()


@contextmanager
def _watched(
    solver: Any, how_far: Callable[[], Progress], should_stop: Callable[[], bool], progress: Callable[[Progress], None]
) -> Iterator[None]:
    """Tells from another thread how far the search is and ends it when asked to."""
    over = Event()

    def watch() -> None:
        while not over.wait(TOLD_EVERY):
            progress(how_far())
            if should_stop():
                solver.stop_search()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _solver(cp_model: Any, seconds: float) -> Any:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    return solver


def _lowered(cp_model: Any, day: Day, model: DayModel, begun: DayPlan) -> tuple[Any, list[Any]]:
    """The model in the solver's words, with the plan begun with as a hint."""
    lowered = cp_model.CpModel()
    variables = [lowered.new_bool_var("") for _ in model.choices]
    out = [lowered.new_bool_var("") for _ in day.sessions]
    for at, numbers in enumerate(model.of_session):
        lowered.add_exactly_one([out[at], *(variables[number] for number in numbers)])
    for group in model.at_most_one:
        lowered.add_at_most_one([variables[number] for number in group])
    for limit in model.limits:
        lowered.add(sum(weight * variables[number] for number, weight in limit.weights) <= limit.most)
    prices = [choice.cost for choice in model.choices] + [UNPLACED] * len(out)
    lowered.minimize(cp_model.LinearExpr.weighted_sum([*variables, *out], prices))
    for variable, choice in zip(variables, model.choices, strict=True):
        place = begun.places.get(day.sessions[choice.session].key)
        lowered.add_hint(variable, place is not None and (place.therapist, place.cell) == (choice.therapist, choice.cell))
    for variable, session in zip(out, day.sessions, strict=True):
        lowered.add_hint(variable, session.key not in begun.places)
    return lowered, variables
