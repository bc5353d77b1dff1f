from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProtocolsConfig(AppConfig):
    name = "protocols"
    label = "protocols"
    verbose_name = _("Protocols")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Checks the library at the start, and adds its pages to the navigation."""
        from clinic.signing.subjects import register_subject
        from clinic.web.navigation import Item, register
        from protocols.publishing.subjects import KIND, address_of_subject, title_of_variant, variant_of_subject

        import_module("protocols.checks")
        post_migrate.connect(import_module("protocols.editions.actions").keep_shipped_edition, sender=self)
        register_subject(KIND, variant_of_subject, _("Variant of the library"), address_of=address_of_subject, title_of=title_of_variant)
        register(Item(_("Library"), "library:overview", "book-open", 30))
