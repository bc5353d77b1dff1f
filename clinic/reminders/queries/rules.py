"""What clinics have set about their messages, with the product's own figures where they have set nothing."""

from collections.abc import Iterable, Mapping
from typing import Final

from clinic.reminders.models import MessageRules, MessageWishes
from clinic.reminders.quiet import QuietHours
from clinic.staff.models import Clinic

KEPT: Final = "_rules_of_messages"  # with a clinic that was read for many messages


def rules_of(clinic: Clinic) -> MessageRules:
    """The rules of this clinic's messages; where it has set none, the defaults, unsaved. One query."""
    return MessageRules.objects.filter(clinic=clinic).first() or MessageRules(clinic=clinic)


def rules_by_clinic(clinics: Iterable[Clinic]) -> dict[int, MessageRules]:
    """The same for several, by number. One query, or none where they were kept with the clinics (``keep_with``)."""
    given = {clinic.pk: clinic for clinic in clinics}
    found: dict[int, MessageRules] = {pk: vars(clinic)[KEPT] for pk, clinic in given.items() if KEPT in vars(clinic)}
    asked = {pk: clinic for pk, clinic in given.items() if pk not in found}
    if asked:
        found |= {pk: MessageRules(clinic=clinic) for pk, clinic in asked.items()}
        found |= {rules.clinic_id: rules for rules in MessageRules.objects.filter(clinic__in=asked)}
    return found


def keep_with(clinics: Iterable[Clinic], rules: Mapping[int, MessageRules]) -> None:
    """From now on these clinics, as they are in memory, have these rules: for a drain, which asks for them again and again."""
    for clinic in clinics:
        vars(clinic)[KEPT] = rules[clinic.pk]


def quiet_of(rules: MessageRules, wishes: MessageWishes | None) -> QuietHours:
    """The quiet hours of a patient: the patient's own, else the clinic's; always by the clinic's clock."""
    if wishes is not None and wishes.quiet_from is not None and wishes.quiet_until is not None:
        return QuietHours(wishes.quiet_from, wishes.quiet_until)
    return QuietHours(rules.quiet_from, rules.quiet_until)
