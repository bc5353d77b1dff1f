"""Production as it is really started: refusals of gunicorn and the worker, collected files."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

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


@pytest.mark.django_db
def test_every_file_that_a_style_or_the_sign_in_page_names_is_collected(settings: Any, tmp_path: Path, client: Client) -> None:
    settings.STATIC_ROOT = tmp_path
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", verbosity=0, interactive=False)
    assert (tmp_path / "staticfiles.json").exists()
    assert client.get("/accounts/login/").status_code == 200
