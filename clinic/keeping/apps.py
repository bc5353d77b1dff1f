from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeepingConfig(AppConfig):
    name = "clinic.keeping"
    label = "keeping"
    verbose_name = _("Records in the long run")
    default_auto_field = "django.db.models.BigAutoField"
