"""What the method costs, against a bare sketch of the same job that runs in the same minute: a section of ``manage.py benchmark``."""

from collections.abc import Callable
from time import perf_counter

from protocols.bench.sketch import SESSIONS, course_sketch, made_up_patients, made_up_rules, made_up_steps, screen_sketch
from protocols.bench.timing import Timing, import_seconds, timed
from protocols.cases import worked_case
from protocols.method.building import build_library
from protocols.method.case import Case, parse_case
from protocols.method.course import plan_course
from protocols.method.library import Library
from protocols.method.planning import adaptation_of, plan_whole_course, setting_of
from protocols.method.whole_course import build_course
from protocols.shelf import EDITION, read_tables, shipped_library

MEASURED = (
    "lumbar-anticoagulant-and-varicose-veins",
    "lumbar-remission-nothing-special",
    "scoliosis-s-curve-swaps-sides",
    "collar-tonic-becomes-calm-at-raised-pressure",
    "asthma-child-between-attacks",
    "constipation-gallstones-spare-the-flanks",
)
GOAL_MS, GOAL_TIMES, GOAL_IMPORT_SECONDS = 3.0, 20.0, 0.5


def report(write: Callable[[str], object], *, runs: int) -> None:
    """Writes one line per case, then import and loading. Speed is shown, never tested."""
    library = shipped_library()
    sketch = _sketch(runs * 5)
    write(f"library {library.edition}, {len(library.rules)} rules; {SESSIONS} sessions; {runs} runs")
    write(f"{'':52}{'p50 ms':>9}{'p95 ms':>9}{'x sketch':>10}")
    write(_line("sketch (made-up rules, no safety)", sketch, sketch))
    for code in MEASURED:
        case = parse_case(dict(worked_case(code).stated) | {"session": {"number": 1, "of": SESSIONS}}, library)
        write(_line(code, timed(lambda _, case=case: screen_and_build(case, library), runs=runs), sketch))  # type: ignore[misc]
        write(_line("  and every session checked", timed(lambda _, case=case: plan_whole_course(case, library), runs=runs), sketch))  # type: ignore[misc]
    write(f"goal: at most {GOAL_MS:g} ms and {GOAL_TIMES:g} x the sketch, at the median, for screening and building")
    write(f"import of the method: {import_seconds():.3f} s (goal: under {GOAL_IMPORT_SECONDS:g} s)")
    write(f"loading and checking the library: {_loading():.3f} s")


def _line(name: str, timing: Timing, sketch: Timing) -> str:
    return f"{name:52}{timing.p50:9.3f}{timing.p95:9.3f}{timing.p50 / sketch.p50:10.1f}"


def screen_and_build(case: Case, library: Library) -> object:
    """What the goal is about: one screening against all rules and every session of the course."""
    setting, adaptation = setting_of(case, library), adaptation_of(case, library)
    course = plan_course(setting, count=case.of, adaptation=adaptation)
    return build_course(setting, course, adaptation=adaptation, supplements=case.supplements)


def _sketch(runs: int) -> Timing:
    rules, patients, steps = made_up_rules(), made_up_patients(200), made_up_steps()
    return timed(lambda number: course_sketch(screen_sketch(patients[number % len(patients)], rules)[0], steps), runs=runs)


def _loading() -> float:
    began = perf_counter()
    build_library(read_tables(), edition=EDITION)
    return perf_counter() - began
