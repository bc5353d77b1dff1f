"""Production as it is really started: gunicorn and the worker refuse what the settings' check refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = {
    "gunicorn": [sys.executable, "-m", "gunicorn", "clinic.wsgi", "--workers", "1", "--bind", "127.0.0.1:0"],
    "worker": [sys.executable, str(ROOT / "manage.py"), "worker"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_setting_ends_the_process_with_its_sentence(name: str, tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}}
    env |= {"TACTUS_MODE": "production", "TACTUS_DATA": str(tmp_path), "ALLOWED_HOSTS": "tactus.clinic.example", "SECRET_KEY": "short"}
    done = subprocess.run(COMMANDS[name], env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "SECRET_KEY has 5 characters" in done.stderr
