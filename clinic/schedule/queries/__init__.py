"""What pages and actions read about hours, places and free time. Every query starts at a clinic."""

from clinic.schedule.queries.calendar import calendar_of, standing_absences
from clinic.schedule.queries.days import closed_days, open_days, standing_closures
from clinic.schedule.queries.future import bookings_hit_by_absence, bookings_hit_by_closure, future_bookings_at
from clinic.schedule.queries.people import therapists_for, wishes_of
from clinic.schedule.queries.rules import AreaRow, area_rows, figures_of, rules_of

__all__ = [
    "AreaRow",
    "area_rows",
    "bookings_hit_by_absence",
    "bookings_hit_by_closure",
    "calendar_of",
    "closed_days",
    "figures_of",
    "future_bookings_at",
    "open_days",
    "rules_of",
    "standing_absences",
    "standing_closures",
    "therapists_for",
    "wishes_of",
]
