"""`manage.py demo` and `manage.py test` as programs: what they refuse, in one sentence each, and what they do only once."""

import hashlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from clinic.bootstrap import entry, venv
from clinic.bootstrap.trouble import Trouble
from clinic.courses.demo_patients import PATIENTS
from patients.states import IntakeState
from tests.clinic.patience import children_of, seconds, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
INHERITED = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
NOWHERE = "/proc/tactus"  # no folder can be made here, not even by root


def manage(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=INHERITED | env, capture_output=True, text=True, timeout=120, check=False)


def assert_refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 1, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture
def port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def fakes(tmp_path: Path) -> Path:
    (tmp_path / "fakes").mkdir()
    return tmp_path / "fakes"


def test_the_demo_refuses_a_configured_database(tmp_path: Path) -> None:
    done = manage("demo", DATABASE_URL="postgresql://db.example/tactus", TACTUS_DATA=str(tmp_path))
    assert_refused(done, "DATABASE_URL is set")


def test_the_demo_refuses_production(tmp_path: Path) -> None:
    assert_refused(manage("demo", TACTUS_MODE="production", TACTUS_DATA=str(tmp_path)), "TACTUS_MODE is production")


def test_a_busy_port_is_named_with_the_option_that_chooses_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_refused(manage("demo", "--port", str(port), TACTUS_DATA=str(tmp_path)), f"Port {port} is already in use")


def test_a_port_out_of_range_is_refused(tmp_path: Path) -> None:
    assert_refused(manage("demo", "--port", "70000", TACTUS_DATA=str(tmp_path)), "--port")


def test_a_data_folder_that_cannot_be_written_is_named(port: int) -> None:
    assert_refused(manage("demo", "--port", str(port), TACTUS_DATA=NOWHERE), f"cannot write to {NOWHERE}")


def test_a_virtual_environment_folder_that_cannot_be_written_is_named(tmp_path: Path, port: int) -> None:
    done = manage("demo", "--port", str(port), TACTUS_DATA=str(tmp_path), TACTUS_VENV=NOWHERE)
    assert_refused(done, "set TACTUS_VENV")


def test_a_missing_venv_module_is_named_with_its_remedy(tmp_path: Path, port: int, fakes: Path) -> None:
    (fakes / "venv.py").write_text("raise SystemExit('The virtual environment was not created because ensurepip is not available.')")
    env = {"TACTUS_DATA": str(tmp_path), "TACTUS_VENV": str(tmp_path / "venv"), "PYTHONPATH": str(fakes)}
    assert_refused(manage("demo", "--port", str(port), **env), "apt install python3-venv")


@pytest.mark.slow
def test_no_network_at_the_first_start_is_said_and_the_next_start_tries_again(tmp_path: Path, port: int) -> None:
    env = {
        "TACTUS_DATA": str(tmp_path),
        "TACTUS_VENV": str(tmp_path / "venv"),
        "PIP_INDEX_URL": f"http://127.0.0.1:{port}/",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }
    for _attempt in range(2):
        assert_refused(manage("demo", "--port", str(port), **env), "no package index answers")
    assert venv.read_stamp(tmp_path / "venv") == ("", "")


def test_an_old_python_is_refused_before_anything_is_imported() -> None:
    program = f"import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path({str(ROOT / 'manage.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=False)
    assert_refused(done, "needs Python 3.11 or newer; this is Python 3.9.2")


def test_bad_settings_stop_any_command_with_their_sentence(tmp_path: Path) -> None:
    done = manage("check", TACTUS_MODE="production", TACTUS_DATA=str(tmp_path))
    assert_refused(done, "SECRET_KEY is missing")


class TestOneEnvironmentForBothCommands:
    """`ensure` with the two slow steps replaced: what is made, installed and left alone."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = tmp_path / "venv"
        self.done: list[str] = []
        self.digests = {venv.RUNNING: "r1", venv.TESTING: "t1"}
        monkeypatch.setenv("TACTUS_VENV", str(self.folder))
        monkeypatch.setattr(venv, "digest_of", self.digests.__getitem__)
        monkeypatch.setattr(venv, "_make", self._make)
        monkeypatch.setattr(venv, "_install", lambda _python, lock: self.done.append(lock))

    def _make(self, folder: Path) -> None:
        self.done.append("made")
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        venv.python_of(folder).touch()
        (folder / "pyvenv.cfg").touch()

    def test_it_is_made_once(self) -> None:
        assert venv.ensure(venv.RUNNING) == self.folder / "bin" / "python"
        venv.ensure(venv.RUNNING)
        assert self.done == ["made", venv.RUNNING]

    def test_it_is_installed_again_when_the_lock_changed(self) -> None:
        venv.ensure(venv.RUNNING)
        self.digests[venv.RUNNING] = "r2"
        venv.ensure(venv.RUNNING)
        assert self.done == ["made", venv.RUNNING, venv.RUNNING]

    def test_the_test_packages_are_added_and_never_taken_back(self) -> None:
        for lock in (venv.RUNNING, venv.TESTING, venv.RUNNING, venv.TESTING):
            venv.ensure(lock)
        assert self.done == ["made", venv.RUNNING, venv.TESTING]

    def test_a_changed_test_lock_is_installed_for_running_too(self) -> None:
        venv.ensure(venv.TESTING)
        self.digests[venv.TESTING] = "t2"
        venv.ensure(venv.RUNNING)
        assert self.done == ["made", venv.TESTING, venv.TESTING]

    def test_an_interrupted_installation_is_done_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_python: Path, _lock: str) -> None:
            raise Trouble("no network")

        with monkeypatch.context() as broken:
            broken.setattr(venv, "_install", fail)
            with pytest.raises(Trouble):
                venv.ensure(venv.RUNNING)
        venv.ensure(venv.RUNNING)
        assert self.done == ["made", venv.RUNNING]

    def test_one_whose_python_is_gone_is_made_anew(self) -> None:
        venv.ensure(venv.RUNNING)
        venv.python_of(self.folder).unlink()
        venv.ensure(venv.RUNNING)
        assert self.done == ["made", venv.RUNNING, "made", venv.RUNNING]


def test_a_lock_is_known_by_its_content() -> None:
    assert venv.digest_of(venv.RUNNING) == hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that the lock names"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: No matching distribution found for django", "no package index answers"),
        ("building wheel\nERROR: something else\n", "could not be installed: ERROR: something else"),
        ("", "no reason was given"),
    ],
)
def test_each_way_in_which_an_installation_fails_has_its_sentence(words: str, sentence: str) -> None:
    assert sentence in venv._why_not_installed(words)


@pytest.mark.parametrize(("cores", "processes"), [(None, "2"), (1, "2"), (2, "3"), (16, "4")])
def test_the_test_command_gives_its_arguments_to_pytest(monkeypatch: pytest.MonkeyPatch, cores: int | None, processes: str) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    given: list[list[str]] = []
    monkeypatch.setattr(venv, "ensure", lambda _lock: Path(sys.executable))
    monkeypatch.setattr(os, "execv", lambda _python, arguments: given.append(arguments[1:]))
    entry._test(["tests/method", "-x"])
    entry._test([])
    assert given[0] == ["-m", "pytest", "tests/method", "-x"]
    assert given[1] == ["-m", "pytest", "-n", processes, "--dist", "worksteal"]


@pytest.mark.slow
def test_the_demo_answers_restarts_what_dies_and_stops_with_everything_it_started(tmp_path: Path, port: int) -> None:
    env = INHERITED | {"TACTUS_DATA": str(tmp_path), "TACTUS_VENV": sys.prefix, "CELERY_BROKER_URL": "redis://nowhere.example"}
    # Otherwise the demo would install into an environment that somebody made by hand.
    assert venv.read_stamp(Path(sys.prefix)) == (venv.TESTING, venv.digest_of(venv.TESTING)), "run the tests by: python3 manage.py test"
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
    said = tmp_path / "said"
    with said.open("w") as out:
        demo = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: f"http://127.0.0.1:{port}/" in said.read_text(), demo, said)
        assert "@demo.example" in said.read_text()
        assert page(port) == 200
        assert_every_kind_of_patient_is_there(tmp_path / "demo.sqlite3")
        kill_the_worker_of(demo.pid)
        wait_until(lambda: "The worker process ended" in said.read_text(), demo, said)
        assert page(port) == 200
    finally:
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(40) == 0, said.read_text()
    assert children_of(demo.pid) == []
    with pytest.raises(OSError, match="refused"):
        page(port)


def assert_every_kind_of_patient_is_there(database: Path) -> None:
    """Patients with finished and open intakes, and courses of every kind, in what the demo made for itself."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:

        def every(column: str, table: str) -> list[object]:
            return [value for (value,) in connection.execute(f"SELECT {column} FROM {table}")]  # noqa: S608  # names of our own

        assert len(every("id", "patients_patient")) == len(PATIENTS)
        assert set(every("state", "patients_intake")) == {IntakeState.DRAFT, IntakeState.COMPLETED}
        assert {"draft", "running", "finished"} <= set(every("state", "courses_course"))
        assert {"clear", "modify", "doctor", "absolute"} <= set(every("outcome", "courses_course"))
        assert 1 in every("may_start", "courses_course")
    finally:
        connection.close()


def page(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=20) as answer:
        return int(answer.status)


@pytest.mark.parametrize(("said", "meant"), [("00:00:07", 7), ("1:02.50", 62.5), ("02:00:01", 7201), ("1-00:00:01", 86401)])
def test_the_time_that_a_process_worked_is_read_as_ps_says_it(said: str, meant: float) -> None:
    assert seconds(said) == meant


def kill_the_worker_of(pid: int) -> None:
    for child in children_of(pid):
        words = subprocess.run(["ps", "-o", "args=", "-p", str(child)], capture_output=True, text=True, check=False).stdout  # noqa: S607
        if words.strip().endswith(" worker"):
            os.kill(child, signal.SIGKILL)
            return
    raise AssertionError("no worker is running")
