from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("Patients")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the register to the navigation."""
        from clinic.web.navigation import Item, register
        from patients.permissions import REGISTER

        register(Item(_("Patients"), "patients:list", "users", 10, frozenset(REGISTER)))
