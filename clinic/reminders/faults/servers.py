"""PostgreSQL and Redis of the proof's own: started from the system's programs in a folder of its own, killed, and started again."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from clinic.bootstrap.demo import free_port

PATIENCE: Final = 30.0  # seconds for a server to answer


class NoServer(Exception):
    """A program of the system is missing or does not start; the text says which."""


def programs_of_postgresql() -> Path:
    """The folder of the newest PostgreSQL of this machine. Raises ``NoServer``."""
    found = [each.parent for each in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found and (other := shutil.which("postgres")):
        found = [Path(other).parent]
    if not found:
        raise NoServer("PostgreSQL is not installed on this machine (apt-get install postgresql)")
    return max(found, key=lambda folder: [int(part) for part in re.findall(r"\d+", str(folder))])


class Server:
    """One program that listens at a port."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What is run."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it takes requests."""
        raise NotImplementedError

    def start(self) -> None:
        """Starts it and waits until it answers; again where the one that was killed has left something that is still in use."""
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                with (self.folder / "said").open("ab") as said:
                    self.process = subprocess.Popen(self.command(), cwd="/", stdout=said, stderr=said)  # noqa: S603  # the system's own programs
            if self.answers():
                return
            sleep(0.05)
        raise NoServer(f"{self.name} does not answer: {(self.folder / 'said').read_text()[-2000:]}")

    def kill(self) -> None:
        """kill -9, as when the machine runs out of memory."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ends it for good."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)


class PostgreSQL(Server):
    """As whoever runs this, or as user postgres where that is root. No fsync: a program that is killed loses nothing the kernel has."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.programs, self.data = programs_of_postgresql(), folder / "data"
        folder.mkdir()
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        options = ["-U", "tactus", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        made = subprocess.run(self._as_its_user("initdb", "-D", str(self.data), *options), cwd="/", capture_output=True, check=False)  # noqa: S603
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.decode()[-2000:]}")

    @property
    def url(self) -> str:
        return f"postgresql://tactus@127.0.0.1:{self.port}/postgres"

    def command(self) -> list[str]:
        settings = [f"-c{each}" for each in ("listen_addresses=127.0.0.1", "fsync=off", "max_connections=100")]
        return self._as_its_user("postgres", "-D", str(self.data), "-p", str(self.port), "-k", str(self.folder), *settings)

    def answers(self) -> bool:
        asked = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tactus", "-d", "postgres"]
        return subprocess.run(asked, check=False).returncode == 0  # noqa: S603

    def _as_its_user(self, program: str, *arguments: str) -> list[str]:
        given = [str(self.programs / program), *arguments]
        return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", *given] if os.getuid() == 0 else given


class Redis(Server):
    """Keeps nothing: what was in the queue is gone with it."""

    name = "Redis"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        program = shutil.which("redis-server")
        if program is None:
            raise NoServer("Redis is not installed on this machine (apt-get install redis-server)")
        self.program = program
        folder.mkdir()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [
            self.program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
