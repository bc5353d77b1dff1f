"""What keeps a next course and books its dates: one transaction each, actor last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.courses.actions import locked_course, plan_course, transfer_course
from clinic.courses.calendar.actions import confirm_dates
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.choosing import ground_for
from clinic.courses.calendar.queries.holds import key_for
from clinic.courses.calendar.slots import place_of
from clinic.courses.calendar.wanting import work_of
from clinic.courses.models import Course, DatePattern, PlanEdit, RuleOverride
from clinic.courses.permissions import check_can_plan
from clinic.courses.planning import CourseRequest
from clinic.schedule.actions import SlotTaken, hold_places
from clinic.schedule.models import Booking
from clinic.schedule.permissions import check_can_book
from clinic.schedule.proposing.values import Slot
from clinic.schedule.queries import rules_of
from clinic.staff.models import User
from clinic.staff.permissions import Actor
from patients.actions import record_facts
from patients.models import Patient
from patients.questionnaire import Reply
from protocols.method.edits import LAST_SESSION, Edits, edits_to_json


@dataclass(frozen=True, slots=True)
class NextCourse:
    """What is to be kept: the request, today's answers, and who gives it (None: whoever plans it, if that is a therapist)."""

    wanted: CourseRequest
    replies: Mapping[str, Reply]
    therapist: User | None = None


@transaction.atomic
def plan_again(*, patient: Patient, asked: NextCourse, on: date, actor: Actor) -> Course:
    """Keeps today's answers and a draft course that is planned under them, with what is carried over from the last one by hand.

    Raises what ``plan_course`` raises, and ``ActionDenied`` for a therapist who is none here; nothing is kept then.
    """
    check_can_plan(actor)
    if asked.replies:
        record_facts(patient=patient, replies=asked.replies, on=on, given_by="patient", actor=actor)
    course = plan_course(patient=patient, wanted=asked.wanted, on=on, actor=actor)
    if asked.wanted.edits:
        _keep_by_hand(course, asked.wanted.edits, actor)
    if asked.therapist is not None and asked.therapist.pk != course.therapist_id:
        course = transfer_course(course=course, therapist=asked.therapist, version=course.version, actor=actor)
    return course


def _keep_by_hand(course: Course, edits: Edits, actor: Actor) -> None:
    """The changes by hand stand in the ledger of the new course as well, with every soft rule that was set aside for them."""
    kept = PlanEdit.objects.create(
        course=course, version=course.version, before={}, after=edits_to_json(edits), digest_before="", digest_after=course.digest,
        note=_("Carried over from the last course."), by=actor.user,
    )  # fmt: skip
    spans = {edit.step: (edit.first, min(edit.last, course.session_count)) for edit in edits.edits}
    RuleOverride.objects.bulk_create(
        RuleOverride(
            edit=kept, code=override.code, step=override.step, **_place(override.step), reason=override.reason, words=override.words,
            **dict(zip(("first", "last"), spans.get(override.step, (1, min(LAST_SESSION, course.session_count))), strict=True)),
        )
        for override in edits.overrides
    )  # fmt: skip


def _place(key: str) -> dict[str, str]:
    _row, zone, side = (*key.split(":"), "", "")[:3]
    return {"zone": zone, "side": side}


@transaction.atomic
def book_again(*, course: Course, pattern: Pattern, slots: Sequence[Slot], token: str, now: datetime, actor: Actor) -> tuple[Booking, ...]:
    """Books exactly these places for the sessions of a course in their order, or none of them; the wish is kept with the course.

    Raises ``SlotTaken`` where a place is not free any more, and what ``hold_places`` and ``confirm_dates`` raise.
    """
    check_can_book(actor)
    locked = locked_course(course)
    ground = ground_for(locked, pattern, now=now)
    if not all(ground.has_place(slot) for slot in slots):
        raise SlotTaken(_("Somebody else has taken one of these times."), resource="therapist")
    DatePattern.objects.update_or_create(course=locked, defaults={"pattern": pattern.stored(), "saved_by": actor.user})
    key, work = key_for(locked, token), work_of(locked)
    until = now + timedelta(minutes=rules_of(locked.clinic).hold_minutes)
    hold_places(clinic=locked.clinic, key=key, places=[place_of(locked, slot, work) for slot in slots], until=until, actor=actor)
    return confirm_dates(course=locked, key=key, actor=actor)
