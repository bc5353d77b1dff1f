"""What waits at the desk of an administrator. Nothing here tells about health: courses are known by their patient and their dates."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.calendar.queries import sessions, to_do
from clinic.courses.calendar.queries.affected import conflicts
from clinic.courses.calendar.queries.waiting import fallen_free, is_offered_one, open_waitings
from clinic.courses.calendar.queries.waiting_briefly import how_many_may_want
from clinic.courses.calendar.waiting import FreePlace
from clinic.home.queries import still_free, with_a_doctor
from clinic.home.queues.values import SHOWN, Found, Line, Moment, waits_for
from clinic.reminders.queries.outbox import MOST_COUNTED, cannot_come_count, to_deal_with, undelivered_count
from clinic.schedule.cells import clock_of
from clinic.schedule.models import Booking
from clinic.schedule.queries import therapists_for


def when_of(booking: Booking) -> str:
    """Day, time and therapist of a booking."""
    day = date_format(booking.day, "D j E")
    return f"{day}, {booking.clock:%H:%M} · {booking.therapist.full_name}"


def unresolved(moment: Moment) -> Found:
    """Sessions whose time is over without a word. Two queries."""
    found = sessions.unresolved_at(moment.actor.clinic, moment.now, limit=SHOWN)
    url = reverse("calendar:unresolved")
    lines = [
        Line(each.booking.patient.full_name, f"{each.counter} · {when_of(each.booking)}", _("Say who came"), url, each.booking.patient_id)
        for each in found
    ]
    return Found(lines, to_do.unresolved_count(moment.actor.clinic, moment.now) if len(lines) == SHOWN else len(lines))


def cannot_come(moment: Moment) -> Found:
    """Patients who said by a link that they cannot come. One query."""
    count = cannot_come_count(moment.actor.clinic)
    words = ngettext("%(count)s patient cannot come to a date", "%(count)s patients cannot come to a date", count) % {"count": count}
    lines = [
        Line(words, _("Move the date or give it up; the patient waits for a call."), _("Read the answers"), reverse("reminders:answers"))
    ]
    return Found(lines[: min(count, 1)], min(count, 1))


def conflicting(moment: Moment) -> Found:
    """Sessions booked on a closed day or with somebody who is away. Eight queries at most."""
    found = conflicts(moment.actor.clinic, now=moment.now)
    url = reverse("calendar:conflicts")
    lines = [
        Line(each.booking.patient.full_name, when_of(each.booking), _("Find another place"), url, each.booking.patient_id)
        for each in found[:SHOWN]
    ]
    return Found(lines, len(found))


def need_dates(moment: Moment) -> Found:
    """Signed and running courses with sessions that have no date. Two queries at most."""
    asked = to_do.courses_without_dates(moment.actor.clinic)
    lines = [_without_dates(course) for course in asked[:SHOWN]]
    return Found(lines, asked.count() if len(lines) == SHOWN else len(lines))


def _without_dates(course: Any) -> Line:
    words = _("%(count)s of %(of)s sessions without a date") % {"count": course.undated, "of": course.session_count}
    who = f" · {course.therapist.full_name}" if course.therapist else ""
    return Line(course.patient.full_name, words + who, _("Propose dates"), reverse("calendar:propose", args=[course.pk]), course.patient_id)


def need_signature(moment: Moment) -> Found:
    """Plans and referrals that lie with a doctor, the longest waiting first. Two queries."""
    found = with_a_doctor(moment.actor.clinic)
    lines = [_with_doctor(*each, moment.now) for each in found[:SHOWN]]
    return Found(lines, len(found))


def _with_doctor(patient: Any, word: str, since: datetime | None, now: datetime) -> Line:
    words = " · ".join([word, _("with the doctor"), *([waits_for(since, now)] if since else [])])
    return Line(patient.full_name, words, _("Open the patient"), reverse("patients:detail", args=[patient.pk]), patient.pk)


def referrals_end(moment: Moment) -> Found:
    """Courses whose referral does not reach all their sessions. Two queries at most."""
    asked = to_do.referrals_that_end(moment.actor.clinic, moment.on)
    lines = [_ending(course) for course in asked[:SHOWN]]
    return Found(lines, asked.count() if len(lines) == SHOWN else len(lines))


def _ending(course: Any) -> Line:
    day = date_format(course.referral.valid_until, "SHORT_DATE_FORMAT")
    said = {"day": day, "given": course.given or 0, "count": course.referral.session_count}
    words = _("valid until %(day)s, %(given)s of %(count)s sessions given") % said
    return Line(
        course.patient.full_name, words, _("Open the patient"), reverse("patients:detail", args=[course.patient_id]), course.patient_id
    )


def undelivered(moment: Moment) -> Found:
    """Messages that reached nobody and that nobody has dealt with. Two queries at most."""
    found = list(to_deal_with(moment.actor.clinic).defer("fields", "body")[:SHOWN])
    count = undelivered_count(moment.actor.clinic) if len(found) == SHOWN else len(found)
    return Found([_not_delivered(each) for each in found], min(count, MOST_COUNTED), is_more=count > MOST_COUNTED)


def _not_delivered(message: Any) -> Line:
    who = (message.patient or message.user).full_name
    words = f"{message.get_kind_display()} · {message.get_channel_display()}"
    return Line(who, words, _("See what to do"), f"{reverse('reminders:undelivered')}#message-{message.pk}", message.patient_id)


def holds_end(moment: Moment) -> Found:
    """Places that are held and not confirmed. Two queries at most."""
    asked = to_do.holds_that_end(moment.actor.clinic, now=moment.now)
    lines = [_held(each) for each in asked[:SHOWN]]
    return Found(lines, asked.count() if len(lines) == SHOWN else len(lines))


def _held(booking: Booking) -> Line:
    until = date_format(booking.held_until.astimezone(booking.clinic.zone), "H:i") if booking.held_until else ""
    words = f"{when_of(booking)} · {_('held until %(clock)s') % {'clock': until}}"
    return Line(
        booking.patient.full_name, words, _("Confirm or let go"), reverse("calendar:booking", args=[booking.pk]), booking.patient_id
    )


def wait_list_matches(moment: Moment) -> Found:
    """Places that fell free, are still free, and that wishes, dates and rhythm of somebody who waits allow. Twelve queries at most.

    Whether rooms and loads allow it too is worked out on the page of the waiting list, which costs much more.
    """
    clinic = moment.actor.clinic
    waitings = [each for each in open_waitings(clinic) if not is_offered_one(each)]
    places = still_free(clinic, fallen_free(clinic, now=moment.now)) if waitings else ()
    wanted = {place: count for place, count in how_many_may_want(places, waitings, clinic=clinic, now=moment.now).items() if count}
    names = {each.pk: each.full_name for each in therapists_for(clinic)} if wanted else {}
    lines = list(_matches(wanted, names))
    return Found(lines[:SHOWN], len(lines))


def _matches(wanted: Mapping[FreePlace, int], names: Mapping[int, str]) -> Iterator[Line]:
    for place, count in wanted.items():
        if place.therapist in names:
            who = f"{date_format(place.day, 'D j E')}, {clock_of(place.cell):%H:%M} · {names[place.therapist]}"
            words = ngettext("%(count)s person waits who may want it", "%(count)s people wait who may want it", count) % {"count": count}
            asks = f"?date={place.day.isoformat()}&clock={clock_of(place.cell):%H:%M}&therapist={place.therapist}"
            yield Line(who, words, _("See whom it fits"), reverse("calendar:waiting") + asks)
