"""A case out of a real course holds its question and nothing of whose it was; what is kept is what was shown."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.courses.benching.actions import keep_course_as_case
from clinic.courses.benching.stripping import NUMBERS, TOLD, case_of_course, stripped
from clinic.courses.models import Course, SessionRecord
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.case import OPTIONAL, REQUIRED, parse_case
from protocols.method.planning import plan_session
from protocols.method.vocabulary import SIDES
from protocols.models import Variant, VariantVersion
from protocols.shelf import shipped_library
from protocols.variants.changes import changes_of
from tests.factories import a_document, a_patient, a_running_course, an_actor

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]

LIBRARY = shipped_library()
BORN = date(1971, 3, 29)
CANARIES = {
    "family_name": "Canarova", "given_name": "Canariana", "middle_name": "Canarievna", "phone": "+49 170 7654321",
    "email": "canary@mail.test", "guardian_name": "Canary Guard", "guardian_phone": "+49 171 1234567", "notes": "canary note",
    "likes": "canary music", "card_number": "CARD-77821",
}  # fmt: skip
OURS = ["began-variant", "changed-variant", "made-case"]
INPUTS = {"affected_side": "right", "region": "knee", "cause": "canary fell off a horse", "range_degrees": 70} | {
    "short_muscles": [{"zone": "thigh-posterior", "side": "right"}], "weak_muscles": [{"zone": "thigh-anterior", "side": "right"}]
}  # fmt: skip


@pytest.fixture
def lead(clinic: Clinic) -> Actor:
    return an_actor(clinic=clinic, roles=("clinical-lead", "therapist"))


@pytest.fixture
def course(clinic: Clinic, lead: Actor) -> Course:
    """A running course of somebody with canaries wherever words go, planned again after a session on record."""
    patient = a_patient(clinic=clinic, born_on=BORN, id=90817263, registered_by=lead.user, **CANARIES)
    made = a_running_course(patient=patient, actor=lead, condition="joint-stiffness", stage="standard", inputs=INPUTS)
    a_document(patient=patient, age_days=3, actor=lead)
    before = made.planned_at - timedelta(days=2)
    felt: dict[str, Any] = {"comfort": 6, "pain_before": 5, "note": "canary said so", "hurts": [{"zone": "thigh", "side": "right"}]}
    SessionRecord.objects.create(
        session=made.sessions.get(number=1), given_on=before.date(), recorded_at=before, recorded_by=lead.user, **felt
    )
    return made


def stated_of(course: Course) -> dict[str, Any]:
    return stripped(case_of_course(course), LIBRARY)


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        yield from (text for each in value.values() for text in texts_in(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts_in(each))
    elif isinstance(value, str):
        yield value


def codes_of_the_library() -> set[str]:
    tables = (LIBRARY.facts, LIBRARY.zones, LIBRARY.documents, LIBRARY.rules, LIBRARY.supplements, LIBRARY.conditions)
    values = {value for fact in LIBRARY.facts.values() for value in fact.values}
    inputs = {text for entry in LIBRARY.conditions.values() for row in entry.inputs for text in (row.code, *row.values)}
    stages = {stage for entry in LIBRARY.conditions.values() for stage in entry.stages}
    return {code for table in tables for code in table} | values | inputs | stages | set(SIDES)


def test_every_text_in_a_stripped_case_is_a_code_of_the_library(course):
    keys = {*REQUIRED, *OPTIONAL, "age", "sex", "number", "of", "age_days", "rules", "zone", "side", "hurts", *NUMBERS, *TOLD}
    stated = stated_of(course)
    assert set(texts_in(stated)) <= codes_of_the_library() | keys
    assert "cause" not in stated["inputs"]
    assert stated["records"] == [{"number": 1, "comfort": 6, "pain_before": 5, "hurts": [{"zone": "thigh", "side": "right"}]}]
    assert stated["session"] == {"number": 2, "of": 10}
    assert stated["clearances"]["cardiologist-note"]["age_days"] == 3
    assert not re.search(r"\d{4}-\d{2}-\d{2}", json.dumps(stated))


def test_the_case_plans_what_was_planned_for_the_patient(course):
    stated = stated_of(course)
    there = plan_session(case_of_course(course), LIBRARY)
    here = plan_session(parse_case(stated, LIBRARY), LIBRARY)
    assert here.session == there.session
    assert here.screening.outcome == there.screening.outcome
    assert {finding.rule for finding in here.screening.findings} == {finding.rule for finding in there.screening.findings}


def test_nothing_that_names_anybody_is_kept_in_the_variant_or_told_in_its_audit(course, lead, signed_in):
    shown = signed_in(lead).get(reverse("benching:as-case", args=[course.pk]))
    sent = signed_in(lead).post(reverse("benching:as-case", args=[course.pk]), {"digest": shown.context["digest"]})
    assert sent.status_code == 303
    variant = Variant.objects.get()
    kept = changes_of(variant)["cases/joint-stiffness:case/own-joint-stiffness-1"]
    assert kept["input"] == json.loads(shown.context["text"])  # what was shown is what is kept
    texts = [variant.changes, variant.title, variant.note, *VariantVersion.objects.values_list("changes", flat=True)]
    texts += [
        *VariantVersion.objects.values_list("said", flat=True),
        *(str(line.details) for line in AuditLine.objects.filter(verb__in=OURS)),
    ]
    named = [*CANARIES.values(), "canary", "90817263", BORN.isoformat(), BORN.strftime("%d.%m.%Y"), lead.user.full_name, lead.user.email]
    for text in texts:
        for canary in named:
            assert canary.lower() not in text.lower(), canary
    assert course.planned_on.isoformat() not in variant.changes
    assert [line.verb for line in AuditLine.objects.order_by("sequence")][-3:] == OURS


def test_what_has_changed_since_it_was_shown_is_shown_again_and_not_kept(course, lead, signed_in):
    answer = signed_in(lead).post(reverse("benching:as-case", args=[course.pk]), {"digest": "0" * 64})
    assert answer.status_code == 200
    assert "has changed since you opened this page" in answer.content.decode()
    assert not Variant.objects.exists()


def test_a_second_case_goes_into_the_open_variant_and_none_into_one_that_lies_with_the_doctor(course, lead):
    variant, first = keep_course_as_case(course=course, stated=stated_of(course), actor=lead)
    same, second = keep_course_as_case(course=course, stated=stated_of(course), actor=lead)
    assert (same, first, second) == (variant, "own-joint-stiffness-1", "own-joint-stiffness-2")
    Variant.objects.filter(pk=variant.pk).update(state="awaiting")
    with pytest.raises(ActionDenied, match="Only a draft"):
        keep_course_as_case(course=course, stated=stated_of(course), actor=lead)


def test_only_the_clinical_lead_is_offered_it(course, lead, therapist, signed_in):
    words = "Make a case for the test bench of it"
    address = reverse("courses:detail", args=[course.pk])
    assert words in signed_in(lead).get(address).content.decode()
    assert words not in signed_in(therapist).get(address).content.decode()
    with pytest.raises(ActionDenied):
        keep_course_as_case(course=course, stated=stated_of(course), actor=therapist)
