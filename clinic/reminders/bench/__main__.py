"""``python -m clinic.reminders.bench NAME ...``: one of the programs of the benchmark, in the database that the environment names."""

import sys

import django


def main(name: str, *given: str) -> str:
    """Runs it; what it answers."""
    django.setup()
    from clinic.reminders.bench.programs import PROGRAMS, nowhere

    nowhere()
    return PROGRAMS[name](*given)


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")
