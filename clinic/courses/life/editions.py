"""Publications and moves on a walk: the clinic tightens its library, widens a protocol, goes back, and courses are moved or are not."""

from functools import cache
from typing import Any, Final

from clinic.courses.editions.actions import move_back, move_course, suspend_what_is_forbidden
from clinic.courses.life.walk import NothingToDo, Walk
from clinic.courses.queries import course_or_404
from clinic.staff.models import Clinic
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, shipped_content
from protocols.editions.queries import edition_in_force
from protocols.models import Publication

FORBIDDEN_ZONE: Final = "chest-upper"
RULE: Final = "library/contraindications:rule/own-no-chest"
STAGE: Final = "library/conditions/neck-collar:stage/calming"
KINDS: Final = ("as it ships", "tightened", "tightened", "widened")


@cache
def edition(kind: str) -> EditionContent:
    """The shipped edition; with a rule that leaves a zone out for everybody; or with one zone more in the collar protocol."""
    parts = shipped_content().parts
    if kind == "tightened":
        like: dict[str, Any] = entries_of(parts)["library/contraindications:rule/sk-01"]
        grown = {"fact": "patient.age", "op": "ge", "value": 18}
        effects = [{"type": "exclude-zones", "zones": [FORBIDDEN_ZONE]}]
        rule = like | {"code": "own-no-chest", "when": grown, "outcome": "modify", "effects": effects}
        return EditionContent("of the proof, tightened", with_changes(parts, {RULE: rule}))
    if kind == "widened":
        stage: dict[str, Any] = entries_of(parts)[STAGE]
        *steps, closing = (step | {"minutes": 2} if step["minutes"] == 4 else step for step in stage["steps"])
        more = {"part": "main", "zone": "shoulder-girdle", "side": "both", "minutes": 2, "profile": "relaxing"}
        return EditionContent("of the proof, widened", with_changes(parts, {STAGE: stage | {"steps": [*steps, more, closing]}}))
    return shipped_content()


def an_edition_is_published(walk: Walk) -> None:
    """From now on the clinic works with another edition; courses that it forbids are suspended in the same moment."""
    kind, clinic = walk.random.choice(KINDS), Clinic.objects.get(pk=walk.scene.clinic.pk)
    before, digest = edition_in_force(clinic), keep_edition(edition(kind))
    if before == digest:
        raise NothingToDo
    clinic.edition_digest = digest
    clinic.save(update_fields=["edition_digest"])
    walk.told.forbidden_zone = FORBIDDEN_ZONE if kind == "tightened" else ""
    suspend_what_is_forbidden(Publication(clinic=clinic, number=1, edition_id=digest, before_id=before))


def it_is_moved(walk: Walk) -> None:
    course = course_or_404(walk.scene.clinic, walk.course.pk)
    move_course(course=course, on=walk.day, version=walk.version(), note="", actor=walk.actor)


def it_is_moved_back(walk: Walk) -> None:
    course = course_or_404(walk.scene.clinic, walk.course.pk)
    move_back(course=course, on=walk.day, version=walk.version(), note="", actor=walk.actor)
