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


PRODUCTION = {
    "TACTUS_MODE": "production",
    "ALLOWED_HOSTS": "tactus.clinic.example",
    "SECRET_KEY": "k3Jx-v9QpZ7_wTn4LrB8sYd2FhM6cGa1UeXo5iKtRzWbNqVyPj0H",
    "BEHIND_PROXY": "1",
}


def started(command: list[str], tmp_path: Path, **change: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}}
    env |= PRODUCTION | {"TACTUS_DATA": str(tmp_path / "data"), **change}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DEBUG": "1", "ALLOWED_HOSTS": "*", "LOG_LEVEL": "DEBUG"}, "DEBUG is on"),
        ({"TACTUS_DATA": str(ROOT / "static" / "data")}, "TACTUS_DATA lies in"),
        ({"TACTUS_MODE": "prod"}, "TACTUS_MODE is 'prod'"),
    ],
)
def test_settings_that_are_bad_are_not_even_read(change: dict[str, str], sentence: str, tmp_path: Path) -> None:
    done = started([sys.executable, "-c", "import clinic.settings"], tmp_path, **change)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert not (ROOT / "static" / "data").exists()


@pytest.mark.slow
@pytest.mark.same_everywhere
def test_django_finds_nothing_to_say_about_the_settings_of_production(tmp_path: Path) -> None:
    done = started([sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


STARTS = """
import django
django.setup()
from django.db import connection
from clinic import checks
checks.refuse_demo_accounts = connection.ensure_connection
import clinic.wsgi
print("open" if connection.connection else "closed")
"""


@pytest.mark.same_everywhere
def test_no_connection_of_the_start_is_left_to_the_workers(tmp_path: Path) -> None:
    done = started([sys.executable, "-c", STARTS], tmp_path, TACTUS_MODE="development", DJANGO_SETTINGS_MODULE="clinic.settings")
    assert done.stdout.strip() == "closed", done.stderr


@pytest.mark.django_db
def test_every_file_that_a_style_or_the_sign_in_page_names_is_collected(settings: Any, tmp_path: Path, client: Client) -> None:
    settings.STATIC_ROOT = tmp_path
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", verbosity=0, interactive=False)
    assert (tmp_path / "staticfiles.json").exists()
    assert client.get("/accounts/login/").status_code == 200
