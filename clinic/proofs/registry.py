"""Every proof by its name, and the tests that run it in reduced size at each change, on both databases where it asks one."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from clinic.audit import proving_audit
from clinic.courses.life import proving_life
from clinic.courses.studio import proving_edits
from clinic.keeping import proving_backup, proving_migrations
from clinic.proofs import hazards, proving_fuzz, proving_time, proving_web
from clinic.proofs.by_tests import ProofByTests
from clinic.reminders.faults import proving_faults
from clinic.schedule import proving_race
from clinic.signing import proving_signoff
from protocols import proving_editions, proving_safety

Write = Callable[[str], object]


class Proof(Protocol):
    """A module, or a set of tests. ``REDUCED`` names the options of a size that a test run can bear."""

    @property
    def HELP(self) -> str: ...  # noqa: N802

    @property
    def REDUCED(self) -> Mapping[str, Any]: ...  # noqa: N802

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Mapping[str, Any], write: Write) -> bool: ...


@dataclass(frozen=True)
class Entry:
    """A proof and the tests that run it, small."""

    proof: Proof
    tested_by: tuple[str, ...]


def _by_tests(words: str, *tests: str, larger: Mapping[str, str] | None = None) -> Entry:
    return Entry(ProofByTests(words, tests, larger=larger or {}), tests)


DAYS: Final = (
    "a_session_is_recorded", "discomfort_changes_what_comes", "a_therapist_starts_a_session", "a_therapist_plans_by_condition",
    "a_returning_patient_is_planned_in_eight_interactions", "a_patient_fills_in_the_intake_by_link",
    "an_admin_registers_and_catches_a_duplicate", "an_admin_plans_ten_sessions", "an_admin_rehomes_an_ill_therapists_day",
    "an_admin_offers_a_free_place", "a_doctor_has_a_day",
)  # fmt: skip
PROOFS: Final[Mapping[str, Entry]] = {
    "access": _by_tests(
        "every address by every kind of person and every method: status, nothing shown, nothing changed; what is scoped is asked scoped",
        "tests/trust/test_access_matrix.py",
        "tests/trust/test_scope.py",
    ),
    "audit": Entry(proving_audit, ("tests/clinic/audit/test_sealing.py", "tests/trust/test_tampering.py")),
    "backup": Entry(proving_backup, ("tests/trust/test_backups_are_kill_proof.py",)),
    "days": _by_tests(
        "what each act of three days costs in a browser - a therapist's, an administrator's, a doctor's - is what docs/three-days.md tells",
        *(f"tests/journeys/test_{name}.py" for name in DAYS),
        "tests/journeys/test_the_three_days.py",
    ),
    "editions": Entry(proving_editions, ("tests/protocols/test_golden.py",)),
    "edits": Entry(proving_edits, ("tests/trust/test_edits_in_parallel.py",)),
    "faults": Entry(proving_faults, ("tests/trust/test_faults_of_reminders.py",)),
    "fuzz": Entry(proving_fuzz, ("tests/trust/test_fuzz.py",)),
    "hazards": Entry(hazards, ("tests/trust/test_hazards.py",)),
    "idempotent": _by_tests(
        "fifty equal forms at one moment make one thing and lead to it; other words under the same token make nothing",
        "tests/trust/test_every_form_that_makes_something.py",
        "tests/trust/test_a_form_sent_twice_makes_one_thing.py",
        larger={"TACTUS_SENDERS": "50"},
    ),
    "life": Entry(proving_life, ("tests/trust/test_the_life_of_a_course.py",)),
    "migrations": Entry(proving_migrations, ("tests/trust/test_migrations_back_and_forward.py",)),
    "race": Entry(proving_race, ("tests/trust/test_booking_races.py",)),
    "safety": Entry(proving_safety, ("tests/protocols/test_proof_commands.py",)),
    "signoff": Entry(proving_signoff, ("tests/clinic/signing/test_heads.py", "tests/trust/test_tampering.py")),
    "time": Entry(proving_time, ("tests/trust/test_proofs.py",)),
    "web": Entry(proving_web, ("tests/trust/test_what_production_serves.py",)),
}
