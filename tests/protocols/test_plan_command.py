"""``manage.py plan`` as a program: what it prints, where, and with which exit code.

Where a process of its own is no matter, the program runs in that of the tests, which lets no test without a mark ask a database.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from clinic.bootstrap import entry
from protocols.shelf import shipped_library
from tests.method.cases import a_case

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "library",
    "outcome",
    "may_start",
    "blocking",
    "findings",
    "open",
    "session",
    "replanned",
    "positions",
    "steps",
    "supplements",
    "omitted",
    "advice",
    "stop_rules",
    "measures",
    "total_seconds",
]
ROW_KEYS = ["part", "zone", "side", "technique", "family", "seconds", "pressure", "tempo", "position", "avoid", "because"]


def run(*arguments, stdin=b""):
    """The program from its entry on, with streams of its own."""
    given, said, complained = (io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") for content in (stdin, b"", b""))
    command = ["manage.py", "plan", *arguments]
    with mock.patch.multiple(sys, stdin=given, stdout=said, stderr=complained):
        try:
            code: Any = entry.run(command)
        except SystemExit as end:
            code = end.code
        for stream in (said, complained):
            stream.flush()
    return subprocess.CompletedProcess(command, code, said.buffer.getvalue(), complained.buffer.getvalue())


def run_alone(*arguments, stdin=b"", **environment):
    """The program in a process of its own."""
    # A database that cannot be reached: a command that asked for one would fail.
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"} | environment
    command = [sys.executable, "manage.py", "plan", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, env=env, check=False)


def planned(raw, *arguments):
    done = run("-", *arguments, stdin=json.dumps(raw).encode())
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_it_prints_one_object_with_every_field_of_the_contract_in_order():
    plan = planned(a_case())
    assert list(plan) == KEYS
    assert plan["library"] == {"edition": shipped_library().edition, "digest": shipped_library().digest}
    assert (plan["outcome"], plan["may_start"], plan["blocking"]) == ("clear", True, [])
    assert plan["session"] == {"number": 6, "of": 12, "phase": "working"}
    assert all(list(row) == ROW_KEYS for row in plan["steps"])
    assert plan["total_seconds"] == sum(row["seconds"] for row in plan["steps"])
    assert all(row["because"] and all(isinstance(reason, str) and reason for reason in row["because"]) for row in plan["steps"])


def test_a_file_is_read_as_standard_input_is(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps(a_case()), encoding="utf-8")
    done = run_alone(str(file))
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer == json.loads(run_alone("-", stdin=json.dumps(a_case()).encode()).stdout)
    assert answer == planned(a_case())


def test_a_restriction_explains_what_it_took_away():
    facts = {"medicine.anticoagulant": True, "history.varicose-zones": [{"zone": "thigh-posterior", "side": "left"}]}
    plan = planned(a_case(condition="osteochondrosis-lumbar", stage="remission", inputs={}, facts=facts))
    assert (plan["outcome"], plan["may_start"]) == ("doctor", False)
    assert {"bl-03", "va-03"} <= {finding["rule"] for finding in plan["findings"]}
    assert all(set(finding) == {"rule", "kind", "outcome", "cleared", "explanation", "sources"} for finding in plan["findings"])
    assert any(entry.get("document") == "doctor-referral" for entry in plan["blocking"])
    assert all(len({"zone", "technique", "family"} & set(entry)) == 1 and entry["because"] for entry in plan["omitted"])
    assert "percussion" not in {row["family"] for row in plan["steps"]}


def test_a_refusal_is_a_result():
    plan = planned(a_case(facts={"today.chest-pain": True}))
    assert (plan["outcome"], plan["may_start"], plan["steps"], plan["total_seconds"]) == ("emergency", False, [], 0)


def test_the_course_shows_every_dose_and_three_sessions():
    course = planned(a_case(), "--course")
    assert list(course) == ["doses", "review_after", "sessions"]
    assert [list(dose) for dose in course["doses"]] == [["number", "phase", "seconds", "pressure_max", "percussion"]] * 12
    assert list(course["sessions"]) == ["1", "6", "12"]
    assert all(list(plan) == KEYS for plan in course["sessions"].values())
    assert course["review_after"] == 6


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"", "case: empty"),
        (b"{not json", "case: not JSON"),
        (b"[]", "case: must be an object"),
        (b'{"patient": {}, "patient": {}}', "patient: stated twice"),
    ],
)
def test_text_that_is_no_case_exits_with_2_and_says_so_on_standard_error_alone(text, line):
    done = run("-", stdin=text)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(line)


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ({"patient": {"age": "old", "sex": "female"}}, ["patient.age: must be a whole number, not text"]),
        ({"condition": "flu"}, ["condition: flu is not a condition of the library"]),
        ({"patient": {"age": 41}}, ["patient.sex: is missing"]),
        (
            {"facts": {"today.systolic": 900, "x\ny": 1}},
            ["facts.today.systolic: must be from 50 to 280, not 900", "facts.x\\ny: is not a fact of the library"],
        ),
        (
            {
                "condition": "post-stroke",
                "stage": "spastic",
                "inputs": {"affected_side": "left", "weeks_since_stroke": 9},
                "facts": {"history.stroke-weeks": 3},
            },
            ["facts.history.stroke-weeks: 3 does not agree with 9"],
        ),
    ],
)
def test_a_fault_of_a_case_is_one_line_that_names_its_field(change, lines):
    done = run("-", stdin=json.dumps(a_case(**change)).encode())
    assert (done.returncode, done.stdout) == (2, b"")
    printed = done.stderr.decode().splitlines()
    assert len(printed) == len(lines)
    assert all(line.startswith(wanted) for line, wanted in zip(printed, lines, strict=True)), printed


def test_a_file_that_is_not_there_exits_with_2():
    done = run_alone("no-such-case.json")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "no-such-case.json cannot be read" in done.stderr.decode()


def test_a_note_goes_to_standard_error_and_does_not_spoil_the_answer():
    done = run("-", stdin=json.dumps(a_case(session={"number": 1, "of": 30})).encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["session"]["of"] == 30
    assert done.stderr.decode() == "note: session.of: 30 sessions; this stage is given 10 to 15\n"


def test_the_bytes_do_not_depend_on_hash_seed_locale_or_time_zone():
    stdin = json.dumps(a_case(facts={"history.osteoporosis": True, "medicine.antiplatelet-single": True})).encode()
    first = run_alone("-", stdin=stdin, PYTHONHASHSEED="1", LC_ALL="C", TZ="UTC")
    second = run_alone("-", stdin=stdin, PYTHONHASHSEED="77", LC_ALL="C.UTF-8", TZ="Asia/Tokyo")
    assert first.stdout == second.stdout
    assert first.returncode == 0
