"""What changes the cases of a variant. Each is a change of the variant, with its version and its way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.addresses import entries_of
from protocols.editions.queries import content_of, edition_in_force
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.models import Variant
from protocols.testbench.queries import case_address, conditions_of, free_code, words_address, workbench
from protocols.variants.actions import change_variant
from protocols.variants.changes import content_of_variant


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to keep: who the patient is, what is expected, and its sentence in English and by language in others."""

    stated: Mapping[str, Any]
    expected: Mapping[str, Any]
    says: str
    says_in: Mapping[str, str]


def keep_case(*, variant: Variant, code: str, case: NewCase, version: int, actor: Actor) -> str:
    """Adds a case to a draft (``code`` ""), or changes the one with this code; gives its code.

    Raises ``StaleVariant``, and ``ActionDenied`` for a role that may not, for a case of a condition that is not the variant's, for one
    that expects nothing, and for a patient that the variant cannot plan.
    """
    condition = str(case.stated["condition"])
    bench = workbench(actor.clinic, variant.pk)
    if condition not in conditions_of(variant, bench.library):
        raise ActionDenied(_("This variant is about another condition."))
    if not case.expected:
        raise ActionDenied(_("A case that expects nothing is met by every plan. Say what must come of it."))
    try:
        parse_case(case.stated, bench.library)
    except Faults as faults:
        raise ActionDenied(_("This patient cannot be planned: %(faults)s") % {"faults": faults}) from faults
    is_new = not code
    code = code or free_code(variant, condition)
    row = {"code": code, "says": case.says, "input": dict(case.stated), "expect": dict(case.expected)}
    changes: dict[str, Any] = {case_address(condition, code): row}
    changes |= {words_address(language, code): {"says": says} for language, says in case.says_in.items()}
    said = _("case added: %(says)s") if is_new else _("case changed: %(says)s")
    change_variant(variant=variant, changes=changes, said=said % {"says": case.says[:200]}, version=version, actor=actor)
    return code


def remove_case(*, variant: Variant, condition: str, code: str, version: int, actor: Actor) -> None:
    """Takes a case away. Raises ``StaleVariant`` and ``ActionDenied``."""
    languages = content_of_variant(variant).languages
    changes = dict.fromkeys((case_address(condition, code), *(words_address(each, code) for each in languages)))
    said = _("case taken away: %(code)s") % {"code": code}
    change_variant(variant=variant, changes=changes, said=said, version=version, actor=actor)


def restore_case(*, variant: Variant, condition: str, code: str, version: int, actor: Actor) -> None:
    """Gives a case back what it is in the edition in force. Raises ``StaleVariant``, ``ActionDenied`` where that has no such case."""
    content = content_of(edition_in_force(variant.clinic))
    there = entries_of(content.parts)
    address = case_address(condition, code)
    if address not in there:
        raise ActionDenied(_("The edition in force has no such case."))
    changes = {each: there.get(each) for each in (address, *(words_address(language, code) for language in content.languages))}
    said = _("case as it was: %(code)s") % {"code": code}
    change_variant(variant=variant, changes=changes, said=said, version=version, actor=actor)
