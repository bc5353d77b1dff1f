"""The demo's house: rooms, a device, therapists with hours of their own, an absence and a closure. By the actions of daily work."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Final

from clinic.schedule.actions.absences import Away, add_absence
from clinic.schedule.actions.closures import Closing, add_closure
from clinic.schedule.actions.hours import WeekShift, set_week
from clinic.schedule.actions.resources import add_device, add_room, add_site
from clinic.schedule.models import Site
from clinic.schedule.states import AbsenceReason
from clinic.staff.actions import set_profile
from clinic.staff.models import Clinic, Qualification, Sex, User
from clinic.staff.permissions import Actor

ROOMS: Final = ("Beech", "Birch", "Linden", "Oak")
DEVICE: Final = "Vibration device"
PAPERS: Final[Mapping[str, tuple[Sex, tuple[Qualification, ...]]]] = {
    "anna": (Sex.FEMALE, (Qualification.CHILDREN, Qualification.SEGMENTAL)),
    "greta": (Sex.FEMALE, (Qualification.CHILDREN, Qualification.SEGMENTAL)),
    "henrik": (Sex.MALE, (Qualification.SEGMENTAL, Qualification.APPARATUS)),
    "irina": (Sex.FEMALE, (Qualification.CHILDREN, Qualification.SEGMENTAL, Qualification.APPARATUS)),
}
Times = tuple[tuple[time, time], ...]
EARLY: Final[Times] = ((time(7, 30), time(12)), (time(12, 45), time(15, 30)))
DAY: Final[Times] = ((time(8), time(12)), (time(12, 45), time(16, 30)))
LATE: Final[Times] = ((time(11), time(14, 30)), (time(15), time(19)))
# By weekday, Monday first.
WEEKS: Final[Mapping[str, tuple[Times, ...]]] = {
    "anna": (DAY, DAY, DAY, DAY, DAY),
    "greta": (DAY, LATE, DAY, LATE),
    "henrik": (EARLY, EARLY, LATE, EARLY, EARLY),
    "irina": (LATE, DAY, LATE, DAY, LATE),
}
HELD_SINCE: Final = timedelta(days=180)  # the patients of the demo came long ago
TRAINING_AFTER: Final = 3  # Thursday of next week
CLOSED_AFTER: Final = timedelta(days=25)


def seed_resources(clinic: Clinic, people: Mapping[str, User], admin: Actor) -> None:
    """Everything of the calendar that is there before the first patient. ``people`` by the name of their log-in."""
    site = add_site(name="Lindenhof", address="Lindenallee 12", actor=admin)
    for room in ROOMS:
        add_room(site=site, name=room, actor=admin)
    add_device(site=site, room=None, name=DEVICE, actor=admin)
    for name, (sex, learned) in PAPERS.items():
        set_profile(clinic=clinic, user=people[name], title="", licence="", qualifications=learned, sex=sex, actor=admin)
        set_week(therapist=people[name], shifts=_week(WEEKS[name], site), valid_from=clinic.today() - HELD_SINCE, actor=admin)
    _away_and_closed(people, clinic.today(), admin)


def _week(days: tuple[Times, ...], site: Site) -> list[WeekShift]:
    return [WeekShift(site, starts, ends, weekday) for weekday, shifts in enumerate(days) for starts, ends in shifts]


def _away_and_closed(people: Mapping[str, User], today: date, admin: Actor) -> None:
    thursday = today + timedelta(days=7 - today.weekday() + TRAINING_AFTER)
    add_absence(therapist=people["henrik"], away=Away(thursday, thursday, AbsenceReason.TRAINING), actor=admin)
    closed = today + CLOSED_AFTER
    closed -= timedelta(days=(closed.weekday() - 4) % 7)  # the Friday before or on it
    add_closure(closing=Closing(closed, closed, "Works on the heating"), actor=admin)
