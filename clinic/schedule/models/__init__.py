"""The schedule: places, people's time, bookings, feeds."""

from clinic.schedule.models.bookings import Booking, BookingChange, Feed, Placement
from clinic.schedule.models.people import Absence, Closure, DayHours, Wishes, WorkingHours
from clinic.schedule.models.places import AreaNorm, Device, Room, ScheduleRules, Site

__all__ = [
    "Absence",
    "AreaNorm",
    "Booking",
    "BookingChange",
    "Closure",
    "DayHours",
    "Device",
    "Feed",
    "Placement",
    "Room",
    "ScheduleRules",
    "Site",
    "Wishes",
    "WorkingHours",
]
