"""Editions that a clinic may work with, and courses that keep to another one."""

from functools import cache
from typing import Any

from clinic.courses.models import Course
from clinic.courses.queries import course_or_404
from clinic.staff.models import Clinic
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, shipped_content
from protocols.models import Publication

PARTS = shipped_content().parts
ENTRIES = entries_of(PARTS)
CALMING = "library/conditions/neck-collar:stage/calming"
TONIC = "library/conditions/neck-collar:stage/tonic"
RULE = "library/contraindications:rule/own-grown-up"


def _rule(**changes: Any) -> dict[str, Any]:
    like: dict[str, Any] = ENTRIES["library/contraindications:rule/sk-01"]
    return like | {"code": "own-grown-up", "title": "Grown up", "when": {"fact": "patient.age", "op": "ge", "value": 18}} | changes


STEPS = ENTRIES[CALMING]["steps"]
GIRDLE = {"part": "main", "zone": "shoulder-girdle", "side": "both", "minutes": 2, "profile": "relaxing"}
SHORTER = [step | {"minutes": 2} if step["zone"] == "trapezius-upper" and step["part"] == "main" else step for step in STEPS]
# What a clinic may have made of the shipped edition, by a short name.
CHANGES: dict[str, dict[str, Any]] = {
    "other-condition": {TONIC: ENTRIES[TONIC] | {"pressure_max": 3}},
    "silent-rule": {RULE: _rule(when={"fact": "patient.age", "op": "ge", "value": 100})},
    "other-rows": {CALMING: ENTRIES[CALMING] | {"steps": [*STEPS[:2], STEPS[3], STEPS[2], *STEPS[4:]]}},
    "no-chest": {RULE: _rule(outcome="modify", effects=[{"type": "exclude-zones", "zones": ["chest-upper"]}])},
    "wider": {CALMING: ENTRIES[CALMING] | {"steps": [*SHORTER[:-1], GIRDLE, SHORTER[-1]]}},
    "less": {RULE: _rule(outcome="modify", effects=[{"type": "lower-dose", "steps": 1}])},
    "forbids-grown-ups": {RULE: _rule(outcome="absolute", effects=[])},
}


@cache
def content(name: str) -> EditionContent:
    return EditionContent(f"2026-11.{name}", with_changes(PARTS, CHANGES[name]))


def work_with(clinic: Clinic, name: str) -> str:
    """From now on the clinic works with this edition; its digest."""
    clinic.edition_digest = keep_edition(content(name)) if name else ""
    clinic.save(update_fields=["edition_digest"])
    return clinic.edition_digest


def fresh(course: Course) -> Course:
    return course_or_404(Clinic.objects.get(pk=course.clinic_id), course.pk)


def published(clinic: Clinic, name: str) -> Publication:
    """What a listener is told when this edition is published at a clinic that worked with the shipped one."""
    return Publication(clinic=clinic, number=1, edition_id=work_with(clinic, name), before_id=shipped_content().digest)
