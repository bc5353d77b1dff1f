from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "clinic.health"
    label = "health"
    verbose_name = _("Health of the installation")
    default_auto_field = "django.db.models.BigAutoField"
