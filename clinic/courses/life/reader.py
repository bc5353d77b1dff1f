"""Reads the database after every deed and knows no gate: what must be true of every course, whatever people did in whatever order.

It asks the tables with queries of its own, keeps its own digests of what was delivered, and what the walk was told; it shares no code
with what lets a session begin.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from django.db.models import TextField
from django.db.models.functions import Cast

from clinic.courses.life.walk import Violated, Walk
from clinic.courses.models import (
    Acknowledgement,
    Consent,
    ConsentWithdrawal,
    CourseMove,
    NextDay,
    ScreeningRecord,
    Session,
    SessionMove,
    SessionRecord,
    SessionStart,
)
from clinic.courses.states import SESSION_TRANSITIONS, TRANSITIONS
from clinic.signing.models import Signature
from patients.models import Document

MAY_GO_AHEAD: Final = frozenset({"clear", "caution", "modify"})
PLANS: Final = ("planned", "replanned", "edited", "edition", "day", "document", "felt")  # causes of a screening that a plan was made from
WORDS_OF_A_DOCTOR: Final = ("approved", "refused", "revoked", "recorded-paper")
STANDING: Final = frozenset({"running", "signed"})
OF_NO_DOCTOR: Final = "preventive-massage"


@dataclass(slots=True)
class Reader:
    """What was seen so far of one course: digests of starts and records by their keys. No gate is asked for ``outages``."""

    starts: dict[int, str] = field(default_factory=dict)
    records: dict[int, str] = field(default_factory=dict)
    checked: int = 0
    delivered: int = 0
    outages: int = 0

    def __call__(self, walk: Walk, before: str) -> None:
        """Raises ``Violated`` with everything that is wrong now. ``before`` is the state of the course before the last deed."""
        wrong = list(self.faults(walk, before))
        if wrong:
            raise Violated("; ".join(wrong))

    def forgive(self, walk: Walk) -> None:
        """What the course has at the beginning of a walk was there before."""
        self.starts = {row["pk"]: _digest(row) for row in _starts(walk)}
        self.records = {row["pk"]: _digest(row) for row in _records(walk)}

    def faults(self, walk: Walk, before: str) -> Iterator[str]:
        """Every sentence about what must not be."""
        states = dict(Session.objects.filter(course=walk.course).order_by("number").values_list("number", "state"))
        starts, records = _starts(walk), list(_records(walk))
        yield from _out_of_turn(states, starts, records)
        if walk.course.state == "running" and len(records) == len(states):
            yield "the course runs and has no session left"
        yield from _off_the_tables(walk)
        yield from self._begun(walk, starts, before)
        yield from self._delivered(walk, records, before)

    def _begun(self, walk: Walk, starts: list[dict[str, Any]], before: str) -> Iterator[str]:
        """A start that is new was allowed; one that is old still holds what was begun."""
        for row in starts:
            digest = _digest(row)
            if row["pk"] not in self.starts:
                self.checked += 1
                yield from (f"session {row['session__number']} was begun {why}" for why in not_allowed(walk, before))
            elif self.starts[row["pk"]] != digest:
                yield f"what session {row['session__number']} was begun with has changed"
            self.starts[row["pk"]] = digest

    def _delivered(self, walk: Walk, records: list[dict[str, Any]], before: str) -> Iterator[str]:
        """A record that is new has a start, or was allowed, or is of an outage; one that is old never changes, nor what was given."""
        now = {row["pk"]: _digest(row) for row in records}
        for number in self.records.keys() - now.keys():
            yield f"record {number} is gone"
        for row in records:
            number = row["pk"]
            if number in self.records:
                if self.records[number] != now[number]:
                    yield f"the delivered session {row['session__number']} has changed"
                continue
            self.delivered += 1
            yield from self._new_record(walk, row, before)
        self.records = now

    def _new_record(self, walk: Walk, row: dict[str, Any], before: str) -> Iterator[str]:
        about = f"session {row['session__number']} was recorded"
        if row["source"] == "outage":
            self.outages += 1
            if not row["outage_note"]:
                yield f"{about} after an outage that nobody explained"
        elif row["source"] == "player":
            if not SessionStart.objects.filter(session=row["session_id"], closed_at__isnull=False, is_taken_back=False).exists():
                yield f"{about} as played, and never begun"
        else:
            self.checked += 1
            yield from (f"{about} {why}" for why in not_allowed(walk, before))


# Whether a session may be given ---------------------------------------------------------------------------------------------
def not_allowed(walk: Walk, before: str) -> Iterator[str]:
    """What was missing at this moment, in the tables and in what was told on the way."""
    yield from _no_screening_of_the_day(walk)
    if walk.course.condition != OF_NO_DOCTOR:
        yield from _no_word_of_a_doctor(walk)
        if not _has_a_referral(walk):
            yield "without a referral on file"
    if before not in (STANDING if walk.course.condition != OF_NO_DOCTOR else STANDING | {"draft"}):
        yield f"while the course was {before}"
    if _is_without_consent(walk):
        yield "without the patient's consent"
    if walk.told.forbidden_zone in _worked(walk):
        yield "with what the library of the clinic forbids by now"
    if _is_unread(walk):
        yield "before anybody read the bad reaction to an earlier one"


def _no_screening_of_the_day(walk: Walk) -> Iterator[str]:
    kept = ScreeningRecord.objects.filter(course=walk.course).order_by("-pk")
    columns = ("made_on", "may_start", "outcome", "digest")
    newest = kept.values_list(*columns).first()
    of_the_plan = kept.filter(cause__in=PLANS).values_list(*columns).first()
    if newest is None or of_the_plan is None:
        yield "without any screening"
        return
    if of_the_plan[0] != walk.day:
        yield "under the screening of another day"
    if not of_the_plan[1] or of_the_plan[2] not in MAY_GO_AHEAD:
        yield "under a screening that does not let it"
    if newest[3] != of_the_plan[3]:
        yield "although the newest screening is another one than that of the plan"
    if walk.day not in walk.told.quiet_on or walk.day in walk.told.fever_on:
        yield "although nobody said that day that all was well"
    if walk.told.takes_a_thinner:
        yield "to somebody who takes a blood thinner"


def _no_word_of_a_doctor(walk: Walk) -> Iterator[str]:
    subject = f"courses.course:{walk.course.pk}"
    newest = Signature.objects.filter(subject=subject, meaning__in=WORDS_OF_A_DOCTOR).order_by("-sequence").first()
    if newest is None or newest.meaning not in ("approved", "recorded-paper"):
        yield "without a doctor's word that allows it"
        return
    if newest.signer_id in (walk.scene.therapist.user.pk, walk.scene.colleague.user.pk):
        yield "on the word of somebody who is no doctor"
    if hashlib.sha256(newest.content.encode()).hexdigest() != newest.content_digest:
        yield "on a signature whose document was changed"
    if beyond := _worked(walk) - _signed(newest.content):
        yield f"with what no doctor signed: {sorted(beyond)}"


def _signed(content: str) -> set[str]:
    """Every zone and every family of the plan that was signed: a gentler technique of a signed family needs no new word."""
    plans = json.loads(content)["body"]["plan"]["sessions"]
    return {code for plan in plans for row in plan["rows"] for code in (row["zone"], row["family"])}


def _worked(walk: Walk) -> set[str]:
    """Every zone and every family of the session that was just begun or recorded."""
    now = Session.objects.filter(course=walk.course, state__in=("in-progress", "done")).order_by("-number").values_list("plan", flat=True)
    plan = now.first() or {"rows": []}
    return {code for row in plan["rows"] for code in (row["zone"], row["family"])}


def _has_a_referral(walk: Walk) -> bool:
    papers = Document.objects.filter(patient=walk.course.patient_id, kind="doctor-referral", withdrawn_at=None)
    return papers.filter(issued_on__lte=walk.day).exists()


def _is_without_consent(walk: Walk) -> bool:
    newest = Consent.objects.filter(course=walk.course).order_by("-pk").first()
    if newest is None or walk.told.consent_is_gone:
        return True
    return any(not zones for zones in ConsentWithdrawal.objects.filter(consent=newest).values_list("zones", flat=True))


def _is_unread(walk: Walk) -> bool:
    """Whether a record that tells of a bad reaction, itself or by the next day's skin, was never acknowledged."""
    given = SessionRecord.objects.filter(session__course=walk.course)
    bad = set(given.filter(bad_reaction=True).values_list("pk", flat=True))
    later = NextDay.objects.filter(record__in=given.values("pk")).order_by("pk").values_list("record_id", "has_skin_or_swelling")
    bad |= {record for record, is_so in {record: said for record, said in later if said is not None}.items() if is_so}
    newest = given.order_by("-session__number").values_list("pk", flat=True).first()
    if newest is not None and SessionRecord.objects.filter(pk=newest, recorded_at=walk.clock.now).exists():
        bad.discard(newest)  # this very session
    return bool(bad - set(Acknowledgement.objects.filter(record__in=bad).values_list("record_id", flat=True)))


# What never is --------------------------------------------------------------------------------------------------------------
def _out_of_turn(states: dict[int, str], starts: list[dict[str, Any]], records: list[dict[str, Any]]) -> Iterator[str]:
    numbers = [row["session__number"] for row in records]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"sessions were given out of turn: {numbers}"
    days = [row["given_on"] for row in records]
    if any(later <= earlier for earlier, later in pairwise(days)):
        yield "two sessions were given on one day"
    still_open = [row["session__number"] for row in starts if row["closed_at"] is None]
    if still_open not in ([], [len(numbers) + 1]):
        yield f"sessions {still_open} are being given after {len(numbers)}"
    done = [number for number, state in states.items() if state == "done"]
    if done != numbers:
        yield f"sessions {done} are called given, and {numbers} have a record"
    going = [number for number, state in states.items() if state == "in-progress"]
    if going != still_open:
        yield f"sessions {going} are called in progress, and {still_open} were begun"


def _off_the_tables(walk: Walk) -> Iterator[str]:
    moves = list(CourseMove.objects.filter(course=walk.course).order_by("pk").values_list("before", "after"))
    yield from (f"the course went from {before} to {after}" for before, after in moves if after not in TRANSITIONS[before])
    if any(before != after for (_first, after), (before, _last) in pairwise(moves)):
        yield "the state of the course came from nowhere"
    if moves and moves[-1][1] != walk.course.state:
        yield f"the course is {walk.course.state}, and went to {moves[-1][1]}"
    for before, after in SessionMove.objects.filter(session__course=walk.course).values_list("before", "after").distinct():
        if after not in SESSION_TRANSITIONS[before]:
            yield f"a session went from {before} to {after}"


# Digests --------------------------------------------------------------------------------------------------------------------
def _starts(walk: Walk) -> list[dict[str, Any]]:
    found = SessionStart.objects.filter(session__course=walk.course).annotate(given=Cast("plan", TextField())).order_by("pk")
    columns = ("pk", "session__number", "key", "started_at", "started_on", "started_by", "plan_digest", "given", "closed_at")
    return [dict(row) for row in found.values(*columns)]


def _records(walk: Walk) -> Iterator[dict[str, Any]]:
    found = SessionRecord.objects.filter(session__course=walk.course).annotate(session_plan=Cast("session__plan", TextField()))
    names = [column.attname for column in SessionRecord._meta.concrete_fields]
    yield from found.order_by("session__number").values(*names, "pk", "session__number", "session_plan", "session__digest")


def _digest(row: dict[str, Any]) -> str:
    kept = {name: value for name, value in row.items() if name != "closed_at"}
    return hashlib.sha256(repr(sorted(kept.items())).encode()).hexdigest()
