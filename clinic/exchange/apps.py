from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "clinic.exchange"
    label = "exchange"
    verbose_name = _("Exchange with other programs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says what goes over when two records are merged."""
        from clinic.exchange.moved import imported_patients_move

        imported_patients_move()
