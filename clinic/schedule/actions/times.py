"""The moment that a day and a time of the clinic's clock mean. Where they mean none or two, people are asked and nothing is guessed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.schedule.wall_clock import DoubledTime, MissingTime, moment_of
from clinic.staff.permissions import ActionDenied


class NoSuchTime(ActionDenied):
    """The clocks go forward over this time on that day."""


class TimeComesTwice(ActionDenied):
    """The clocks go back over this time on that day, and nobody said which one is meant. ``moments`` are both, the earlier first."""

    def __init__(self, sentence: str, moments: tuple[datetime, datetime]) -> None:
        super().__init__(sentence)
        self.moments = moments


def agreed_moment(day: date, clock: time, zone: ZoneInfo, *, second: bool | None) -> datetime:
    """The moment (UTC) of a time by the clinic's clock. ``second`` says which is meant of a time that comes twice.

    Raises ``NoSuchTime`` with the nearest times that there are, ``TimeComesTwice`` with both.
    """
    try:
        return moment_of(day, clock, zone, second=second)
    except MissingTime as missing:
        raise NoSuchTime(_missing(day, clock, zone)) from missing
    except DoubledTime as doubled:
        raise TimeComesTwice(_doubled(day, clock, zone, doubled.moments), doubled.moments) from doubled


def _missing(day: date, clock: time, zone: ZoneInfo) -> str:
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    after, before = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone) for fold in (0, 1))
    sentence = _("On %(day)s the clocks go forward and skip %(time)s. Choose another time, for example %(before)s or %(after)s.")
    return sentence % {"day": day_words(day), "time": _hours(wall), "before": _hours(before, day), "after": _hours(after, day)}


def _doubled(day: date, clock: time, zone: ZoneInfo, moments: tuple[datetime, datetime]) -> str:
    first, second = (_from_greenwich(moment.astimezone(zone)) for moment in moments)
    sentence = _("On %(day)s the clocks go back and %(time)s comes twice, at %(first)s and again at %(second)s. Say which one is meant.")
    return sentence % {"day": day_words(day), "time": f"{clock:%H:%M}", "first": first, "second": second}


def day_words(day: date) -> str:
    """A day as the reader writes it."""
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def _hours(moment: datetime, day: date | None = None) -> str:
    """The time; with its day where that is another one, because a zone may skip a whole day."""
    clock = f"{moment:%H:%M}"
    return clock if day in (None, moment.date()) else f"{day_words(moment.date())} {clock}"


def _from_greenwich(moment: datetime) -> str:
    sign = f"{moment:%z}"
    return f"{moment:%H:%M} (UTC{sign[:3]}:{sign[3:5]})"
