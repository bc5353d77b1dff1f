from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "clinic.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from clinic.staff import account_changes, locking, sign_ins
        from clinic.web.navigation import Item, register

        register(Item(_("Staff"), "staff-list", "id-card", 80, frozenset({"admin"}), also=("care:rule",)))
        account_changes.connect()
        locking.listen()
        sign_ins.listen()
