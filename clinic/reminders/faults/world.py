"""Everything a run needs, in a folder of its own that is gone afterwards: database, broker, sinks, and the environment of the programs."""

import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from clinic.bootstrap.demo import free_port
from clinic.reminders.faults.counting import Plan
from clinic.reminders.faults.crew import MANAGE, PYTHON, ROOT, environment
from clinic.reminders.faults.gateway import Gateway
from clinic.reminders.faults.post_office import PostOffice
from clinic.reminders.faults.receipts import Receipts
from clinic.reminders.faults.servers import PostgreSQL, Redis

# Puts the tables into an empty database: an SQLite file, or the address of a server.
MakeTables = Callable[[Path | str], None]


@dataclass(frozen=True)
class World:
    """What there is in one run. ``postgresql`` and ``redis`` are None where the run uses neither."""

    folder: Path
    env: Mapping[str, str]
    receipts: Receipts
    database: Path | str
    postgresql: PostgreSQL | None
    redis: Redis | None

    def run(self, *command: str) -> None:
        """Runs one program to its end. Raises ``RuntimeError`` with what it said where it fails."""
        done = subprocess.run(command, env=dict(self.env), cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own programs
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    def make_tables(self, make: MakeTables | None) -> None:
        """By ``make``, or by all migrations."""
        if make is None:
            self.run(*MANAGE, "migrate", "--verbosity", "0")
        else:
            make(self.database)

    def write_scene(self, plan: Plan) -> None:
        """Patients, bookings and reminders."""
        self.run(PYTHON, "-m", "clinic.reminders.faults", "scene", str(plan.reminders), str(plan.begins), str(plan.seconds))


@contextmanager
def a_world(*, servers: bool = False, redis_is_away: bool = False, seed: int = 1, share: float = 0.01) -> Iterator[World]:
    """``servers``: PostgreSQL and Redis of its own, else one SQLite file. ``redis_is_away``: the broker's address is nobody's.

    ``share``: of all tries go wrong at the sinks in each of the ways in which they can.
    """
    with ExitStack() as end:
        folder = Path(end.enter_context(tempfile.TemporaryDirectory(prefix="tactus-faults-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        receipts = Receipts(seed, share=share)
        sinks = _sinks(receipts, end)
        postgresql = redis = None
        if servers:
            postgresql, redis = PostgreSQL(folder / "postgresql"), Redis(folder / "redis")
            for server in (postgresql, redis):
                end.callback(server.stop)
                server.start()
        broker = f"redis://127.0.0.1:{free_port()}/0" if redis_is_away else redis.url if redis else ""
        own = {
            "TACTUS_DATA": str(folder / "data"),
            "DATABASE_URL": postgresql.url if postgresql else "",
            "CELERY_BROKER_URL": broker,
            **sinks,
        }
        (folder / "data").mkdir(mode=0o700)
        database = postgresql.url if postgresql else folder / "data" / "tactus.sqlite3"
        yield World(folder, environment(own), receipts, database, postgresql, redis)


def _sinks(receipts: Receipts, end: ExitStack) -> dict[str, str]:
    """Starts both, and says where they are."""
    gateway, post_office = Gateway(receipts), PostOffice(receipts)
    for sink in (gateway, post_office):
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        end.callback(sink.server_close)
        end.callback(sink.shutdown)
    return {
        "SMS_URL": gateway.url, "SMS_TOKEN": "faults", "SMS_FROM": "Faults", "EMAIL_URL": post_office.url, "PUBLIC_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
