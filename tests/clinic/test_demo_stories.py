"""What the invented patients tell fits the stage under which they are planned: a doctor finds no contradiction in the demo."""

from clinic.courses.demo_entries import DemoPatient
from clinic.courses.demo_patients import PATIENTS
from protocols.method.answers import Answers
from protocols.method.stage_signs import stage_warnings
from protocols.shelf import shipped_library
from tests.each import of_each

PLANNED = [patient for patient in PATIENTS if patient.course]


@of_each("patient", PLANNED, ids=lambda patient: patient.family_name)
def test_nothing_that_is_told_speaks_against_the_stage(patient: DemoPatient) -> None:
    course = patient.course
    assert course is not None
    pain = {"today.pain-nrs": course.story.pain[0]} if course.story else {}
    told = Answers({**patient.has, **pain})
    assert stage_warnings(shipped_library().conditions[course.condition], course.stage, course.inputs, told) == ()


@of_each("patient", PLANNED, ids=lambda patient: patient.family_name)
def test_the_pain_before_the_first_session_is_the_one_entered_for_the_plan(patient: DemoPatient) -> None:
    course = patient.course
    assert course is not None
    if course.story:
        assert course.inputs.get("pain_nrs", course.story.pain[0]) == course.story.pain[0]


@of_each("patient", PLANNED, ids=lambda patient: patient.family_name)
def test_every_place_that_hurt_is_a_zone_of_the_library(patient: DemoPatient) -> None:
    story = patient.course.story if patient.course else None
    assert {zone for zone, _side in (story.hurts if story else {}).values()} <= set(shipped_library().zones)
