"""``manage.py plan CASE.json``: the method as a program, for scripts and for a therapist at a terminal. No database is used."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from protocols.method.answers import Fault, Faults
from protocols.method.case import Case, parse_case
from protocols.method.library import Library
from protocols.method.output import course_as_json, session_as_json
from protocols.method.planning import plan_session, plan_whole_course
from protocols.method.plans import UnsafePlan
from protocols.method.strict_json import MAX_BYTES, read_json
from protocols.shelf import shipped_library

CASE = (
    "A case is one JSON object: patient {age, sex}, condition, stage, inputs, facts, unknown, clearances, session {number, of}; and where"
    " there are any, supplements, records, and bars: what a referral bars or a patient who withdrew consent. bars is a list of {source:"
    " referral or consent, zones: [code or {zone, side}], families: [code], techniques: [code], supplements: [code], pressure_max: 1 to 5};"
    " all but source may be missing. What is barred is left out with its reason; a code that the library does not hold is a fault."
)
REFUSED_BY_CHECK = 1
NOT_A_CASE = 2


class Command(BaseCommand):
    """Exit 0 with a result (a refusal is one), 2 with one line per fault of the case, 1 if the independent check refuses the plan."""

    help = "Plan one session of a case, or its whole course."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; checks would open the database)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The case and what is wanted of it."""
        parser.epilog = CASE
        parser.add_argument("case", metavar="CASE.json", help="a file, or - for standard input")
        parser.add_argument("--course", action="store_true", help="every dose, and the first, middle and last session")

    def handle(self, *args: object, **options: Any) -> None:
        """Prints one JSON object on standard output."""
        library = shipped_library()
        try:
            case = parse_case(read_json(_text_of(options["case"])), library)
        except Faults as faults:
            self._say(*(f"{fault.field}: {fault.message}" for fault in faults.faults))
            sys.exit(NOT_A_CASE)
        try:
            answer = _answer(case, library, whole_course=options["course"])
        except UnsafePlan as unsafe:
            self._say(f"No plan: {unsafe}.")
            sys.exit(REFUSED_BY_CHECK)
        self._say(*(f"note: {note}" for note in case.notes))
        # ASCII, so that the bytes are the same in every locale.
        self.stdout.write(json.dumps(answer, indent=2, allow_nan=False))

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.stderr.write(_on_one_line(line), self.style.NOTICE)


def _answer(case: Case, library: Library, *, whole_course: bool) -> dict[str, Any]:
    if whole_course:
        return course_as_json(plan_whole_course(case, library))
    return session_as_json(plan_session(case, library))


def _text_of(name: str) -> bytes:
    # One byte more than is accepted, so that an endless file is refused and not read to its end.
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Faults((Fault("case", f"{name} cannot be read: {error.strerror}"),)) from error


def _on_one_line(text: str) -> str:
    """The line with its control characters escaped: a field is named by whoever wrote the case."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)
