"""Keeps a case out of a course in the open variant of its condition, or begins one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.benching.sentences import sentences_of
from clinic.courses.models import Course
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.queries import names_in_force
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.planning import plan_session
from protocols.method.plans import UnsafePlan
from protocols.models import Variant
from protocols.testbench.actions import NewCase, keep_case
from protocols.testbench.given import all_given
from protocols.testbench.queries import workbench
from protocols.variants.actions import begin_variant
from protocols.variants.permissions import check_can_change_library
from protocols.variants.queries import open_variant


@transaction.atomic
def keep_course_as_case(*, course: Course, stated: Mapping[str, Any], actor: Actor) -> tuple[Variant, str]:
    """Adds this stripped case to the open variant of its condition with what the variant gives as the expectation; gives both.

    Raises ``ActionDenied`` for a role that may not, for a variant that is no draft, and where the variant plans nothing for this patient.
    The line in the audit says that a case was made of this course, not which: nobody is found again by it.
    """
    check_can_change_library(actor)
    subject = f"conditions/{stated['condition']}"
    variant = open_variant(actor.clinic, subject) or begin_variant(subject=subject, title=_title(stated, actor), actor=actor)
    bench = workbench(actor.clinic, variant.pk)
    if not bench.is_sound:
        raise ActionDenied(_("The variant of this condition is not sound at the moment. Mend it first, then keep the case."))
    try:
        planned = plan_session(parse_case(stated, bench.library), bench.library)
    except (Faults, UnsafePlan) as refused:
        raise ActionDenied(_("The variant of this condition cannot plan this patient, so no case was kept.")) from refused
    says, says_in = sentences_of(stated, planned, variant)
    case = NewCase(stated, all_given(planned), says, says_in)
    code = keep_case(variant=variant, code="", case=case, version=variant.version, actor=actor)
    record(actor=actor, verb="made-case", subject=course, details={"of": subject})
    return variant, code


def _title(stated: Mapping[str, Any], actor: Actor) -> str:
    name = names_in_force(actor.clinic).of("conditions", str(stated["condition"]))
    return _("%(condition)s: with cases of our own") % {"condition": name[:1].upper() + name[1:]}
