"""Who may read the variants of a clinic, and who may change one."""

from collections.abc import Callable
from typing import Any

from clinic.staff.models import Clinic, Role
from protocols.editor.profiles import copied, kept
from protocols.models import Variant
from protocols.shelf import read_tables
from protocols.variants.actions import begin_variant, change_variant
from tests.factories import an_actor
from tests.trust.rows import Row, Thing

LEAD = (Role.CLINICAL_LEAD,)
READ = (Role.CLINICAL_LEAD, Role.DOCTOR)
STAGE = "calming"
MIX = "own-canary"


def a_variant(clinic: Clinic) -> Variant:
    """A draft with a title that occurs nowhere else."""
    return begin_variant(subject="conditions/neck-collar", title="Canarycollar", actor=an_actor(clinic=clinic, roles=LEAD))


def of_a_variant(**more: Any) -> Callable[[Clinic], Thing]:
    """A draft, and what else its address names."""
    return lambda clinic: Thing({"pk": a_variant(clinic).pk, **more}, ("Canarycollar",))


def a_variant_with_a_mix(clinic: Clinic) -> Thing:
    lead = an_actor(clinic=clinic, roles=LEAD)
    variant = begin_variant(subject="conditions/neck-collar", title="Canarycollar", actor=lead)
    first = read_tables()["profiles"]["profile"][0]
    changes = kept(copied(first, code=MIX, name="canarymix"), "канареечный")
    change_variant(variant=variant, changes=changes, said="", version=variant.version, actor=lead)
    return Thing({"pk": variant.pk, "code": MIX}, ("Canarycollar", "canarymix"))


EDITOR_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "variant": of_a_variant(),
    "variants-listed": lambda clinic: Thing({}, of_a_variant()(clinic).canaries),
    "variant-stage": of_a_variant(stage=STAGE),
    "variant-section": of_a_variant(stage=STAGE, section="limits"),
    "variant-row": of_a_variant(stage=STAGE, section="forbid", number=0),
    "variant-step": of_a_variant(stage=STAGE, number=1),
    "variant-mix": a_variant_with_a_mix,
}
EDITOR_ROWS: dict[str, Row] = {
    "variants:list": Row(READ, thing="variants-listed"),
    "variants:begin": Row(LEAD, {"POST": 422}),
    "variants:variant": Row(READ, thing="variant", queries=10),
    "variants:history": Row(READ, thing="variant", queries=10),
    "variants:submit": Row(LEAD, {"GET": 200, "POST": 422}, thing="variant", queries=10),
    **{f"variants:{way}": Row(LEAD, {"POST": 422}, thing="variant") for way in ("restore", "discard", "bring-back", "withdraw")},
    "variants:texts": Row(LEAD, {"GET": 200, "POST": 422}, thing="variant", queries=10),
    "variants:profiles": Row(LEAD, {"GET": 200, "POST": 422}, thing="variant", queries=10),
    "variants:profile": Row(LEAD, {"GET": 200, "POST": 422}, thing="variant-mix", queries=10),
    "variants:profile-remove": Row(LEAD, {"POST": 422}, thing="variant-mix"),
    "variants:stage": Row(READ, thing="variant-stage", queries=10),
    "variants:texts-of-stage": Row(LEAD, {"GET": 200, "POST": 422}, thing="variant-stage", queries=10),
    "variants:steps": Row(READ, thing="variant-stage", queries=10),
    "variants:step-add": Row(LEAD, {"POST": 422}, thing="variant-stage"),
    "variants:step-change": Row(LEAD, {"POST": 422}, thing="variant-step"),
    **{f"variants:step-{way}": Row(LEAD, {"POST": 422}, thing="variant-step") for way in ("up", "down", "out")},
    "variants:save": Row(LEAD, {"POST": 422}, thing="variant-section"),
    "variants:remove-row": Row(LEAD, {"POST": 422}, thing="variant-row"),
}
