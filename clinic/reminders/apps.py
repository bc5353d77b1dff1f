"""Messages to patients and staff: written with what they are about, sent by the worker, once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "clinic.reminders"
    label = "reminders"
    verbose_name = _("Messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listens to what happens to bookings, and adds the messages to the navigation."""
        from clinic.reminders.actions.answering import bookings_changed
        from clinic.reminders.actions.parting import records_changed
        from clinic.reminders.actions.planning import plan_messages
        from clinic.reminders.dates import DATES
        from clinic.reminders.models import Message
        from clinic.reminders.moved import messages_move
        from clinic.reminders.panel import messages_panel
        from clinic.reminders.permissions import READ_MESSAGES
        from clinic.reminders.reminding import REMINDERS
        from clinic.reminders.sources import Source, register_source
        from clinic.reminders.staff_sources import read_cannot_come, read_undelivered
        from clinic.reminders.states import Kind
        from clinic.schedule.listening import when_bookings_change
        from clinic.web.navigation import Item, register
        from patients.care.guard import by_path, register_way, to_the_kept_record
        from patients.changes import tell_also
        from patients.panels import Panel, register_panel

        messages_move()
        register_way("messages/", by_path(Message, "patient"))
        register_way("messages/patients/", to_the_kept_record)
        register_panel(Panel("reminders/_patient_panel.html", messages_panel, order=85, is_work=True))
        register(Item(_("Messages"), "reminders:outbox", "mails", 40, frozenset(READ_MESSAGES)))
        register_source(DATES, Kind.DATES)
        register_source(REMINDERS, Kind.REMINDER_DAY, Kind.REMINDER_HOURS)
        register_source(Source(read_cannot_come), Kind.CANNOT_COME)
        register_source(Source(read_undelivered), Kind.UNDELIVERED)
        when_bookings_change(plan_messages)
        when_bookings_change(bookings_changed)
        tell_also(records_changed)
