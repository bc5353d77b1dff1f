"""An act on a full course, from the form that is sent to the part of the page that comes back. A section of ``manage.py benchmark``."""

from collections.abc import Callable, Mapping
from time import process_time_ns
from typing import Final
from urllib.parse import urlencode

from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from clinic.courses.actions import plan_course
from clinic.courses.models import StudioDraft
from clinic.courses.planning import CourseRequest
from clinic.courses.studio.bench import floor
from clinic.courses.studio.parallel import NECK, Table, a_table
from clinic.schedule.proving_race import own_database
from patients.models import Patient
from protocols.bench.timing import Timing, timed
from protocols.method.editing import step_keys

SESSIONS: Final = 20
GOAL: Final = 3.0
WARM: Final = 5
DRAFT: Final = 20
FORM: Final = "application/x-www-form-urlencoded"
HTMX: Final = {"HTTP_HX_REQUEST": "true"}

Write = Callable[[str], object]


def report_studio(write: Write, *, runs: int) -> None:
    """CPU of an act of each kind, and how many times the signed-in floor that is. It works in a database of its own."""
    with own_database(), override_settings(ALLOWED_HOSTS=["testserver"]):
        table = _full_table()
        least = _floor(table, runs)
        write(f"an act on a course of {SESSIONS} sessions, every session to come changed by hand; {runs} runs, CPU ms of the whole request")
        write(f"{'':34}{'p50':>8}{'p95':>8}{'x floor':>9}{'KB':>7}")
        write(f"{'signed-in floor':34}{least.p50:8.2f}{least.p95:8.2f}{1:9.2f}")
        for name, acts in _kinds(table).items():
            (took, size), after = _acts(table, acts, runs), _floor(table, runs)
            floor_now, least = (least.p50 + after.p50) / 2, after  # a busy machine changes from minute to minute
            write(f"{name:34}{took.p50:8.2f}{took.p95:8.2f}{took.p50 / floor_now:9.2f}{size / 1024:7.1f}")
        write(f"goal: at most {GOAL:g} x the floor")


def _full_table() -> Table:
    table, wanted = a_table(1), CourseRequest(NECK.condition, NECK.stage, SESSIONS, NECK.inputs)
    patient = Patient.objects.get(pk=table.course.patient_id)
    return Table(plan_course(patient=patient, wanted=wanted, on=table.course.planned_on, actor=table.people[0]), table.people)


def _floor(table: Table, runs: int) -> Timing:
    with override_settings(MIDDLEWARE=floor.MIDDLEWARE, ROOT_URLCONF=floor.__name__):
        client = Client()
        client.force_login(table.people[0].user)
        return timed(lambda _run: _answered(client.get("/floor/").status_code, 200), runs=runs)


def _answered(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"answered {status}, not {wanted}")


def _kinds(table: Table) -> Mapping[str, Callable[[int], dict[str, str]]]:
    """What is sent, run by run. Values change from run to run, so that nothing is answered from what was worked out a moment ago."""
    desk = table.desk(table.people[0])
    keys = step_keys(desk.session(6))
    step = {"do": "edit", "session": "6", "step": keys[2], "step_shown": keys[2], "scope": "this"}

    def curve(run: int, scope: str) -> dict[str, str]:
        """Each draft bends the course from another session, so that no draft repeats what one before it has worked out."""
        return {"do": "curve", "session": str(6 + run // DRAFT % 12), "curve_scope": scope, "value": str(70 + run % 20)}

    return {
        "time of a step": lambda run: step | {"kind": "minutes", "value": str(701 + run % 250), "from_others": "1"},
        "a step stands elsewhere": lambda run: step | {"kind": "move", "after": keys[3 + (run >> run // DRAFT % 5) % 2]},
        "time of a step, no step open": lambda run: (
            step | {"kind": "minutes", "value": str(701 + run % 250), "from_others": "1", "step_shown": ""}
        ),
        "the curve of one session": lambda run: curve(run, "this"),
        "the curve of all sessions": lambda run: curve(run, "all"),
    }


def _acts(table: Table, acts: Callable[[int], dict[str, str]], runs: int) -> tuple[Timing, int]:
    """Each act from the form to the answer. A new draft after twenty acts: an hour's work, not one of a thousand acts."""
    client, address = Client(), reverse("studio:act", args=[table.course.pk])
    client.force_login(table.people[0].user)
    taken, size = list[int](), 0
    for run in range(-WARM, runs):
        if run % DRAFT == 0 or run == -WARM:
            version = _begun(client, table)
        sent = acts(run) | {"version": str(version)}
        began = process_time_ns()
        answer = client.post(address, urlencode(sent), content_type=FORM, **HTMX)  # type: ignore[arg-type]  # a header
        taken.append(process_time_ns() - began)
        _answered(answer.status_code, 200)
        version, size = version + 1, len(answer.content)
    ordered = sorted(taken[WARM:])
    return Timing(ordered[len(ordered) // 2] / 1e6, ordered[int(len(ordered) * 0.95)] / 1e6), size


def _begun(client: Client, table: Table) -> int:
    """The version of a new draft in which every session differs from what the protocol has."""
    StudioDraft.objects.filter(course=table.course).delete()
    keys = step_keys(table.desk(table.people[0]).session(6))
    base = {"do": "edit", "session": "6", "scope": "all", "step": keys[3], "kind": "minutes", "value": "900"}
    for version, more in enumerate(({}, {"session": "2", "scope": "onward", "step": keys[1], "value": "850"})):
        answer = client.post(reverse("studio:act", args=[table.course.pk]), base | more | {"version": str(version)})
        _answered(answer.status_code, 303)
    return 2
