from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    name = "clinic.signing"
    label = "signing"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        from clinic.audit.emptied import vouched_by
        from clinic.signing.orders import lines_emptied

        vouched_by(lines_emptied)
