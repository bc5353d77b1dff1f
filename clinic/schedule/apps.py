"""The schedule: hours, absences, rooms, closures, bookings, and the dates proposed for a course."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "clinic.schedule"
    label = "schedule"
    verbose_name = "Schedule"

    def ready(self) -> None:
        """Says what goes over when two records are merged."""
        from clinic.schedule.moved import bookings_move

        bookings_move()
