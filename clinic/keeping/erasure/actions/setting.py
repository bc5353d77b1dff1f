"""For how long a clinic keeps records."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.keeping.erasure.permissions import check_can_set_retention
from clinic.keeping.erasure.queries import retention_of
from clinic.keeping.models import Retention
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor


class StaleRetention(ActionDenied):
    """Somebody saved other times since the page was opened. ``version`` is that of the times now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody has saved these times meanwhile. If you save again, yours take their place."))
        self.version = version


@transaction.atomic
def set_retention(*, values: Mapping[str, int], seen: int, actor: Actor) -> Retention:
    """Writes for how long the actor's clinic keeps what; nothing is removed by it.

    ``values`` by the names of ``Retention``; ``seen`` is the version that the writer saw (0: the defaults). The same again leaves no
    line. Raises ``ActionDenied`` for whoever may not, ``StaleRetention`` where somebody saved meanwhile, ``ValidationError`` for numbers
    out of bounds.
    """
    check_can_set_retention(actor)
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    kept = retention_of(clinic)
    if kept.version != seen:
        raise StaleRetention(kept.version)
    before = {name: getattr(kept, name) for name, value in values.items() if getattr(kept, name) != value}
    if not before and kept.pk:
        return kept
    for name, value in values.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.full_clean()
    kept.save()
    after = {name: getattr(kept, name) for name in before}
    record(actor=actor, verb="set-retention", subject=clinic, details={"before": before, "after": after})
    return kept
