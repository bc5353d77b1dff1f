"""What the hands must know stands on page 1 of the card, before the rows: places with their side, the patient's note, no false "Draft"."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import translation

from clinic.courses.actions import answer_day_questions
from clinic.courses.models import Course
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Paper
from clinic.courses.prints.card import card_data
from clinic.courses.prints.course import course_data
from clinic.courses.queries import screening_of, sessions_of
from clinic.staff.permissions import Actor
from patients.questionnaire import STATED, Reply
from protocols.method.barring import gather_barred
from protocols.method.findings import Bar
from protocols.method.places import Place
from protocols.method.storage import plan_to_json
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import is_accessible, strings
from tests.factories import a_course, a_document, a_patient, a_running_course, an_intake

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
VEINS = "Varicose veins (with or without skin change)"
NOTE = "Lies badly on the left side:\na pillow under the <b>knee</b>"


def with_veins(therapist: Actor, side: str = "left", stage: str = "root-pain") -> Course:
    """Somebody with varicose veins on one calf, planned for the lumbar spine."""
    patient = a_patient(clinic=therapist.clinic, notes=NOTE)
    veins = {"history.varicose-zones": Reply(STATED, value=[{"zone": "calf", "side": side}])}
    an_intake(patient=patient, actor=therapist, gate={"heart-and-vessels": "yes"}, replies=veins)
    inputs = {"affected_side": side} if stage == "root-pain" else None
    return a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage=stage, inputs=inputs, count=3)


def data_of(course: Course, number: int = 1, language: str = "en") -> dict[str, Any]:
    with translation.override(language):
        paper = Paper(course, Presenter(LIBRARY, shipped_names(language)), "https://tactus.example.org/courses/1/")
        return card_data(paper, course.sessions.get(number=number))


@pytest.mark.parametrize("side", ["left", "right"])
def test_take_care_names_the_places_of_a_finding_with_their_side(therapist: Actor, side: str) -> None:
    care = data_of(with_veins(therapist, side))["care"]
    line = next(line for line in care if line.startswith(VEINS))
    assert f"Not worked: calf – {side.upper()}, ankle – {side.upper()}, foot – {side.upper()}" in line
    assert "Pressure 2 at most: lower limb. No kneading" in line
    assert sum(VEINS in line for line in care) == 1


def test_take_care_names_the_side_in_russian(therapist: Actor) -> None:
    assert any("икроножная область – СЛЕВА" in line for line in data_of(with_veins(therapist), language="ru")["care"])


def test_take_care_names_the_zones_that_the_referral_or_the_patient_bars(therapist: Actor) -> None:
    course = with_veins(therapist)
    screening = screening_of(course)
    barred = gather_barred((Bar("consent", (Place("abdomen", "both"),)), Bar("referral", (Place("calf", "right"),))), LIBRARY)
    limits = replace(screening.limits, places_out=(*screening.limits.places_out, *barred.places_out))
    course.screening = plan_to_json(replace(screening, limits=limits))
    care = data_of(course)["care"]
    assert "Left out: the referral bars it. calf – RIGHT" in care
    assert "Left out: the patient has withdrawn consent. abdomen" in care


def test_the_places_stand_on_page_1_before_the_rows(therapist: Actor, signed_in: SignedIn) -> None:
    course = with_veins(therapist)
    pdf = bytes(signed_in(therapist).get(f"/courses/{course.pk}/sessions/1/card.pdf").content)
    first = (
        " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
        .replace("ZONE AND SIDE", "zone and side")
        .replace("Zone and side", "zone and side")
    )
    assert first.index("calf – LEFT, ankle – LEFT, foot – LEFT") < first.index("zone and side")
    assert first.index("a pillow under the <b>knee</b>") < first.index("zone and side")
    assert is_accessible(pdf)


def test_what_a_lifted_rule_still_leaves_out_is_named_too(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(
        patient=patient, actor=therapist, gate={"heart-and-vessels": "yes"}, replies={"history.pitting-oedema": Reply(STATED, value=True)}
    )
    a_document(patient=patient, kind="doctor-referral", rules=["rf-04"], actor=therapist)
    course = a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="remission", count=2)
    assert "Pitting swelling of both legs. Not worked: lower limb." in data_of(course)["care"]


def test_nothing_that_the_rows_give_is_called_left_out_without_saying_in_places(therapist: Actor) -> None:
    course, names = with_veins(therapist, stage="remission"), shipped_names("en")
    for plan in sessions_of(course):
        data = data_of(course, plan.number)
        given = {names.of("families", row.family) for row in plan.rows} | {names.of("techniques", row.technique) for row in plan.rows}
        assert plan.rows
        assert given.isdisjoint(data["by_dose"])
        for line in data["omitted"]:
            assert given.isdisjoint(line.partition(":")[0].split(", "))
    omitted = data_of(course)["omitted"]
    assert any(line.startswith("kneading (in places): No kneading: " + VEINS) for line in omitted)


def test_a_running_course_that_may_not_be_given_is_no_draft_on_paper(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=2)
    replies = {"today.temperature-c": Reply("unknown")}
    answer_day_questions(course=course, replies=replies, on=course.planned_on, version=course.version, actor=therapist)
    course.refresh_from_db()
    data = data_of(course)
    assert (data["banner"], data["is_barred"]) == ("May not be given", True)
    paper = Paper(course, Presenter(LIBRARY, shipped_names("en")), "https://tactus.example.org/courses/1/")
    whole = course_data(paper)
    assert whole["banner"] == "May not be given"
    assert not any("Draft" in words for words in strings(whole))


def test_the_note_stands_on_the_card_and_on_the_page_as_it_was_written(therapist: Actor, signed_in: SignedIn) -> None:
    course = with_veins(therapist)
    assert data_of(course)["care"][-1] == f"Note: {NOTE}"
    said = signed_in(therapist).get(f"/courses/{course.pk}/").content.decode()
    assert "a pillow under the &lt;b&gt;knee&lt;/b&gt;" in said
    quiet = a_course(actor=therapist, count=1)
    assert not any(line.startswith("Note:") for line in data_of(quiet)["care"])
