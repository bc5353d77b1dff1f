from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("Patients")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the register to the navigation, says whom a signed referral is about, and what goes over when records are merged."""
        from clinic.signing.subjects import register_subject
        from clinic.web.navigation import Item, register
        from patients.moved import own_rows_move
        from patients.permissions import REGISTER
        from patients.queries.referrals import address_of_subject, patient_of_subject
        from patients.referral_content import KIND

        own_rows_move()
        register(Item(_("Patients"), "patients:list", "users", 10, frozenset(REGISTER)))
        register_subject(KIND, patient_of_subject, _("Referral"), address_of=address_of_subject)
