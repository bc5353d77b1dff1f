"""``python -m clinic.reminders.faults NAME``: the proof's own programs, in the database that the environment names.

``scene REMINDERS BEGINS SECONDS`` writes the scene. ``hurried COMMAND ...`` is ``manage.py COMMAND ...`` with short leases and pauses, for
small runs; ``broken PROMISES COMMAND ...`` is that with promises taken out, for the control of the proof.
"""

import sys

import django
from django.core.management import call_command


def main(name: str, *given: str) -> None:
    """Does what it is told."""
    django.setup()
    from clinic.reminders.faults.breaks import break_it
    from clinic.reminders.faults.haste import hurry
    from clinic.reminders.faults.writing import write_scene

    if name == "scene":
        write_scene(int(given[0]), float(given[1]), float(given[2]))
        return
    hurry()
    if name == "broken":
        break_it(given[0])
    call_command(*given[name == "broken" :])


if __name__ == "__main__":
    main(*sys.argv[1:])
