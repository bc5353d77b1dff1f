"""What rules mean, by example: when a session on a Tuesday is reminded of, and how a text message begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.reminders.due import Due, Shift, day_before, hours_before, outside_quiet
from clinic.reminders.models import MessageRules
from clinic.reminders.neutral import clinical_words, name_of
from clinic.reminders.queries.rules import quiet_of
from clinic.schedule.wall_clock import MissingTime, moment_of

TUESDAY: Final = 1
LONG_BEFORE: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Example:
    """A session, the times at which it is reminded of, and why one is other than the rule says."""

    session: str
    times: tuple[str, ...]
    shifted: bool

    @property
    def sentence(self) -> str:
        if not self.times:
            return _("A session on %(session)s is not reminded of.") % {"session": self.session}
        times = self.times[0]
        if len(self.times) > 1:
            times = _("%(first)s and on %(second)s") % {"first": self.times[0], "second": self.times[1]}
        return _("A session on %(session)s is reminded of on %(times)s.") % {"session": self.session, "times": times}


def examples_of(rules: MessageRules, today: date) -> Iterator[Example]:
    """An ordinary session and an early one, next Tuesday or the one after it."""
    day = today + timedelta(days=(TUESDAY - today.weekday()) % 7 + 7)
    for clock in (time(10), time(8)):
        yield _example(rules, day, clock)


def _example(rules: MessageRules, day: date, clock: time) -> Example:
    zone, quiet = rules.clinic.zone, quiet_of(rules, None)
    try:
        starts_at = moment_of(day, clock, zone, second=False)
    except MissingTime:
        return _example(rules, day + timedelta(days=7), clock)
    wanted = [] if rules.day_before_at is None else [day_before(day, rules.day_before_at, zone)]
    wanted += [] if rules.hours_before is None else [hours_before(starts_at, rules.hours_before)]
    due = [outside_quiet(each, quiet, zone, after=starts_at - LONG_BEFORE, until=starts_at) for each in wanted]
    sent = {each.at: each for each in due if each.shift != Shift.QUIET}
    times = tuple(_told(moment.astimezone(zone)) for moment in sorted(sent))
    return Example(_at(day, clock), times, any(_is_moved(each) for each in sent.values()))


def _is_moved(due: Due) -> bool:
    return due.shift in (Shift.EARLIER, Shift.LATER)


def _told(there: datetime) -> str:
    return _at(there.date(), there.time())


def _at(day: date, clock: time) -> str:
    return pgettext("a weekday and a time", "%(day)s at %(time)s") % {"day": date_format(day, "l"), "time": f"{clock:%H:%M}"}


@dataclass(frozen=True, slots=True)
class Named:
    """How the clinic is called in messages, and why not by its own name."""

    name: str
    hidden: tuple[str, ...]


def named(rules: MessageRules) -> Named:
    """The name in messages; ``hidden`` are the words of the clinic's own name that may not stand in one."""
    hidden = () if rules.short_name else clinical_words(rules.clinic.name, is_name=True, edition=rules.clinic.edition_digest)
    return Named(name_of(rules.clinic, rules), hidden)
