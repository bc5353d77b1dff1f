from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeepingConfig(AppConfig):
    name = "clinic.keeping"
    label = "keeping"
    verbose_name = _("Records in the long run")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Shows the ways to a copy and to an erasure, and lets nobody change a record that is restricted."""
        from clinic.audit.actions import guard_changes_with
        from clinic.keeping.erasure.permissions import READ
        from clinic.keeping.models import Erasure
        from clinic.keeping.moved import erasures_move
        from clinic.keeping.panel import keeping_panel
        from clinic.web.navigation import Item, register
        from patients.care.guard import by_path, register_way
        from patients.panels import Panel, register_panel
        from patients.restricted import refuse_changes

        guard_changes_with(refuse_changes)
        erasures_move()
        register_way("erasures/", by_path(Erasure, "patient"))
        register_panel(Panel("keeping/_panel.html", keeping_panel, order=96))
        register(Item(_("Keeping of records"), "keeping:retention", "archive", 88, frozenset(READ)))
