from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "clinic.home"
    label = "home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the first page to the navigation."""
        from clinic.home.permissions import WORK
        from clinic.web.navigation import Item, register

        register(Item(_("Home"), "home:work", "house", 3, frozenset(role.value for role in WORK)))
