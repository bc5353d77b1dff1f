"""One virtual environment from one of two hashed locks; made once, touched again only when its lock changed."""

import hashlib
import subprocess
import sys
from pathlib import Path

from clinic.bootstrap.folders import ROOT, check_writable, venv_folder
from clinic.bootstrap.trouble import Trouble, say

RUNNING = "requirements.txt"
TESTING = "requirements-test.txt"  # holds everything of RUNNING too
STAMP = ".tactus-lock"


def python_of(folder: Path) -> Path:
    """The interpreter inside a virtual environment."""
    return folder / "bin" / "python"


def ensure(lock: str) -> Path:
    """A virtual environment that holds this lock's packages; returns its interpreter.

    One that was made for testing serves for running as well and is never taken back.
    """
    folder = venv_folder()
    python = python_of(folder)
    whole = python.exists() and (folder / "pyvenv.cfg").exists()
    installed, digest = read_stamp(folder) if whole else ("", "")
    wanted = TESTING if installed == TESTING else lock
    if (installed, digest) != (wanted, digest_of(wanted)):
        check_writable(folder, "TACTUS_VENV")
        if not whole:
            _make(folder)
        _install(python, wanted)
        (folder / STAMP).write_text(f"{wanted} {digest_of(wanted)}\n", encoding="ascii")
    return python


def digest_of(lock: str) -> str:
    """What tells one lock from another."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def read_stamp(folder: Path) -> tuple[str, str]:
    """Which lock was installed here last, and its digest; two empty words where none was finished."""
    stamp = folder / STAMP
    name, _, digest = stamp.read_text(encoding="ascii").strip().partition(" ") if stamp.exists() else ("", "", "")
    return name, digest


def _make(folder: Path) -> None:
    say(f"Making the virtual environment {folder} ...")
    done = _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    if done.returncode:
        raise Trouble(_why_no_venv(done.stdout + done.stderr))


def _why_no_venv(words: str) -> str:
    if "ensurepip" in words or "No module named" in words:
        return "Python's venv module is missing or incomplete; install it (Debian, Ubuntu: apt install python3-venv) and start again."
    return f"The virtual environment could not be made: {_last_line(words)}"


def _install(python: Path, lock: str) -> None:
    count = (ROOT / lock).read_text(encoding="utf-8").count("==")
    say(f"Installing {count} packages from {lock}; this happens once and takes about a minute ...")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--require-hashes", "--no-deps"]
    done = _run([*pip, "--no-compile", "-r", str(ROOT / lock)])
    if done.returncode:
        raise Trouble(_why_not_installed(done.stdout + done.stderr))
    # pip would use one core for this. What no Python can read, as a template of some package, is left as it is, here as there.
    _run([str(python), "-m", "compileall", "-qq", "-j", "0", str(python.parents[1] / "lib")])


def _why_not_installed(words: str) -> str:
    if "DO NOT MATCH THE HASHES" in words:
        return "A downloaded package is not the one that the lock names, so nothing was installed; try another network or ask us."
    if "No space left" in words:
        return "The disk is full; free about 500 MB and start again."
    if any(sign in words for sign in ("No matching distribution", "connection", "Connection", "Timeout", "timed out", "resolve")):
        return (
            "The packages could not be downloaded: no package index answers. "
            "Connect this machine to the network for the first start, or set PIP_INDEX_URL to a mirror that it reaches."
        )
    return f"The packages could not be installed: {_last_line(words)}"


def _last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given."


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
