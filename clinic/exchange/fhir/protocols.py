"""PlanDefinition: a protocol of the library, its stages as actions and its sources as citations. It is about nobody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.exchange.fhir.checking import checked
from clinic.exchange.fhir.frame import ICD10, OWN, TERMINOLOGY, Fields, Frame, concept, narrative, standard, told
from clinic.staff.models import Clinic
from protocols.editions.queries import edition_in_force, library_in_force
from protocols.method.entries import Condition, Source
from protocols.method.names import ENGLISH
from protocols.presentation.conditions import ConditionPage, condition_page
from protocols.presentation.reader import page_reader
from protocols.presentation.stages import StageView, StepLine
from protocols.queries import judgements
from protocols.reviewing import entries_in_force
from protocols.states import ReviewState

STATUS: Final = {True: "active", False: "draft"}  # by whether the review has accepted it
CITED_KINDS: Final = ("condition", "stage")


def plan_definition(clinic: Clinic, condition: Condition, *, at: datetime) -> Fields:
    """A protocol of the edition that the clinic works with, as one FHIR R4B resource. Raises ``NotFhir``.

    It is active where this clinic's reviewers have accepted the condition and every stage as they stand, else a draft.
    """
    page, library = condition_page(condition, page_reader(clinic)), library_in_force(clinic)
    sources = [library.sources[code] for code in condition.sources if code in library.sources]
    frame = Frame(settings.PUBLIC_URL, clinic.zone, get_language() or ENGLISH, at)
    return checked(_definition(page, condition, sources, frame, clinic=clinic))


def is_accepted(clinic: Clinic, condition: str) -> bool:
    """Whether the condition and each of its stages were accepted in the review of this clinic, as they stand. One query."""
    entries = [each for each in entries_in_force(clinic).values() if each.kind in CITED_KINDS]
    mine = [each for each in entries if each.code == condition or each.code.startswith(f"{condition}/")]
    return bool(mine) and all(each.state == ReviewState.ACCEPTED for each in judgements(clinic, mine).values())


def _definition(page: ConditionPage, condition: Condition, sources: Iterable[Source], frame: Frame, *, clinic: Clinic) -> Fields:
    name = f"library.condition:{clinic.pk}:{condition.code}:{edition_in_force(clinic)}"
    made: Fields = told(
        {
            "resourceType": "PlanDefinition",
            "id": frame.uuid(name),
            "meta": {"source": frame.source},
            "language": frame.language,
            "text": narrative([page.name, page.evidence, *not_for_use()], frame.language),
            "url": f"{frame.source}/library/conditions/{condition.code}",
            "version": library_in_force(clinic).edition,
            "name": "Tactus" + "".join(part.capitalize() for part in condition.code.split("-")),
            "title": page.name,
            "type": standard(f"{TERMINOLOGY}plan-definition-type", "clinical-protocol", "Clinical Protocol"),
            "status": STATUS[is_accepted(clinic, condition.code)],
            "date": frame.moment(frame.at),
            "publisher": clinic.name,
            "description": page.evidence,
            "usage": "\n\n".join(not_for_use()),
            "topic": [{"coding": [{"system": ICD10, "code": code} for code in condition.icd10], "text": page.name}],
            "relatedArtifact": [_citation(source) for source in sources],
            "action": [_stage(stage) for stage in page.stages],
        }
    )
    return made


def not_for_use() -> tuple[str, str]:
    """What a receiver must know before anything else."""
    return (
        _("Tactus supports the decisions of trained people. It is not a certified medical device, and this protocol is no order."),
        _(
            "Contraindications, doses of each session and what a finding changes are worked out by Tactus for one patient on one day. They "
            "do not stand in this file: do not treat anybody by it alone."
        ),
    )


def _citation(source: Source) -> Fields:
    is_link = source.address.startswith(("http://", "https://"))
    citation = source.title if is_link else f"{source.title}. {source.address}"
    return {"type": "citation", "label": source.id, "citation": citation, "url": source.address if is_link else None}


def _stage(stage: StageView) -> Fields:
    """A stage as an action: its steps in their order; one that is barred has a reason and none."""
    course = stage.course
    cited = [{"type": "citation", "label": source.code, "display": source.title} for source in stage.sources]
    if course is None:
        said = [stage.local_word, stage.reason, stage.becomes_allowed_when]
    else:
        said = [stage.local_word, *(f"{line.value}: {line.words}" for line in course.dose), *course.forbids, *course.warnings]
    return {
        "title": stage.name,
        "description": stage.definition,
        "textEquivalent": "\n".join(line for line in said if line),
        "code": [concept("stage", stage.key, stage.name)],
        "reason": [{"text": stage.guide}] if stage.guide else [],
        "documentation": cited,
        "groupingBehavior": "logical-group" if course and course.steps else None,
        "action": [_step(step) for step in course.steps] if course else [],
    }


def _step(step: StepLine) -> Fields:
    """One step: a zone and side, for so many minutes at full length, with a mix of techniques."""
    place = ", ".join(part for part in (step.zone, step.side_word) if part)
    shares = ", ".join(f"{share.name} {share.value} %" for share in step.shares)
    minutes = _("%(minutes)s min of a full session: %(mix)s") % {"minutes": f"{step.minutes:g}", "mix": step.profile}
    later = "; ".join(step.later)
    return {
        "title": place,
        "description": f"{minutes} ({shares})" if shares else minutes,
        "textEquivalent": later,
        "code": [{"coding": [{"system": f"{OWN}part", "code": step.part}], "text": step.part}],
    }
