from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "clinic.health"
    label = "health"
    verbose_name = _("Health of the installation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the page to the navigation."""
        from clinic.health.permissions import READ_HEALTH
        from clinic.web.navigation import Item, register

        register(Item(_("Health"), "health", "activity", 95, frozenset(READ_HEALTH)))
