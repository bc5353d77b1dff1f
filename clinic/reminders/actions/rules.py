"""What a clinic sets about its messages."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.reminders.actions.replanning import replan_all
from clinic.reminders.models import MessageRules
from clinic.reminders.neutral import clinical_words
from clinic.reminders.permissions import check_can_manage_messages
from clinic.reminders.states import Kind
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor


class StaleRules(ActionDenied):
    """Somebody saved other rules since the page was opened. ``version`` is that of the rules now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody has saved these rules meanwhile. If you save again, yours take their place."))
        self.version = version


def save_message_rules(*, values: Mapping[str, object], seen: int, now: datetime, actor: Actor) -> MessageRules:
    """Writes the rules of the actor's clinic, then gives every waiting reminder its new time.

    The rules are kept in one transaction, the times in others after it, so that nobody who books waits for a whole clinic. Where that is
    cut short, the rules hold, and the nightly ``arrange_reminders`` finishes the times; what is due is held against the rules anyway.

    ``values`` by the names of ``MessageRules``, what is not named stays; ``seen`` is the version that the writer saw (0: the defaults).
    Raises ``ActionDenied`` for whoever may not, ``StaleRules`` where somebody saved meanwhile, ``ValidationError`` for a number out of
    bounds, an unknown kind and a name that tells of an illness or a treatment.
    """
    check_can_manage_messages(actor)
    rules, changed = _keep(values, seen, actor)
    if changed:
        replan_all(clinic=rules.clinic, now=now)
    return rules


@transaction.atomic
def _keep(values: Mapping[str, object], seen: int, actor: Actor) -> tuple[MessageRules, Mapping[str, object]]:
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    rules = MessageRules.objects.filter(clinic=clinic).first() or MessageRules(clinic=clinic, version=0)
    if rules.version != seen:
        raise StaleRules(rules.version)
    changed = {name: value for name, value in values.items() if getattr(rules, name) != value}
    if not changed and rules.pk:
        return rules, {}
    for name, value in changed.items():
        setattr(rules, name, value)
    rules.version += 1
    _check(rules)
    rules.save()
    record(actor=actor, verb="set-message-rules", subject=clinic, details={name: str(value) for name, value in changed.items()})
    return rules, changed


def _check(rules: MessageRules) -> None:
    rules.full_clean()
    if not isinstance(rules.kinds_off, list) or not set(rules.kinds_off) <= set(Kind.values):
        raise ValidationError({"kinds_off": _("Choose among the messages of the list.")})
    if found := clinical_words(rules.short_name, is_name=True, edition=rules.clinic.edition_digest):
        raise ValidationError({"short_name": _("This name tells too much: %(words)s.") % {"words": ", ".join(found)}})
