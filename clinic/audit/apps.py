from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "clinic.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from clinic.audit import recording  # noqa: PLC0415 - the app registry must be ready first

        recording.connect()
