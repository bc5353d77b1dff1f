"""Every act of a day with Tactus - a therapist's, an administrator's, a doctor's - with what it may cost, and the page that tells the cost.

``docs/three-days.md`` is written by the journeys themselves: ``THREE_DAYS=write python3 manage.py test tests/journeys`` (or the one file).
Without the word a journey fails when the page tells another count than its own.
"""

import fcntl
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "three-days.md"
HEAD: Final = """# Three days

What the acts of three people cost: a therapist's, an administrator's and a doctor's day. Written by the journeys in `tests/journeys`, which
walk through each act in a real browser and count there what a person does; do not edit it by hand. `manage.py verify days` counts again.

An *interaction* is a tap, a choice out of a list, a field that is typed into, or the key that sends a form, counted from the events of
the browser. *Hands* are seconds by the keystroke-level model of Card, Moran and Newell (1980): 1.35 s to decide, 1.1 s to point, 0.2 s to
press, 0.4 s to the keys and 0.28 s a key, and one second for each page that has to come. *Reading* is every word that one has to read to go
on, at 238 words a minute (Brysbaert 2019). These are estimates, not measurements with people.
"""
FOOT: Final = """
Besides: nobody sees a trace of the program, a half-made series, or wonders whether a message went. That is no count; it is asked by
`manage.py verify faults`, `verify race`, `verify fuzz` and `verify life`.
"""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody does. ``most`` interactions and ``seconds`` are the target, ``None`` where none is set."""

    code: str
    day: str
    words: str
    most: int | None
    seconds: int | None
    journey: str
    note: str = ""

    def target(self) -> str:
        """The target in words."""
        count = [f"≤ {self.most}"] if self.most is not None else []
        return ", ".join(count + ([f"≤ {self.seconds} s"] if self.seconds is not None else [])) or "–"


@dataclass(frozen=True, slots=True)
class Counted:
    """What an act cost in its journey."""

    interactions: int
    hands: int
    reading: int

    @property
    def seconds(self) -> int:
        return self.hands + self.reading

    def meets(self, act: Act) -> bool:
        """Whether both targets are met."""
        return (act.most is None or self.interactions <= act.most) and (act.seconds is None or self.seconds <= act.seconds)


THERAPIST, ADMIN, DOCTOR = "Therapist", "Administrator", "Doctor"
RECORDED, HURT = "test_a_session_is_recorded", "test_discomfort_changes_what_comes"
REGISTERS, DATES = "test_an_admin_registers_and_catches_a_duplicate", "test_an_admin_plans_ten_sessions"
SIGNS, FILLED = "test_a_doctor_has_a_day", "test_a_patient_fills_in_the_intake_by_link"
FREE = "test_an_admin_offers_a_free_place"
AGAIN = "test_a_returning_patient_is_planned_in_eight_interactions"
WHOLE = "each word of the document that is signed is read, the patient and the validity too; the hands alone are well within it"
ACTS: Final = (
    Act("read-day", THERAPIST, "Read the day: eleven patients, one of whom it hurt", 0, 30, HURT),
    Act("open-patient", THERAPIST, "Open the first patient, read what the last session changed, accept it", 2, 15, HURT),
    Act("nothing-new", THERAPIST, "The questions before a session, nothing new", 1, 10, RECORDED),
    Act("a-yes", THERAPIST, "The same with one yes, until the plan shows what it changes", None, 40, "test_a_therapist_starts_a_session"),
    Act("as-planned", THERAPIST, "A session as planned, from the list of the day to the signature", 6, 45, RECORDED),
    Act("deviations", THERAPIST, "A session in which it hurt: said in the player, words typed, signed", None, 120, HURT),
    Act("next-course", THERAPIST, "Plan and book the next course of a returning patient", 8, 90, AGAIN),
    Act("new-patient", THERAPIST, "A new patient with the whole screening, to the plan", None, 240, "test_a_therapist_plans_by_condition"),
    Act("review-intake", THERAPIST, "Take over what the patient filled in", None, 90, FILLED),
    Act("no-show", THERAPIST, "Say of a patient who did not come what became of it", 1, None, RECORDED),
    Act("end-of-day", THERAPIST, "See what is left of the day", 0, None, RECORDED),
    Act("morning", ADMIN, "The morning: read thirty lines of what waits", 0, 180, FREE),
    Act("find", ADMIN, "Find somebody while the name is said", None, 5, REGISTERS),
    Act("register", ADMIN, "Register somebody, and see who is alike", None, 60, REGISTERS),
    Act("move", ADMIN, "Move a date to the second of the times that are offered", 4, 25, DATES),
    Act("ten-dates", ADMIN, "Ten dates for a course", None, 60, DATES),
    Act("ill", ADMIN, "A therapist is ill: eleven patients re-homed", None, 180, "test_an_admin_rehomes_an_ill_therapists_day"),
    Act("free-place", ADMIN, "A place falls free: offered, and taken", None, 30, FREE),
    Act("print-day", ADMIN, "Print the sheet of the day", 2, None, DATES),
    Act("print-slip", ADMIN, "Print a patient's slip", 2, None, DATES),
    Act("print-card", THERAPIST, "Print the card of a session", 2, None, RECORDED),
    Act("print-plan", THERAPIST, "Print the plan of a course", 2, None, RECORDED),
    Act("inbox", DOCTOR, "Read the inbox", 0, None, SIGNS),
    Act("sign-clean", DOCTOR, "Sign a clean referral, the password entered a while ago", None, 20, SIGNS, WHOLE),
    Act("flagged", DOCTOR, "Decide about a finding, seeing what it does to the plan", None, 60, SIGNS),
    Act("review", DOCTOR, "A review half-way: approve", None, 60, SIGNS),
    Act("signed-then", DOCTOR, "Open exactly what was signed, and what is different now", 2, None, SIGNS),
)
BY_CODE: Final = {act.code: act for act in ACTS}
ROW: Final = re.compile(
    r"^\| (?P<words>[^|]+) \| [^|]* \| (?P<interactions>\d+) \| (?P<hands>\d+) s \| (?P<reading>\d+) s \|", re.MULTILINE
)
COLUMNS: Final = "| act | target | interactions | hands | reading | together | met | journey |"
NEAR: Final = 2  # seconds by which two counts may differ: dates and names have more words on some days


def hold_to_it(code: str, *, interactions: int, hands: float, reading: float) -> None:
    """Fails when an act misses its target without a word why, or when the page tells another count."""
    act, counted = BY_CODE[code], Counted(interactions, round(hands), round(reading))
    print(f"figure: {act.words}: {counted.interactions} interactions, {counted.seconds} s (target {act.target()})")  # noqa: T201
    if os.environ.get("THREE_DAYS") == "write":
        _write(act, counted)
    told = counts_told().get(code)
    assert counted.meets(act) or act.note, f"{act.words}: {counted} misses {act.target()}"
    assert told, f"{PAGE.name} does not tell of: {act.words}"
    near = abs(told.hands - counted.hands) <= NEAR and abs(told.reading - counted.reading) <= NEAR
    assert told.interactions == counted.interactions and near, f"{PAGE.name} tells {told}, counted {counted}: write it anew"  # noqa: PT018


def counts_told() -> dict[str, Counted]:
    """What the page tells, by the code of the act."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    codes = {act.words: act.code for act in ACTS}
    found = (match for match in ROW.finditer(text) if match["words"] in codes)
    return {codes[each["words"]]: Counted(*(int(each[name]) for name in ("interactions", "hands", "reading"))) for each in found}


def _write(act: Act, counted: Counted) -> None:
    """One act anew. Other processes of the same run may write another one at this moment."""
    with Path(__file__).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        PAGE.write_text(page_of(counts_told() | {act.code: counted}), encoding="utf-8")


def page_of(counts: dict[str, Counted]) -> str:
    """The whole page."""
    parts = [HEAD]
    for day in (THERAPIST, ADMIN, DOCTOR):
        parts.append(f"\n## {day}\n\n{COLUMNS}\n|{'---|' * 8}\n")
        parts += [_row(act, counts.get(act.code)) for act in ACTS if act.day == day]
    return "".join(parts) + FOOT


def _row(act: Act, counted: Counted | None) -> str:
    if counted is None:
        return f"| {act.words} | {act.target()} | – | – | – | – | not counted yet | `{act.journey}` |\n"
    met = "yes" if counted.meets(act) else f"no: {act.note}"
    figures = f"{counted.interactions} | {counted.hands} s | {counted.reading} s | {counted.seconds} s"
    return f"| {act.words} | {act.target()} | {figures} | {met} | `{act.journey}` |\n"
