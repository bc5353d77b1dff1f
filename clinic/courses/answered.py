"""What comes back by the links of messages: other times for who cannot come, and the pain of the next morning."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.actions.after import answer_by_link
from clinic.courses.calendar.queries.choosing import ground_of_booked
from clinic.courses.calendar.standing import why_no_dates
from clinic.courses.models import Session, SessionRecord
from clinic.courses.states import SessionState
from clinic.reminders.models import Message
from clinic.reminders.sources import keep_pain_with, offer_times_with
from clinic.schedule.cells import clock_of
from clinic.schedule.models import Booking
from clinic.staff.permissions import ActionDenied

OFFERED: Final = 5


def courses_are_answered() -> None:
    """To be called when the app is ready."""
    offer_times_with(other_times)
    keep_pain_with(keep_pain)


def other_times(booking: Booking, now: datetime) -> Sequence[tuple[date, time]]:
    """At most five other times for a booked session that keep the rhythm of its course, as the page for moving it offers them.

    Day and clock of the clinic, the best first, each once; nothing is held. None where the session has no date to come any more, or its
    course gets no dates now.
    """
    wanted = Session.objects.filter(booking=booking, state=SessionState.BOOKED).defer("plan")
    session = wanted.select_related("course__clinic", "course__patient", "course__referral").first()
    if session is None or why_no_dates(session.course):
        return ()
    ground, sessions = ground_of_booked(session.course, now=now, on=session.course.clinic.today())
    place = next((number for number, each in enumerate(sessions, start=1) if each.pk == session.pk), 0)
    found = ground.others_for(place, OFFERED) if place else ()
    return tuple(dict.fromkeys((row.slot.day, clock_of(row.slot.cell)) for row in found))


def keep_pain(message: Message, pain: int, now: datetime) -> None:
    """The patient's answer to the question of a morning after: kept with the record that the message asked about.

    Raises ``ActionDenied`` where the record is not there, and for what ``answer_by_link`` refuses.
    """
    kind, _colon, number = message.about.partition(":")
    records = SessionRecord.objects.filter(pk=number, session__course__clinic=message.clinic_id) if number.isdecimal() else None
    record = records.select_related("session__course__clinic").first() if records is not None and kind == "record" else None
    if record is None:
        raise ActionDenied(_("There is nothing to answer."))
    answer_by_link(record=record, pain=pain, on=now.astimezone(record.session.course.clinic.zone).date())
