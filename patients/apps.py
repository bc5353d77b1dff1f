from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("Patients")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the register to the navigation, says whom a signed referral is about, and what goes over when records are merged."""
        from clinic.signing.subjects import register_subject
        from clinic.staff.identity import asks_again
        from clinic.web.navigation import Item, register
        from patients.care.guard import CareMiddleware, register_way, to_the_kept_record
        from patients.care.panel import care_panel
        from patients.care.permissions import JUDGE
        from patients.care.queries import waiting_count
        from patients.care.sources import own_relations
        from patients.moved import own_rows_move
        from patients.panels import Panel, register_panel
        from patients.permissions import REGISTER
        from patients.queries.referrals import address_of_subject, patient_of_subject
        from patients.referral_content import KIND
        from patients.trigrams import keep

        post_migrate.connect(keep, sender=self)
        own_rows_move()
        own_relations()
        register_way("patients/", to_the_kept_record)
        asks_again(CareMiddleware(lambda _request: HttpResponse()).process_view)
        register(Item(_("Patients"), "patients:list", "users", 10, frozenset(REGISTER)))
        register(Item(_("Opened records"), "care:opened", "key-round", 42, frozenset(JUDGE), waiting_count, ("care:unusual", "care:rule")))
        register_panel(Panel("care/_panel.html", care_panel, order=95))
        register_subject(KIND, patient_of_subject, _("Referral"), address_of=address_of_subject)
