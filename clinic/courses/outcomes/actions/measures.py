"""Keeping what was measured, and correcting it: a correction is a new row beside the old one, never a change of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import locked_course
from clinic.courses.actions.reviewing import ask_doctor_when_needed
from clinic.courses.models import Course, MeasureValue, Session
from clinic.courses.outcomes.asked import is_by_eye, sides_of
from clinic.courses.outcomes.values import TAKEN_BACK
from clinic.courses.permissions import check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.states import CourseState
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.entries import Measure
from protocols.method.library import Library

LONGEST_WORDS: Final = 600


@dataclass(frozen=True, slots=True)
class Measured:
    """One value as it was entered: a number in the unit of the measure, or words where it is compared by eye."""

    measure: str
    value: Decimal | None = None
    words: str = ""
    side: str = ""
    moment: str = ""


@transaction.atomic
def keep_measures(*, course: Course, said: Sequence[Measured], measured_on: date, on: date, actor: Actor) -> tuple[MeasureValue, ...]:
    """Keeps values measured on one day. ``on`` is the clinic's day.

    Denied without any value, for a measure or side that the library does not know, a number outside its limits, a day that is still to
    come or lies before the birth, and for a discarded course. A value of a day on which a session was given belongs to that session.
    What is worse twice running is put before the doctors.
    """
    check_can_plan(actor)
    locked = locked_course(course)
    if locked.state == CourseState.DISCARDED:
        raise ActionDenied(_("This draft was discarded."))
    if not said:
        raise ActionDenied(_("Nothing was entered yet."))
    _check_day(measured_on, locked.patient.born_on, on)
    for each in said:
        _check(library_of(locked), each)
    edition, session = library_of(locked).edition, Session.objects.filter(course=locked, record__given_on=measured_on).defer("plan").last()
    made = [
        MeasureValue.objects.create(
            course=locked, session=session, measure=each.measure, side=each.side, value=each.value, words=each.words.strip(),
            moment=each.moment, measured_on=measured_on, edition=edition, by=actor.user,
        )
        for each in said
    ]  # fmt: skip
    details = {"patient": locked.patient_id, "values": [row.pk for row in made], "measures": sorted({row.measure for row in made})}
    record(actor=actor, verb="measured", subject=locked, details=details)
    ask_doctor_when_needed(locked)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Correction:
    """What should have been entered and why; ``is_void`` takes the value back: nothing was measured."""

    reason: str
    value: Decimal | None = None
    words: str = ""
    is_void: bool = False


@transaction.atomic
def correct_measure(*, value: MeasureValue, correction: Correction, actor: Actor) -> MeasureValue:
    """Puts a value right by a new row of the same day that replaces it.

    Denied without a reason, for a value that was corrected already, for the same value again, and outside the limits of the measure.
    """
    check_can_plan(actor)
    locked = locked_course(value.course)
    old, reason = MeasureValue.objects.select_for_update(of=("self",)).get(pk=value.pk), correction.reason.strip()
    if not reason:
        raise ActionDenied(_("Write why it is corrected."))
    if MeasureValue.objects.filter(replaces=old).exists():
        raise ActionDenied(_("This value was corrected already. Correct what stands now."))
    number, words = (None, reason) if correction.is_void else (correction.value, correction.words.strip())
    if not correction.is_void:
        _check(library_of(locked), Measured(old.measure, number, words, old.side))
        if (number, words) == (old.value, old.words):
            raise ActionDenied(_("This is what stands already."))
    same = {name: getattr(old, name) for name in ("session_id", "measure", "side", "measured_on", "moment")}
    what = {"value": number, "words": words} | ({"moment": TAKEN_BACK} if correction.is_void else {})
    made = MeasureValue.objects.create(
        **{**same, **what}, course=locked, replaces=old, reason=reason, edition=library_of(locked).edition, by=actor.user
    )
    details = {"patient": locked.patient_id, "value": made.pk, "replaces": old.pk, "measure": old.measure}
    record(actor=actor, verb="corrected-measure", subject=locked, details=details)
    return made


def _check_day(measured_on: date, born_on: date, on: date) -> None:
    if measured_on > on:
        raise ActionDenied(_("Nothing can have been measured on a day that is still ahead."))
    if measured_on < born_on:
        raise ActionDenied(_("Nothing can have been measured before the patient was born."))


def _check(library: Library, said: Measured) -> None:
    """Raises ``ActionDenied`` for what cannot be a value of this measure."""
    measures: Mapping[str, Measure] = library.measures
    measure = measures.get(said.measure)
    if measure is None or said.side not in sides_of(measure):
        raise ActionDenied(_("The library has no such measure."))
    if is_by_eye(measure):
        if not said.words.strip() or said.value is not None or len(said.words) > LONGEST_WORDS:
            raise ActionDenied(_("This is compared by eye: write what you see in a few words."))
    elif said.value is None or not measure.min <= said.value <= measure.max:
        raise ActionDenied(limits_sentence(measure))


def limits_sentence(measure: Measure) -> str:
    """Between which numbers a measure lies."""
    return _("Enter a number from %(min)s to %(max)s.") % {"min": f"{measure.min:g}", "max": f"{measure.max:g}"}
