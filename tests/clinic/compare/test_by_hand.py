"""A doctor reads what was changed by hand before it is signed; a plan that nobody changed says nothing of it."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from clinic.courses.edit_words import RULE_NAMES, all_words, edit_words, edits_differ
from clinic.courses.models import Course, PlanEdit, RuleOverride
from clinic.courses.planning import CourseRequest
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.queries import request_of
from clinic.courses.signed_content import course_content
from clinic.courses.supposing import Supposition
from clinic.staff.permissions import Actor
from protocols.method.checking import SENTENCES
from protocols.method.edits import EDIT_KINDS, NO_EDITS, Edit, Edits, NewStep, Override, Palpated, edits_to_json
from protocols.method.places import Place
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course
from tests.method.cases import required_inputs

WORDS = "The muscle is short & hard <b>today</b>"
STEP = "4:trapezius-upper:left"
NEW = NewStep("neck", "both", ("stroking-surface-planar",), 2, "calm")


def presenter(language: str = "en") -> InOneLanguage:
    return InOneLanguage(shipped_library(), shipped_names(language))


def every_kind() -> Edits:
    edits = [
        Edit(kind, 2, 3, step="+1" if kind == "add" else STEP, value=2, code="calm", new=NEW if kind == "add" else None)  # type: ignore[arg-type]
        for kind in EDIT_KINDS
    ]
    return Edits(tuple(edits), (Override("tempo-not-planned", STEP, "palpation", WORDS),), (Palpated(Place("neck", "both"), "tense"),))


def a_course_by_hand(actor: Actor) -> Course:
    course = a_course(actor=actor, count=4)
    edits = every_kind()
    course.request = {**course.request, "by_hand": edits_to_json(edits)}
    course.save(update_fields=["request"])
    rows = {"version": 2, "before": {}, "after": course.request["by_hand"], "digest_before": "a", "digest_after": "b", "by": actor.user}
    kept = PlanEdit.objects.create(course=course, **rows)
    RuleOverride.objects.create(edit=kept, code="tempo-not-planned", step=STEP, first=2, last=3, reason="palpation", words=WORDS)
    return Course.objects.get(pk=course.pk)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_kind_of_change_is_a_sentence_that_names_its_sessions_and_its_place(language: str) -> None:
    edits = every_kind()
    said = [edit_words(edit, presenter(language), edits) for edit in edits.edits]
    assert len(set(said)) == len(EDIT_KINDS)
    assert all("2–3" in line and STEP not in line and "trapezius-upper" not in line for line in said)


def test_what_comes_and_goes_between_two_states_is_told_once_and_nothing_else() -> None:
    before = every_kind()
    last = before.edits[-1]
    after = replace(before, edits=(*before.edits[:-1], replace(last, value=500)))
    found = edits_differ(before, after, presenter())
    assert (len(found.come), len(found.gone)) == (1, 1)
    assert edits_differ(after, before, presenter()).come == found.gone
    assert edits_differ(before, before, presenter()).come == ()


def test_every_rule_that_has_a_name_here_is_one_that_the_checker_knows() -> None:
    assert set(RULE_NAMES) - set(SENTENCES) <= {"side-rule", "dose-above-protocol", "pressure-above-protocol", "family-stretched"}


def test_a_what_if_of_a_plan_changed_by_hand_supposes_nothing_until_somebody_does() -> None:
    library, names = shipped_library(), shipped_names("en")
    condition = library.conditions["neck-collar"]
    inputs = required_inputs(condition, condition.stages["calming"])
    kept = CourseRequest(condition.code, "calming", 10, inputs, (), every_kind())
    same, other = (
        Supposition(QueryDict(query), kept=kept, condition=condition, library=library, names=names) for query in ("", "stage=tonic")
    )
    assert (same.is_valid, same.is_changed) == (True, False)
    assert other.wanted.edits == NO_EDITS, "another protocol has other steps"


@pytest.mark.django_db
def test_a_doctor_reads_every_change_and_every_rule_with_its_reason_before_signing(therapist: Actor) -> None:
    course = a_course_by_hand(therapist)
    content = course_content(course)
    (section,) = (each for each in content.sections if each.heading == "Changed by hand")
    told = "\n".join(section.lines)
    assert all(line in told for line in all_words(replace(request_of(course).edits, overrides=()), presenter()))
    assert all(words in told for words in (WORDS, therapist.user.full_name, "What the hand found"))
    (rule,) = content.body["overrides"]
    assert (rule["code"], rule["zone"], rule["side"]) == ("tempo-not-planned", "trapezius-upper", "left")
    assert (rule["first"], rule["last"], rule["reason"], rule["words"]) == (2, 3, "palpation", WORDS)
    assert rule["by"] == {"id": therapist.user.pk, "name": therapist.user.full_name}


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_a_plan_that_nobody_changed_says_nothing_of_changes(therapist: Actor) -> None:
    content = course_content(a_course(actor=therapist, count=4))
    assert content.body["overrides"] == []
    assert "by_hand" not in content.body["plan"]["request"]
    assert "Changed by hand" not in {section.heading for section in content.sections}
