"""What the next course of a patient can be planned from: a referral that stands, the last course, or both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Value

from clinic.courses.again.progression import LOOKED_AT, Ending, ending_of
from clinic.courses.models import OVER, Course, SessionRecord
from clinic.courses.queries import WITH_A_COURSE, last_screening, screening_of
from clinic.courses.so_far import felt_of
from clinic.courses.states import CourseState
from patients.models import Patient, Referral
from patients.queries.referrals import ONCE_SIGNED, is_signed_as_it_stands, referrals_of
from patients.referrals import Balance, Counts, balance_of, counts_of, state_on
from patients.states import ReferralState
from protocols.method.entries import Condition, Stage
from protocols.method.findings import Screening
from protocols.method.library import Library

UNDER_WAY: Final = tuple(state for state in CourseState if state not in (*OVER, CourseState.DISCARDED))


@dataclass(frozen=True, slots=True)
class Offer:
    """One condition and stage that a next course could be for. ``referral`` or ``course`` are what speaks for it, by number; 0: none.

    ``is_busy``: a course of that condition is under way.
    """

    condition: str
    stage: str
    referral: int = 0
    course: int = 0
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class FallenReferral:
    """The newest referral for the condition where none stands. ``why``: expired | exhausted | not-yet | not-signed | broken."""

    referral: Referral
    why: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a next course is planned from. ``last`` is the last course of the condition, in whichever stage; ``others`` are other offers.

    ``under_way`` is a course of the condition that is not over: then a next one is hardly meant.
    """

    patient: Patient
    on: date
    condition: Condition
    stage: Stage
    referral: Referral | None = None
    balance: Balance | None = None
    fallen: FallenReferral | None = None
    last: Course | None = None
    ended_on: date | None = None  # the day of its last session
    ending: Ending | None = None
    screened: Screening | None = None
    under_way: int = 0
    others: tuple[Offer, ...] = ()

    @property
    def is_same_stage(self) -> bool:
        """Whether the last course was in this very stage, so that what was changed by hand fits."""
        return self.last is not None and self.last.stage == self.stage.code

    @property
    def usual_count(self) -> int:
        """How many sessions are planned where nobody says otherwise: as many as the referral still covers, else as the stage has."""
        if self.balance is not None:
            return self.balance.left
        return self.stage.treatment.sessions.usual if self.stage.treatment else 1

    @property
    def referred_on(self) -> date | None:
        """The day of the doctor's word."""
        return self.referral.document.issued_on if self.referral and self.referral.document else None


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What speaks for a course in a line: a course of the patient, or a signed referral. ``day`` is its last one."""

    kind: str  # course | referral
    pk: int
    condition: str
    stage: str
    state: str
    day: date | None


def offers_of(patient: Patient, library: Library, on: date) -> tuple[Offer, ...]:
    """What speaks for a next course, the doctor's word first: by dates and states, before a count or signature is read. One query."""
    return _known(_spoken(patient), library, on)


def offers_from(courses: Iterable[Course], referrals: Iterable[Referral], library: Library, on: date) -> tuple[Offer, ...]:
    """The same where the patient's courses, discarded ones left out, and referrals are at hand."""
    given = [_Spoken("course", each.pk, each.condition, each.stage, each.state, each.finished_on) for each in courses]
    signed = (each for each in referrals if each.state == ReferralState.SIGNED)
    said = [_Spoken("referral", each.pk, each.condition, each.stage, each.state, each.valid_until) for each in signed]
    return _known(_in_turn([*given, *said]), library, on)


def _spoken(patient: Patient) -> tuple[_Spoken, ...]:
    """Courses, the one that ended last first and discarded ones left out, and signed referrals, the newest first. One query."""
    names = ("pk", "condition", "stage", "state")
    courses = Course.objects.filter(clinic=patient.clinic, patient=patient).exclude(state=CourseState.DISCARDED).order_by()
    referrals = Referral.objects.filter(patient=patient, state=ReferralState.SIGNED).order_by()
    found = courses.annotate(kind=Value("course")).values_list("kind", *names, "finished_on")
    rows = [_Spoken(*row) for row in found.union(referrals.annotate(kind=Value("referral")).values_list("kind", *names, "valid_until"))]
    return _in_turn(rows)


def _in_turn(rows: Iterable[_Spoken]) -> tuple[_Spoken, ...]:
    return tuple(sorted(rows, key=lambda row: (row.day or date.min if row.kind == "course" else date.min, row.pk), reverse=True))


def _known(spoken: Sequence[_Spoken], library: Library, on: date) -> tuple[Offer, ...]:
    """One offer for each condition that the present edition still has in that stage."""
    busy = {each.condition for each in spoken if each.kind == "course" and each.state in UNDER_WAY}
    last: dict[str, _Spoken] = {}
    for each in spoken:
        if each.kind == "course" and each.state in OVER:
            last.setdefault(each.condition, each)
    found: dict[str, Offer] = {}
    for referral in (each for each in spoken if each.kind == "referral" and each.day is not None and each.day >= on):
        known = last.get(referral.condition)
        is_busy = referral.condition in busy
        found.setdefault(referral.condition, Offer(referral.condition, referral.stage, referral.pk, known.pk if known else 0, is_busy))
    for course in last.values():
        found.setdefault(course.condition, Offer(course.condition, course.stage, 0, course.pk, course.condition in busy))
    return tuple(sorted((offer for offer in found.values() if _is_known(offer, library)), key=lambda offer: offer.is_busy))


def basis_of(patient: Patient, library: Library, on: date, *, condition: str = "", stage: str = "") -> Basis | None:
    """What the next course is planned from: the best offer, or the one with this condition. None where nothing is there to begin with.

    ``stage`` chooses another stage of the condition.
    """
    spoken, referrals = _spoken(patient), referrals_of(patient)
    known = _known(spoken, library, on)
    offer = next((each for each in known if each.condition == condition), None) if condition else next(iter(known), None)
    if offer is None:
        return None
    found = library.conditions[offer.condition]
    chosen = found.stages.get(stage) or found.stages[offer.stage]
    referral, balance = _standing(offer.condition, referrals, on)
    last = Course.objects.select_related(*WITH_A_COURSE).filter(pk=offer.course).first() if offer.course else None
    going = (each for each in spoken if each.kind == "course" and each.state in UNDER_WAY)
    under_way = next((each.pk for each in going if each.condition == offer.condition), 0)
    return Basis(
        patient, on, found, chosen, referral, balance,
        fallen=None if referral else _fallen(offer.condition, referrals, on),
        last=last,
        **(_how_it_ended(last, library, found) if last else {}),
        screened=(last_screening(last) or screening_of(last)) if last else None,
        under_way=under_way,
        others=tuple(each for each in known if each is not offer),
    )  # fmt: skip


def _is_known(offer: Offer, library: Library) -> bool:
    """Whether the present edition still has the condition and the stage."""
    condition = library.conditions.get(offer.condition)
    return condition is not None and offer.stage in condition.stages


def _standing(condition: str, referrals: Sequence[Referral], on: date) -> tuple[Referral | None, Balance | None]:
    """The newest referral for the condition under which sessions can still be given and planned, with what is left of it."""
    for referral in referrals:
        if referral.condition != condition or referral.state not in ONCE_SIGNED:
            continue
        counts = counts_of(referral)
        if _why_not(referral, counts, on) == "" and is_signed_as_it_stands(referral):
            return referral, balance_of(referral, counts=counts)
    return None, None


def _why_not(referral: Referral, counts: Counts, on: date) -> str:
    """Why no session may be given under it on that day; empty where one may."""
    state = state_on(referral, on=on, counts=counts)
    if state == ReferralState.EXPIRED:
        return "expired"
    if state == ReferralState.EXHAUSTED or not balance_of(referral, counts=counts).left:
        return "exhausted"
    if referral.valid_from > on:
        return "not-yet"
    return "" if state == ReferralState.SIGNED else "not-signed"


def _fallen(condition: str, referrals: Sequence[Referral], on: date) -> FallenReferral | None:
    newest = next((each for each in referrals if each.condition == condition and each.state != ReferralState.WITHDRAWN), None)
    if newest is None:
        return None
    return FallenReferral(newest, _why_not(newest, counts_of(newest), on) or "broken")


def _how_it_ended(last: Course, library: Library, condition: Condition) -> dict[str, Any]:
    """The day of its last session and how it ended, which is None where the edition no longer holds its stage. Two queries."""
    found = SessionRecord.objects.filter(session__course=last).select_related("session").defer("session__plan")
    newest = list(found.prefetch_related("next_days").order_by("-session__number")[:LOOKED_AT])
    stage, records = condition.stages.get(last.stage), [felt_of(record, library) for record in reversed(newest)]
    ended_on = newest[0].given_on if newest else last.finished_on
    if stage is None or stage.treatment is None:
        return {"ended_on": ended_on}
    return {"ended_on": ended_on, "ending": ending_of(records, library, stage, is_finished=last.state == CourseState.FINISHED)}
