"""The review half-way: what it proposes and why, and the page on which a doctor decides within a minute."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clinic.courses.actions import ask_doctor
from clinic.courses.actions.reviewing import tell_doctor
from clinic.courses.models import CourseReview
from clinic.courses.outcomes.actions.measures import Measured, keep_measures
from clinic.courses.outcomes.review_proposal import ReviewFacts, review_proposal
from clinic.courses.outcomes.review_words import REASONS, WHAT
from clinic.courses.outcomes.stage_steps import STEPS, Neighbours, neighbours
from clinic.staff.permissions import Actor
from protocols.shelf import shipped_library
from tests.factories import a_doctor, a_running_course

STAGES = Neighbours("acute", "remission")
SAID_ELSEWHERE = {"worse-twice", "late"}  # with names, and in the words of the library


def test_every_step_between_stages_is_a_stage_of_the_library() -> None:
    conditions = shipped_library().conditions
    assert all(set(row) <= set(conditions[code].stages) for code, rows in STEPS.items() for row in rows)
    for rows in STEPS.values():
        assert all(len(set(row)) == len(row) > 1 for row in rows)
        assert all(earlier != later for row in rows for earlier, later in pairwise(row))
    assert neighbours("osteochondrosis-lumbar", "subacute") == Neighbours("acute", "remission")
    assert neighbours("neck-collar", "tonic") == Neighbours()


@pytest.mark.parametrize(
    ("facts", "what", "stage"),
    [
        ({"trend": "none", "given": 6}, "reassess", ""),
        ({"trend": "worse", "given": 6}, "reassess", ""),
        ({"trend": "none", "given": 5}, "go-on", ""),
        ({"trend": "partial", "given": 6}, "go-on", ""),
        ({"trend": "good", "given": 6}, "next-stage", "remission"),
        ({"trend": "good", "given": 6, "low_comfort": 1}, "go-on", ""),
        ({"trend": "good", "given": 6, "worse": ("fatigue",)}, "doctor", "acute"),
        ({"trend": "good", "given": 6, "action": "doctor"}, "doctor", "acute"),
        ({"trend": None, "given": 6}, "measure", ""),
    ],
)
def test_the_gravest_that_holds_is_proposed(facts: dict[str, Any], what: str, stage: str) -> None:
    found = review_proposal(ReviewFacts(by=6, stages=STAGES, **facts))
    assert (found.what, found.stage) == (what, stage)


@given(
    st.builds(
        ReviewFacts,
        given=st.integers(0, 20),
        by=st.integers(1, 6),
        trend=st.sampled_from([None, "good", "partial", "none", "worse"]),
        worse=st.sampled_from([(), ("fatigue",)]),
        action=st.sampled_from(["go-on", "repeat", "step-back", "reassess", "pause", "doctor"]),
        low_comfort=st.integers(0, 3),
        bad_reactions=st.integers(0, 3),
        lost=st.integers(0, 5),
        stages=st.sampled_from([STAGES, Neighbours()]),
    )
)
def test_every_proposal_has_a_reason_in_words_and_nothing_grave_is_waved_through(facts: ReviewFacts) -> None:
    found = review_proposal(facts)
    assert found.what in WHAT
    assert found.reasons
    assert set(found.reasons) <= set(REASONS) | SAID_ELSEWHERE
    if facts.worse or facts.action in ("pause", "doctor", "reassess"):
        assert found.what == "doctor"
    if found.what == "next-stage":
        assert facts.trend == "good"
        assert not facts.bad_reactions


def test_a_doctor_reads_the_proposal_with_what_another_stage_means_and_writes_it_down(
    therapist: Actor, signed_in: Callable[[Actor], Client], max_queries: Callable[[int], Any]
) -> None:
    course = a_running_course(actor=therapist, condition="osteochondrosis-lumbar", stage="subacute", given=6)
    day = course.planned_on
    for ago, points in ((6, 40), (0, 20)):
        said = [Measured("oswestry-index", Decimal(points))]
        keep_measures(course=course, said=said, measured_on=day - timedelta(days=ago), on=day, actor=therapist)
    review = ask_doctor(course=course, question="Is it time?", actor=therapist)
    client, address = signed_in(a_doctor(clinic=course.clinic)), reverse("courses:review", args=[review.pk])
    with max_queries(32):  # the record, and the plan in the other stage made anew
        shown = client.get(address).content.decode()
    for words in ("Think about the next stage", "better by a real change", "remission", "Compare both plans", "Main measure"):
        assert words in shown
    lost = client.post(address, {"decision": "go-on", "stage": "remission", "note": ""})
    assert lost.status_code == 422
    assert client.post(address, {"decision": "change", "stage": "remission", "note": ""}).status_code == 303
    review = CourseReview.objects.get(pk=review.pk)
    assert (review.decision, review.note) == ("change", "Stage: remission")
    seen = signed_in(therapist).get(reverse("courses:detail", args=[course.pk])).content.decode()
    assert "Stage: remission" in seen


@pytest.mark.same_everywhere
def test_beside_an_emergency_nobody_reads_a_proposal_to_go_on(therapist: Actor, signed_in: Callable[[Actor], Client]) -> None:
    course = a_running_course(actor=therapist, given=2)
    question = ask_doctor(course=course, question="Is it time?", actor=therapist)
    told = tell_doctor(course=course, found="Chest pain", on=course.planned_on, actor=therapist)
    client = signed_in(a_doctor(clinic=course.clinic))
    for review in (told, question):
        page = client.get(reverse("courses:review", args=[review.pk]))
        assert "proposal" not in page.context
    shown = client.get(reverse("courses:review", args=[told.pk])).content.decode()
    assert "What was found" in shown
