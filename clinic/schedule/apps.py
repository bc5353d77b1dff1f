"""The schedule: hours, absences, rooms, closures, bookings, and the dates proposed for a course."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    name = "clinic.schedule"
    label = "schedule"
    verbose_name = "Schedule"

    def ready(self) -> None:
        """Says what goes over when two records are merged, adds the schedule to the navigation and the wishes to each patient's page."""
        from clinic.schedule.caring import dates_are_care
        from clinic.schedule.moved import bookings_move
        from clinic.schedule.panel import died_panel, wishes_panel
        from clinic.staff.models import Role
        from clinic.web.navigation import Item, register
        from patients.panels import Panel, register_panel

        readers = frozenset({Role.ADMIN.value, Role.CLINICAL_LEAD.value})
        register(Item(_("Schedule"), "schedule:overview", "calendar-cog", 35, readers))
        register_panel(Panel("schedule/_died_panel.html", died_panel, order=0))
        register_panel(Panel("schedule/_wishes_panel.html", wishes_panel, order=90, is_work=True))
        bookings_move()
        dates_are_care()
