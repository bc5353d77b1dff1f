"""The report of a course: what was asked for, what was given, how it was borne, what came of it, on numbered pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from clinic.courses.given import RowGiven
from clinic.courses.models import AdaptationChoice, Course, CourseReview, MeasureValue, SessionMove, SessionRecord
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Measured, Paper, Told
from clinic.courses.prints.report import report_data
from clinic.courses.queries import sessions_of
from clinic.courses.record_content import rows_kept
from clinic.staff.permissions import Actor
from protocols.method.plans import Adaptation
from protocols.method.storage import plan_to_json
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import A4, is_accessible, pages, sizes, squeezed, text_of
from tests.factories import a_patient, a_running_course

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def course(therapist: Actor) -> Course:
    """Two sessions given, the second with half of its first row, a reaction and words; one missed."""
    course = a_running_course(actor=therapist, patient=a_patient(clinic=therapist.clinic, family_name="Weber-Łoś"), count=4)
    plans = sessions_of(course)
    for number in (1, 2):
        session, day = course.sessions.get(number=number), course.planned_on - timedelta(days=4 - 2 * number)
        rows = rows_kept(RowGiven(at, row.seconds, row.seconds if at else 0) for at, row in enumerate(plans[1].rows))
        more: dict[str, Any] = {"rows": rows, "reactions": ["headache"], "bad_reaction": True, "note": "Rested."} if number == 2 else {}
        felt = {"comfort": 10 - 3 * number, "pain_before": 8 - 2 * number, "pain_after": 4}
        SessionRecord.objects.create(
            session=session, given_on=day, recorded_at=course.planned_at, recorded_by=therapist.user, **felt, **more
        )
        course.sessions.filter(number=number).update(state="done")
    missed = course.sessions.get(number=3)
    SessionMove.objects.create(session=missed, before="planned", after="missed", happened_on=course.planned_on, note="No word")
    course.sessions.filter(number=3).update(state="missed")
    return course


def data_of(course: Course, told: Told, language: str = "en") -> dict[str, Any]:
    with translation.override(language):
        return report_data(Paper(course, Presenter(shipped_library(), shipped_names(language)), "https://clinic.test/courses/1/"), told)


def test_minutes_are_those_that_were_given(course: Course) -> None:
    data = data_of(course, Told())
    plans = sessions_of(course)
    seconds = plans[0].total_seconds + plans[1].total_seconds - plans[1].rows[0].seconds
    assert sum(clock(row[1]) for row in data["work"]["rows"]) == seconds
    figures = {figure["name"]: figure["value"] for figure in data["figures"]}
    assert (figures["Planned"], figures["Given"], figures["Missed"]) == ("4", "2", "1")
    assert figures["Pain before, first → last"] == "6 → 4"
    assert [row[4:] for row in data["sessions"]["rows"]] == [["7", "6", "4"], ["4", "4", "4"]]


def clock(words: str) -> int:
    minutes, _colon, seconds = words.partition(":")
    return 60 * int(minutes) + int(seconds or 0)


def test_a_report_says_what_happened_and_that_it_decides_nothing(client: Client, course: Course, therapist: Actor) -> None:
    told = {"course": course, "measure": "neck-disability-index", "moment": "start", "edition": course.edition, "by": therapist.user}
    for days, value in ((4, 40), (0, 20)):
        MeasureValue.objects.create(**told, value=value, measured_on=course.planned_on - timedelta(days=days))
    response = client.get(f"/courses/{course.pk}/report.pdf")
    assert response.status_code == 200
    pdf = bytes(response.content)
    printed = squeezed(text_of(pdf))
    for words in (
        "Weber-Łoś", "Session 3", "No word", "Headache", "Rested.", "not a medical device", "Recommendations", "Signature",
        "Better by a real change", "A bad reaction: sessions 2.", f"Page 1 of {pages(pdf)}", course.digest[:12],
    ):  # fmt: skip
        assert squeezed(words) in printed, words
    assert sizes(pdf) == {A4}
    assert is_accessible(pdf)


def test_what_was_changed_and_decided_stands_with_who_did_it(course: Course, therapist: Actor) -> None:
    lighter = plan_to_json(Adaptation(action="step-back", pressure_shift=-1, leave_out=("percussion-hacking",)))
    AdaptationChoice.objects.create(
        course=course, after_session=2, proposal=lighter, chosen=lighter, is_edited=True, reason="caution", note="Tense.", by=therapist.user
    )
    CourseReview.objects.create(course=course, kind="question", after_session=2, question="Lighter?", asked_by=therapist.user)
    data = data_of(course, Told())
    (change,) = data["changes"]["lines"]
    name = therapist.user.full_name
    assert change == f"After session 2: pressure lower by 1; left out: hacking – {name} (More careful than proposed: Tense.)"
    (review,) = data["reviews"]["lines"]
    assert review.startswith("Question about the course, ")
    assert review.endswith(": Lighter? – Not decided yet.")


def test_a_report_of_a_course_without_a_session_says_so(client: Client, therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=2)
    printed = text_of(bytes(client.get(f"/courses/{course.pk}/report.pdf").content))
    assert "No session was given yet." in printed
    assert "Nothing was measured in this course." in printed


def test_a_course_that_ended_early_is_not_called_unfinished(course: Course) -> None:
    course.state, course.finished_on = "ended", course.planned_on
    said = str(data_of(course, Told()))
    assert "The course ended early, on" in said
    assert "not finished" not in said


def test_measures_stand_in_the_words_of_their_package(course: Course) -> None:
    told = Told([Measured("Pain", "6", "4", "Better", "2 points")], ["Borne well."])
    data = data_of(course, told)
    assert data["measures"]["rows"] == [["Pain", "6", "4", "Better", "2 points"]]
    assert data["tolerance"]["lines"] == ["Borne well."]
