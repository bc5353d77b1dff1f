"""`manage.py demo`: a clinic to try, with its own database file, behind a small supervisor."""

import argparse
import errno
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from clinic.bootstrap import venv
from clinic.bootstrap.folders import MANAGE, ROOT, check_writable, data_folder, venv_folder
from clinic.bootstrap.supervisor import Child, Supervisor
from clinic.bootstrap.trouble import Trouble, say

HOST = "127.0.0.1"
# The demo must not touch, or lean on, what was configured for a real installation.
NOT_FOR_THE_DEMO = ("ALLOWED_HOSTS", "CACHE_URL", "CELERY_BROKER_URL", "CSRF_TRUSTED_ORIGINS", "DEBUG", "SECRET_KEY", "SQLITE_FILE")
SECONDS_TO_ANSWER = 60


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    port: int


def read_wish(arguments: list[str]) -> Wish:
    """The options of `demo`; a wrong one ends the program with argparse's sentence."""
    parser = argparse.ArgumentParser(prog="manage.py demo", description="Start a demo clinic on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where the pages answer (default 8000)")
    return Wish(port=parser.parse_args(arguments).port)


def check_can_start(wish: Wish, env: Mapping[str, str]) -> None:
    """Refuse before anything is installed: a real database, a real installation, a busy port, a folder that cannot be written."""
    if env.get("DATABASE_URL", "").strip():
        raise Trouble("DATABASE_URL is set: the demo only ever uses its own database file, so unset it for this command.")
    if env.get("TACTUS_MODE", "") == "production":
        raise Trouble("TACTUS_MODE is production: the demo does not start beside a real installation; unset it for this command.")
    check_port(wish.port)
    check_writable(data_folder(), "TACTUS_DATA")


def check_port(port: int) -> None:
    """Refuse a port that is taken, reserved or no port at all, and name the option that chooses another."""
    if not 1 <= port <= 65535:
        raise Trouble(f"{port} is not a port; choose one from 1024 to 65535 with --port.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError as wrong:
            reason = "is already in use" if wrong.errno == errno.EADDRINUSE else f"cannot be opened ({wrong.strerror})"
            raise Trouble(
                f"Port {port} {reason}; choose another one, for example: python3 manage.py demo --port {port % 60000 + 1001}"
            ) from wrong


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as door:
        door.bind((HOST, 0))
        return int(door.getsockname()[1])


def serve(wish: Wish) -> int:
    """Prepare the database, start the web and worker processes and keep them until told to stop."""
    env = demo_environment(os.environ) | {"PUBLIC_URL": f"http://{HOST}:{wish.port}"}  # links in messages open here
    say("Preparing the demo clinic ...")
    log_ins = _prepare(env)
    say("Starting the web and worker processes ...")
    supervisor = Supervisor(children(wish.port), env=env, say=say)
    supervisor.obey_signals()
    greeting = f"\nTactus answers at http://{HOST}:{wish.port}/\n\n{log_ins}\nCtrl-C stops it.\n"
    return supervisor.run(until_ready=lambda: answers(wish.port), greeting=greeting, patience=SECONDS_TO_ANSWER)


def demo_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of everything that the demo starts."""
    kept = {name: value for name, value in env.items() if name not in NOT_FOR_THE_DEMO}
    return kept | {"TACTUS_MODE": "demo", "DJANGO_SETTINGS_MODULE": "clinic.settings", "PYTHONWARNINGS": "ignore"}


def children(port: int) -> list[Child]:
    """The two processes of the demo."""
    python = str(venv.python_of(venv_folder()))
    web = [python, "-m", "gunicorn", "clinic.wsgi", "--chdir", str(ROOT), "--bind", f"{HOST}:{port}", "--workers", "2"]
    return [
        Child("web", [*web, "--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]),
        Child("worker", [python, str(MANAGE), "worker"]),
    ]


def _prepare(env: Mapping[str, str]) -> str:
    python = str(venv.python_of(venv_folder()))
    done = subprocess.run([python, str(MANAGE), "seed_demo"], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Trouble(
            f"The demo clinic could not be prepared; the reason is above. Deleting {data_folder() / 'demo.sqlite3'} starts it anew."
        )
    return done.stdout


def answers(port: int) -> bool:
    """Whether the sign-in page is served."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/accounts/login/", timeout=2) as reply:  # our own address
            return bool(reply.status == 200)
    except urllib.error.HTTPError as wrong:
        raise Trouble(f"The pages answer with error {wrong.code}; the reason is above.") from wrong
    except OSError:
        return False
