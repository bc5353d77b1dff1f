"""Sends each command where it belongs. Only the standard library here: the virtual environment may not exist yet."""

import os


def run(arguments: list[str]) -> int:
    """Run one command of manage.py and return its exit code."""
    return _django(arguments)


def _django(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)
    return 0
