"""What clinics have set about their messages, with the product's own figures where they have set nothing."""

from collections.abc import Iterable

from clinic.reminders.models import MessageRules, MessageWishes
from clinic.reminders.quiet import QuietHours
from clinic.staff.models import Clinic


def rules_of(clinic: Clinic) -> MessageRules:
    """The rules of this clinic's messages; where it has set none, the defaults, unsaved. One query."""
    return MessageRules.objects.filter(clinic=clinic).first() or MessageRules(clinic=clinic)


def rules_by_clinic(clinics: Iterable[Clinic]) -> dict[int, MessageRules]:
    """The same for several, by number. One query."""
    given = {clinic.pk: clinic for clinic in clinics}
    kept = {rules.clinic_id: rules for rules in MessageRules.objects.filter(clinic__in=given)}
    return {pk: kept.get(pk) or MessageRules(clinic=clinic) for pk, clinic in given.items()}


def quiet_of(rules: MessageRules, wishes: MessageWishes | None) -> QuietHours:
    """The quiet hours of a patient: the patient's own, else the clinic's; always by the clinic's clock."""
    if wishes is not None and wishes.quiet_from is not None and wishes.quiet_until is not None:
        return QuietHours(wishes.quiet_from, wishes.quiet_until)
    return QuietHours(rules.quiet_from, rules.quiet_until)
