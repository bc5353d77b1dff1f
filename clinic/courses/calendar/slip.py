"""The patient's slip, A6: the dates to come, where and with whom. Nothing on it says what is treated."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.courses.calendar.queries.courses import DatedSession
from clinic.courses.models import Course
from clinic.courses.prints.typesetting import typeset
from clinic.schedule.models import ScheduleRules


def slip_pdf(course: Course, dates: Iterable[DatedSession], rules: ScheduleRules) -> bytes:
    """The slip in the language in force (PDF/UA-1)."""
    return typeset("slip.typ", slip_data(course, tuple(dates), rules))


def slip_data(course: Course, dates: tuple[DatedSession, ...], rules: ScheduleRules) -> dict[str, Any]:
    """Everything that the slip prints, in words: no condition, no plan, no finding."""
    patient, printed = course.patient, timezone.localtime(timezone=course.clinic.zone)
    sites = list(dict.fromkeys(filter(None, (each.address for each in dates))))
    return {
        "language": get_language() or "en",
        "title": f"{_('Your dates')} – {patient.full_name}",
        "kind": _("Your dates"),
        "clinic": course.clinic.name,
        "addresses": sites,
        "name": patient.full_name,
        "card": f"{_('card')} {patient.card_number}",
        "heads": ["№", _("Date"), _("Time"), _("Where and with whom")],
        "dates": [_line(each, course, names_site=len(sites) > 1) for each in dates],
        "nothing": "" if dates else _("No date is booked."),
        "notes": _notes(rules),
        "foot": _("Printed %(at)s. Dates may have changed since.") % {"at": date_format(printed, "SHORT_DATETIME_FORMAT")},
    }


def _line(each: DatedSession, course: Course, *, names_site: bool) -> dict[str, str]:
    place = f"{each.room}, {each.site}" if names_site else each.room
    return {
        "number": f"{each.number}/{course.session_count}",
        "weekday": date_format(each.day, "D"),
        "day": date_format(each.day, "SHORT_DATE_FORMAT"),
        "clock": f"{each.clock:%H:%M}",
        "place": place,
        "therapist": each.therapist,
    }


def _notes(rules: ScheduleRules) -> list[str]:
    hours = rules.late_cancellation_hours
    return [
        _("Please tell us %(hours)s hours before if you cannot come, so that somebody else can have the time.") % {"hours": hours},
        _("Tell us before the session what is new: illness, fever, medicines."),
    ]
