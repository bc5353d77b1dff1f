"""The printed course is complete: every session once, every row, every reason, and where it can be checked."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from clinic.courses.models import Course
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Paper
from clinic.courses.prints.card import card_data
from clinic.courses.prints.course import course_data
from clinic.courses.prints.sessions import whole_course
from clinic.courses.queries import sessions_of
from clinic.courses.session_spans import spans
from clinic.staff.permissions import Actor
from clinic.web import marks
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import A4, is_accessible, pages, sizes, squeezed, strings, text_of
from tests.factories import a_course, a_course_that_may_start, a_patient, a_referral, a_running_course, an_intake

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
S_CURVE = {"curve_shape": "s", "convex_side": "right", "lumbar_convex_side": "left", "cobb_degrees": 19}
ADDRESS = "https://tactus.example.org/courses/1/"
# Latin that Russian texts of the field use as well.
LATIN = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def an_s_curve(actor: Actor) -> Course:
    patient = a_patient(clinic=actor.clinic, family_name="Weber-Łoś")
    return a_course_that_may_start(patient=patient, actor=actor, condition="scoliosis", stage="degree-2", inputs=S_CURVE, count=12)


def plan_pdf(client: Client, course: Course, query: str = "") -> bytes:
    response = client.get(f"/courses/{course.pk}/plan.pdf{query}")
    assert response.status_code == 200
    return bytes(response.content)


def data_of(course: Course, language: str = "en") -> dict[str, Any]:
    with translation.override(language):
        return course_data(Paper(course, Presenter(LIBRARY, shipped_names(language)), ADDRESS))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_session_stands_once_with_every_row_and_every_reason(client: Client, therapist: Actor, language: str) -> None:
    course = an_s_curve(therapist)
    printed = squeezed(text_of(plan_pdf(client, course, f"?language={language}")))
    with translation.override(language):
        presenter = Presenter(LIBRARY, shipped_names(language))
        views = [presenter.session(plan, stage=f"{course.condition}/{course.stage}") for plan in sessions_of(course)]
        sides = {side: str(marks.SIDES[side]).upper() for side in ("left", "right")}
    for view in views:
        for line in (*view.omissions, *view.by_dose):
            assert squeezed(line.what) in printed
            assert squeezed(line.because) in printed
        for step in view.steps:
            assert squeezed(step.zone) in printed
            assert step.side == "both" or squeezed(sides[step.side]) in printed
    rows = Counter(
        row["technique"] for session in data_of(course, language)["sessions"] for step in session["steps"] for row in step["rows"]
    )
    for technique, count in rows.items():
        assert printed.count(squeezed(technique)) >= count
    for sign in presenter.stop_rules(course):
        assert squeezed(sign) in printed


def test_the_rows_of_each_distinct_session_are_those_of_the_plan(therapist: Actor) -> None:
    course = an_s_curve(therapist)
    printed = {number: session for session in data_of(course)["sessions"] for number in numbers_in(session["sessions"])}
    for plan in sessions_of(course):
        shown = [(row["minutes"], row["pressure"]) for step in printed[plan.number]["steps"] for row in step["rows"]]
        assert shown == [(marks.clock(row.seconds), row.pressure) for row in plan.rows]
        sides = [step["side"] for step in printed[plan.number]["steps"] for _row in step["rows"]]
        assert sides == [row.side for row in plan.rows]


def numbers_in(words: str) -> list[int]:
    """``Sessions 1–3, 7`` back into numbers."""
    found: list[int] = []
    for run in words.split(" ", 1)[1].split(", "):
        first, _dash, last = run.partition("–")
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize("count", [1, 2, 12])
def test_each_session_number_stands_in_exactly_one_heading(therapist: Actor, count: int) -> None:
    course = a_course(actor=therapist, count=count)
    headings = [numbers_in(session["sessions"]) for session in data_of(course)["sessions"]]
    assert sorted(number for numbers in headings for number in numbers) == list(range(1, count + 1))
    assert len(headings) <= min(count, 6)


def test_numbers_are_drawn_together() -> None:
    assert spans([1]) == "1"
    assert spans([1, 2, 3, 7, 9, 10]) == "1–3, 7, 9–10"
    assert spans([]) == ""


def test_the_print_says_whose_it_is_which_version_and_where_to_check_it(client: Client, therapist: Actor) -> None:
    course = an_s_curve(therapist)
    pdf = plan_pdf(client, course)
    printed = text_of(pdf)
    for words in (
        "Weber-Łoś Anna", course.clinic.name, course.digest[:12], course.library_digest[:12], course.edition,
        f"version {course.version}", course.planned_by.full_name, f"http://testserver/courses/{course.pk}/",
    ):  # fmt: skip
        assert words in printed
    for number in range(1, pages(pdf) + 1):
        assert f"Page {number} of {pages(pdf)}" in printed
    assert printed.count(f"plan {course.digest[:12]}") == pages(pdf)  # loose sheets: each says which plan it is of


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_print_is_an_accessible_a4_of_a_few_pages(client: Client, therapist: Actor, language: str) -> None:
    pdf = plan_pdf(client, an_s_curve(therapist), f"?language={language}")
    assert sizes(pdf) == {A4}
    assert is_accessible(pdf)
    assert pages(pdf) <= 8


def test_what_was_given_and_felt_stands_in_the_table(client: Client, therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=4, given=2)
    data = data_of(course)
    assert len(data["doses"]["heads"]) == 10
    given = [row[6] for row in data["doses"]["rows"]]
    assert all(given[:2])
    assert not any(given[2:])
    assert "Given on" in text_of(plan_pdf(client, course))


def test_a_course_that_nobody_began_has_no_column_for_what_was_felt(therapist: Actor) -> None:
    assert len(data_of(a_course(actor=therapist, count=3))["doses"]["heads"]) == 6


def test_a_refusal_prints_its_reason_and_no_session_to_give(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    a_referral(patient=patient, actor=therapist)
    condition, stage = next(
        (condition, stage) for condition in LIBRARY.conditions.values() for stage in condition.stages.values() if stage.treatment is None
    )
    course = a_course(patient=patient, actor=therapist, condition=condition.code, stage=stage.code, count=3)
    pdf = plan_pdf(client, course)
    printed = text_of(pdf)
    assert "DRAFT: MAY NOT START" in printed
    assert "Nothing may be given in this session." in printed or not sessions_of(course)
    assert data_of(course)["doses"]["rows"] == []
    assert data_of(course)["curve"]["svg"] == ""
    assert data_of(course)["home"]["title"] == ""
    assert is_accessible(pdf)


def test_every_finding_stands_with_its_sources(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    gate = {question.code: "yes" for question in LIBRARY.intake.gate}
    an_intake(patient=patient, actor=therapist, gate=gate)
    course = a_course(patient=patient, actor=therapist, count=3)
    data, printed = data_of(course), squeezed(text_of(plan_pdf(client, course)))
    for finding in data["findings"]["fired"]:
        for words in (finding["title"], finding["word"], finding["explanation"], finding["sources"], *finding["changes"]):
            assert squeezed(words) in printed
    for line in data["obstacles"]["lines"]:
        assert squeezed(line) in printed


def test_home_advice_is_printed_only_where_no_finding_changes_the_plan(therapist: Actor) -> None:
    free = a_course_that_may_start(actor=therapist, condition="neck-collar", stage="calming", count=2)
    assert data_of(free)["home"]["sheets"]
    waiting = a_course(actor=therapist, condition="neck-collar", stage="calming", count=2)
    assert not waiting.may_start
    assert data_of(waiting)["home"]["sheets"] == []
    free.state = "suspended"  # what suspended it is not in the plan yet
    assert data_of(free)["home"]["sheets"] == []


@pytest.mark.parametrize("name", ["#panic()", "*bold* $x^2$", '"; }', "<script>alert(1)</script>", "= Heading", "]]>", "{page}"])
def test_a_name_prints_literally(client: Client, therapist: Actor, name: str) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name=name)
    pdf = plan_pdf(client, a_course(patient=patient, actor=therapist, count=1))
    assert name.replace(" ", "") in text_of(pdf).replace(" ", "")
    assert is_accessible(pdf)


def test_a_russian_print_has_no_english_words(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic, family_name="Иванова", given_name="Анна")
    therapist.user.full_name = "Борис Антонов"
    therapist.user.save()
    course = a_course_that_may_start(patient=patient, actor=therapist, condition="scoliosis", stage="degree-2", inputs=S_CURVE, count=4)
    with translation.override("ru"):
        paper = Paper(course, Presenter(LIBRARY, shipped_names("ru")), ADDRESS)
        said = [*strings(course_data(paper)), *strings(card_data(paper, course.sessions.get(number=1)))]
    ours = re.compile(rf"{course.digest[:12]}|{course.library_digest[:12]}|CEST?|{{pages?}}")
    assert [words for words in said if LATIN.search(ours.sub("", words))] == []


def test_the_map_of_the_course_holds_what_any_session_works(therapist: Actor) -> None:
    sessions = sessions_of(an_s_curve(therapist))
    whole = whole_course(sessions)
    assert whole is not None
    assert {(row.zone, row.side) for row in whole.rows} == {(row.zone, row.side) for session in sessions for row in session.rows}


def test_a_course_of_another_clinic_is_not_printed(client: Client, stranger: Actor) -> None:
    assert client.get(f"/courses/{a_course(actor=stranger, count=1).pk}/plan.pdf").status_code == 404


def test_the_page_of_the_course_offers_both_prints_in_both_languages(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, count=2)
    html = client.get(f"/courses/{course.pk}/").content.decode()
    for language in ("en", "ru"):
        assert f'href="/courses/{course.pk}/plan.pdf?language={language}"' in html
        assert f'href="/courses/{course.pk}/sessions/1/card.pdf?language={language}"' in html
