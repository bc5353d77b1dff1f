"""Who waits for a place: put on the list, changed, taken off. One transaction and one audit line each.

Rows are locked in one order: patient, course, the wait, the offer, then what a booking uses.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions import locked_course
from clinic.courses.calendar.queries.waiting import next_session
from clinic.courses.calendar.standing import dates_of, why_no_dates
from clinic.courses.models import Course, Waiting
from clinic.courses.states import CourseState
from clinic.schedule.actions import release_bookings
from clinic.schedule.permissions import check_can_book
from clinic.schedule.states import BookingReason
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor

# Nobody waits for a date of a course that gets none any more.
OVER = (CourseState.FINISHED, CourseState.ENDED, CourseState.DISCARDED)


@dataclass(frozen=True, slots=True)
class WaitingWishes:
    """When, by whom and until when an earlier place is wished. ``weekdays`` empty means any; Monday is 0."""

    first_on: date
    last_on: date
    weekdays: tuple[int, ...] = ()
    earliest: time | None = None
    latest: time | None = None
    therapist: User | None = None
    note: str = ""


# Who waits ---------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def wait_for_place(*, course: Course, wishes: WaitingWishes, actor: Actor) -> Waiting:
    """Puts a course on the list, or changes the wishes of one that is on it; its turn stays.

    Raises ``ActionDenied`` for who may not book, for a course that gets no dates, and for a therapist of another clinic.
    """
    check_may(actor, course)
    locked = locked_course(course)
    if sentence := why_no_dates(locked):
        raise ActionDenied(sentence)
    if next_session(dates_of(locked), timezone.now()) is None:
        raise ActionDenied(_("No session of this course is to come."))
    open_one = Waiting.objects.select_for_update().filter(course=locked, closed_at=None).first()
    waiting = open_one or Waiting(course=locked, added_by=actor.user)
    waiting.first_on, waiting.last_on, waiting.note = wishes.first_on, wishes.last_on, wishes.note
    waiting.weekdays, waiting.earliest, waiting.latest = sorted(wishes.weekdays), wishes.earliest, wishes.latest
    waiting.therapist = wishes.therapist
    waiting.save()
    note("changed-waiting" if open_one else "added-waiting", waiting, actor)
    return waiting


@transaction.atomic
def withdraw_waiting(*, waiting: Waiting, actor: Actor) -> None:
    """Takes somebody off the list; what was offered falls free. A second time nothing happens. Raises ``ActionDenied``."""
    check_may(actor, waiting.course)
    locked_course(waiting.course)
    row = locked_waiting(waiting)
    if row.closed_at is not None:
        return
    offer = row.offers.select_for_update(of=("self",)).filter(answer="").select_related("booking").first()
    if offer is not None:
        offer.answer, offer.answered_at, offer.answered_by = "withdrawn", timezone.now(), actor.user
        offer.save(update_fields=["answer", "answered_at", "answered_by"])
        release_bookings(bookings=[offer.booking], reason=BookingReason.OTHER, note="", actor=actor)
    close(row, "withdrawn")
    note("withdrew-waiting", row, actor)


@transaction.atomic
def end_waiting(*, waiting: Waiting, now: datetime) -> bool:
    """Takes somebody off the list whose last day is over or whose course is; says whether that was so. Nobody did it: the day did."""
    row = Waiting.objects.select_for_update(of=("self",)).select_related("course__clinic").get(pk=waiting.pk)
    today = now.astimezone(row.course.clinic.zone).date()
    is_over = row.last_on < today or row.course.state in OVER
    if row.closed_at is not None or not is_over or row.offers.filter(answer="").exists():
        return False
    close(row, "expired")
    note("ended-waiting", row, None)
    return True


# For whatever is done about a wait ---------------------------------------------------------------------------------------------
def check_may(actor: Actor, course: Course) -> None:
    """Raises ``ActionDenied`` for who may not book, and for a course of another clinic."""
    check_can_book(actor)
    if course.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("Choose a course of this clinic."))


def locked_waiting(waiting: Waiting) -> Waiting:
    """The wait as it is now, its row locked until the transaction is over; after its patient and its course."""
    return Waiting.objects.select_for_update(of=("self",)).get(pk=waiting.pk)


def close(waiting: Waiting, why: str) -> None:
    """Ends a locked wait: placed, withdrawn or expired."""
    waiting.closed_at, waiting.closed_why = timezone.now(), why
    waiting.save(update_fields=["closed_at", "closed_why"])


def note(verb: str, waiting: Waiting, actor: Actor | None, **more: Any) -> None:
    """One line in the audit: whose wait it was, of which course, and what else is to be known."""
    course = waiting.course
    details = {"patient": course.patient_id, "course": course.pk, **more}
    record(actor=actor, verb=verb, subject=waiting, details=details, clinic=course.clinic)
