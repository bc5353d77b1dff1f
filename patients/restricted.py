"""A restricted record is kept because it must be, and for nothing else: whoever changes it, whatever it is, is refused in one place.

Every action leaves its audit line in its own transaction, so what is refused there has not happened. What goes on by itself, without a
person, is not asked: it has to end some day.
"""

from typing import Any, Final

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from clinic.audit.belonging import way_to
from clinic.staff.permissions import ActionDenied
from clinic.web.prepared import Prepared
from patients.models import Patient

# What is done with a restricted record: handed out, erased, looked into from outside of care and reported.
STILL_DONE: Final = frozenset({
    "exported-record", "asked-for-erasure", "withdrew-erasure", "refused-erasure", "restricted-record", "erased-record",
    "put-into-care", "took-off-care", "opened-record", "closed-record", "judged-opening",
})  # fmt: skip


class Restricted(ActionDenied):
    """The record was to be erased and is kept only because it must be."""


def refuse_changes(verb: str, subject: Model) -> None:
    """Raises ``Restricted`` for a change to a restricted record, or to what belongs to one. At most one query."""
    way = "" if verb in STILL_DONE else way_to(Patient, subject._meta.model)
    if not way:
        return
    column = "restricted_on" if way == "pk" else f"{way}__restricted_on"
    if _RESTRICTED.rows((subject._meta.model, column), subject=subject.pk):
        raise Restricted(_("This record is restricted: it is kept only because the law wants it. Nothing is added to it or changed in it."))


def _restricted(kind: tuple[type[Model], str], *, subject: int) -> QuerySet[Any, Any]:
    model, column = kind
    return model._default_manager.order_by().filter(pk=subject, **{f"{column}__isnull": False}).values_list("pk")


_RESTRICTED: Final = Prepared(_restricted)
