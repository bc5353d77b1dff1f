"""What proposing dates costs: one course, a block of courses, one day. A section of ``manage.py benchmark``."""

from collections.abc import Callable
from time import process_time

from clinic.schedule.bench.days import busy_day
from clinic.schedule.bench.invented import busy_calendar, new_courses
from clinic.schedule.bench.sketch import bare_course, first_places
from clinic.schedule.proposing import Budget, propose, propose_block, replan_day
from clinic.schedule.proposing.day_values import Day, least_cost
from clinic.schedule.proposing.optimise import is_available, optimise_day
from protocols.bench.timing import timed

THERAPISTS, COURSES, FILLS = 20, 200, (0.5, 0.7, 0.85)
OPERATORS, PATIENTS, DAYS = 17, 78, (1, 2, 3)
GOAL_TIMES, GOAL_BLOCK_SECONDS, SEARCH_UNTIL = 3.0, 1.5, 1.3
GOAL_DAY, GOAL_DAY_TIME, PROOF_LIMIT = 1.4, 0.1, 120.0

Write = Callable[[str], object]


def report_courses(write: Write, *, runs: int) -> None:
    """One course: time against the bare sketch, its cost against the optimum and against taking the first free places."""
    write(f"one course of 10 sessions, {THERAPISTS} therapists, 8 weeks; {COURSES} different courses, {runs} runs")
    write(f"{'':26}{'p50 ms':>9}{'p95 ms':>9}{'sketch p50':>12}{'p95':>8}{'p95 x sketch':>14}{'first places cost':>19}")
    for fill in FILLS:
        calendar, courses = busy_calendar(therapists=THERAPISTS, fill=fill, seed=1), new_courses(COURSES, therapists=THERAPISTS, seed=2)
        bare = timed(lambda number: bare_course(calendar, courses[number % COURSES]), runs=runs)  # noqa: B023  # run at once
        ours = timed(lambda number: propose(calendar, courses[number % COURSES]), runs=runs)  # noqa: B023  # run at once
        found = [(propose(calendar, each), bare_course(calendar, each), first_places(calendar, each)) for each in courses]
        off = sum((proposal.cost if proposal.dates else None) != least for proposal, least, _first in found)
        both = [(first, least) for _proposal, least, first in found if first is not None and least is not None]
        times = sum(first for first, _least in both) / sum(least for _first, least in both)
        name = f"{fill:.0%} full" + (f", {off} OFF THE OPTIMUM" if off else "")
        write(f"{name:26}{ours.p50:9.2f}{ours.p95:9.2f}{bare.p50:12.2f}{bare.p95:8.2f}{ours.p95 / bare.p95:14.2f}{times:17.2f} x")
    write(f"goal: the least cost there is, p95 at most {GOAL_TIMES:g} x the sketch")


def report_blocks(write: Write) -> None:
    """A hundred courses at once, with what is left of the time spent on the repair search."""
    calendar = busy_calendar(therapists=THERAPISTS, fill=0.6, seed=1)
    courses = new_courses(100, therapists=THERAPISTS, seed=2, sessions=(8, 10, 10, 12))
    alone = sum(propose(calendar, each).cost for each in courses)
    began = process_time()
    plain = propose_block(calendar, courses)
    one_by_one = process_time() - began
    began = process_time()
    searched = propose_block(calendar, courses, Budget(10**6, 1, lambda: process_time() - began > SEARCH_UNTIL))
    seconds = process_time() - began
    write(f"{len(courses)} courses into {THERAPISTS} calendars, 60% full; cost if each were alone {alone}")
    for name, block, took in (("one by one", plain, one_by_one), ("with the repair search", searched, seconds)):
        placed = sum(bool(each.dates) for each in block)
        write(f"{name:26}{took:9.2f} s, {placed} placed, cost {sum(each.cost for each in block)}")
    write(f"goal: all placed that going one by one places, within {GOAL_BLOCK_SECONDS:g} s")


def report_days(write: Write) -> None:
    """One day planned anew, against the proven optimum, or a lower bound where OR-Tools is not installed."""
    write(f"one day planned anew, {OPERATORS} operators, {PATIENTS} patients" + ("" if is_available() else "; OR-Tools is not installed"))
    for seed in DAYS:
        write(_day_line(busy_day(operators=OPERATORS, patients=PATIENTS, seed=seed)))
    write(f"goal: nobody left out, at most {GOAL_DAY:g} x the optimum in at most {GOAL_DAY_TIME:g} of the time of its proof")


def _day_line(day: Day) -> str:
    hurried = replan_day(day, Budget())
    began = process_time()
    plan = replan_day(day)
    seconds = process_time() - began
    left = f"{len(plan.unplaced)} left out"
    line = f"{len(day.sessions):4} sessions: hardest first {hurried.cost}; searched {plan.cost}, {left}, {seconds:.2f} s"
    if not is_available():
        least = least_cost(day)
        return f"{line}; lower bound {least} (each alone), at most {plan.cost / least:.2f} x the optimum"
    proven = optimise_day(day, plan, seconds=PROOF_LIMIT, should_stop=lambda: False, progress=lambda _progress: None)
    proof = process_time() - began - seconds
    times, share = plan.cost / max(proven.bound, 1), seconds / proof
    word = "optimum" if proven.is_proven else "bound"
    return f"{line}; {word} {proven.bound} in {proof:.1f} s: {times:.2f} x in {share:.2f} of the time"
