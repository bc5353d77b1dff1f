"""The demo's supervisor: what dies is started again, what is told to stop stops, and all of it."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clinic.bootstrap import supervisor
from clinic.bootstrap.supervisor import Child, Supervisor
from clinic.bootstrap.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_DELAY", 0.05)
    monkeypatch.setattr(supervisor, "PULSE", 0.02)
    monkeypatch.setattr(supervisor, "SECONDS_TO_STOP", 1.0)


def a_child(program: str, name: str = "web") -> Child:
    return Child(name, [sys.executable, "-S", "-c", program], delay=0.05)


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


class Running:
    """A supervisor at work in a thread, and what it said."""

    def __init__(self, *children: Child) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(list(children), say=self.said.append)
        self.thread = threading.Thread(target=self.supervisor.run, kwargs={"until_ready": lambda: True, "greeting": "hello", "patience": 5})
        self.thread.start()

    def stop(self) -> None:
        self.supervisor.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


def test_a_process_that_dies_is_started_again_and_it_is_said() -> None:
    child = a_child("import time; time.sleep(60)")
    running = Running(child)
    wait_for(lambda: child.process is not None and "hello" in running.said)
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: child.process is not None and child.process.pid != first)
    running.stop()
    assert any("The web process ended (exit code -9)" in line for line in running.said)


def test_each_further_death_waits_longer_and_a_long_life_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    child = a_child("pass")
    waits = []
    for _ in range(12):
        child.start(os.environ)
        assert child.process is not None
        child.process.wait()
        assert child.bury() == 0
        waits.append(round(child.due_at - time.monotonic(), 1))
    assert waits == sorted(waits)
    assert waits[-1] == supervisor.LONGEST_DELAY
    monkeypatch.setattr(supervisor, "LIVED_WELL", 0.0)
    child.start(os.environ)
    wait_for(lambda: child.bury() == 0)
    assert child.due_at - time.monotonic() < 1


def test_stopping_ends_every_process() -> None:
    children = [a_child("import time; time.sleep(60)", name) for name in ("web", "worker")]
    running = Running(*children)
    wait_for(lambda: "hello" in running.said)
    running.stop()
    assert [child.process and child.process.poll() for child in children] == [-signal.SIGTERM, -signal.SIGTERM]
    assert running.said[-1] == "Stopped."


def test_a_process_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = f"import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(ready)!r}, 'w'); time.sleep(60)"
    child = a_child(deaf.replace(", pathlib", ""))
    running = Running(child)
    wait_for(ready.exists)
    running.stop()
    assert child.process is not None
    assert child.process.poll() == -signal.SIGKILL


def test_pages_that_never_answer_are_trouble_and_leave_nothing_running() -> None:
    child = a_child("import time; time.sleep(60)")
    with pytest.raises(Trouble, match="did not answer within"):
        Supervisor([child], say=lambda _line: None).run(until_ready=lambda: False, greeting="", patience=0.2)
    assert child.process is not None
    assert child.process.poll() is not None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_supervisor_stops_all_and_ends_well(number: signal.Signals, tmp_path: Path) -> None:
    program = textwrap.dedent(f"""
        import sys
        from clinic.bootstrap.supervisor import Child, Supervisor
        keeper = Supervisor([Child("web", [sys.executable, "-S", "-c",
            "import os, time; open({str(tmp_path / "pid")!r}, 'w').write(str(os.getpid())); time.sleep(60)"])], say=print)
        keeper.obey_signals()
        sys.exit(keeper.run(until_ready=lambda: True, greeting="hello", patience=5))
    """)
    running = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    wait_for(lambda: (tmp_path / "pid").exists() and bool((tmp_path / "pid").read_text()))
    running.send_signal(number)
    said, _ = running.communicate(timeout=20)
    assert running.returncode == 0
    assert said.endswith("Stopped.\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
