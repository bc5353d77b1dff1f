"""Who may try a rule on answers, and who may make a clinic's rules stricter."""

from collections.abc import Callable
from typing import Any

from clinic.staff.models import Clinic, Role
from protocols.rulebook.changing_own import own_rule
from protocols.rulebook.writing import new_rule
from protocols.variants.actions import begin_variant, change_variant
from tests.factories import an_actor
from tests.trust.rows import EVERY_ROLE, Row, Thing

LEAD = (Role.CLINICAL_LEAD,)
READ = (Role.DOCTOR, Role.CLINICAL_LEAD)
TOLD = {
    "group": "nerves", "title": "Canaryrule", "kind": "caution", "outcome": "caution", "explanation": "Canarywords.",
    "title_ru": "Канарейка", "explanation_ru": "Канарейка.",
}  # fmt: skip


def of_a_variant(subject: str = "contraindications", **more: Any) -> Callable[[Clinic], Thing]:
    """A draft of this subject with a title that occurs nowhere else, and what else its address names."""

    def made(clinic: Clinic) -> Thing:
        variant = begin_variant(subject=subject, title="Canaryrulebook", actor=an_actor(clinic=clinic, roles=LEAD))
        return Thing({"pk": variant.pk, **more}, ("Canaryrulebook",))

    return made


def of_an_own_rule(**more: Any) -> Callable[[Clinic], Thing]:
    """A draft with a rule of the clinic's own."""

    def made(clinic: Clinic) -> Thing:
        lead = an_actor(clinic=clinic, roles=LEAD)
        variant = begin_variant(subject="contraindications", title="Canaryrulebook", actor=lead)
        rule = own_rule("own-canary", TOLD, {"fact": "today.feverish", "op": "is", "value": True}, None)
        russian = {"title": "Канарейка", "explanation": "Канарейка."}
        change_variant(variant=variant, changes=new_rule(rule, russian, "Canary"), said="", version=variant.version, actor=lead)
        return Thing({"pk": variant.pk, "code": "own-canary", **more}, ("Canaryrulebook", "Canaryrule", "Canarywords"))

    return made


RULEBOOK_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "tried-rule": lambda _clinic: Thing({"code": "bl-03"}),
    "rulebook": of_a_variant(),
    "rulebook-rule": of_a_variant(code="ca-03"),
    "rulebook-effect": of_a_variant(code="ca-03", kind="max-pressure"),
    "rulebook-effect-there": of_a_variant(code="ca-03", number=0),
    "rulebook-case": of_a_variant(code="ca-03", kind="fires", number=1),
    "rulebook-own": of_an_own_rule(),
    "rulebook-own-case": of_an_own_rule(kind="fires", number=1),
    "rulebook-course": of_a_variant("course-rules"),
    "rulebook-course-part": of_a_variant("course-rules", section="dose"),
}
FORM = {"GET": 200, "POST": 422}
RULEBOOK_ROWS: dict[str, Row] = {
    "rulebook:try": Row(EVERY_ROLE, thing="tried-rule", shared=True, queries=1),
    "rulebook:rules": Row(READ, thing="rulebook", queries=10),
    "rulebook:rule": Row(READ, thing="rulebook-rule", queries=10),
    "rulebook:stricter": Row(LEAD, {"POST": 422}, thing="rulebook-rule"),
    "rulebook:add-effect": Row(LEAD, {"POST": 422}, thing="rulebook-effect"),
    "rulebook:drop-effect": Row(LEAD, {"POST": 303}, thing="rulebook-effect-there"),
    "rulebook:take-back": Row(LEAD, {"POST": 303}, thing="rulebook-rule"),
    "rulebook:own-new": Row(LEAD, FORM, thing="rulebook", queries=10),
    "rulebook:own-edit": Row(LEAD, FORM, thing="rulebook-own", queries=10),
    "rulebook:keep-case": Row(LEAD, {"POST": 303}, thing="rulebook-own"),
    "rulebook:mend-case": Row(LEAD, {"POST": 303}, thing="rulebook-case"),
    "rulebook:drop-case": Row(LEAD, {"POST": 303}, thing="rulebook-own-case"),
    "rulebook:course-rules": Row(READ, thing="rulebook-course", queries=10),
    "rulebook:course-save": Row(LEAD, {"POST": 422}, thing="rulebook-course-part"),
    "rulebook:course-take-back": Row(LEAD, {"POST": 303}, thing="rulebook-course-part"),
}
