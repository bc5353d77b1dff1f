from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "clinic.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from clinic.audit import sign_ins
        from clinic.audit.actions import note_refused, record
        from clinic.staff.recording import record_with, watch_refusals_with
        from clinic.web.navigation import Item, register

        record_with(record)
        watch_refusals_with(note_refused)
        sign_ins.connect()
        readers = frozenset({"admin", "clinical-lead", "auditor"})
        register(Item(_("Audit"), "audit-list", "scroll-text", 90, readers, also=("patients:looks-find",), ends=("/looks/",)))
