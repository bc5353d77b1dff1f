"""The page of a course: its pictures have a text twin, its reasons a chain each, and nothing on it stands twice."""

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.courses.models import Course
from clinic.courses.queries import sessions_of
from clinic.staff.permissions import Actor
from clinic.web.marks import PRESSURES, SIDES, TEMPOS, clock
from patients.actions import record_facts
from patients.questionnaire import STATED, Reply
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course, a_day_at, a_patient

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_course(patient=a_patient(clinic=therapist.clinic), actor=therapist, condition="osteochondrosis-lumbar", stage="remission")


def page(client: Client, course: Course, **asked: str) -> str:
    return client.get(f"/courses/{course.pk}/", asked).content.decode()


def bare(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def rows_of(shown: str) -> list[str]:
    return re.findall(r'<tr class="plan-row.*?</tr>', shown, re.DOTALL)


@LANGUAGES
def test_the_table_says_all_that_the_timeline_draws(client: Client, course: Course, therapist: Actor, language: str) -> None:
    therapist.user.language = language
    therapist.user.save()
    names, session = shipped_names(language), sessions_of(course)[4]
    shown = page(client, course, session="5")
    assert len(rows_of(shown)) == len(session.rows) == shown.count('class="timeline-row"') / 2
    steps = [bare(head) for head in re.findall(r'<tr class="step-head.*?</tr>', shown, re.DOTALL)]
    for row, cells in zip(session.rows, map(bare, rows_of(shown)), strict=True):
        assert names.of("zones", row.zone) in steps[row.step]
        for word in (names.of("techniques", row.technique), names.of("families", row.family), clock(row.seconds)):
            assert word in cells
        assert str(row.pressure) in cells
    if language == "en":
        for row, cells in zip(session.rows, map(bare, rows_of(shown)), strict=True):
            assert str(SIDES[row.side]) in steps[row.step]
            assert str(PRESSURES[row.pressure]) in cells
            assert str(TEMPOS[row.tempo]) in cells


def test_every_session_of_the_curve_is_a_link_and_a_row_of_its_table(client: Client, course: Course) -> None:
    shown = page(client, course, session="3")
    for number, session in enumerate(sessions_of(course), start=1):
        assert f'href="?session={number}#session"' in shown
        assert f"Session {number} of {course.session_count}, " in shown
        assert f'<th scope="row" class="num">{number}</th>' in shown
        assert f"{clock(session.total_seconds)} min" in shown
    table = re.search(r'<table class="plain-table">.*?</table>', shown, re.DOTALL)
    assert table is not None
    cells = [len(re.findall(r"<t[hd]", row)) for row in re.findall(r"<tr.*?</tr>", table.group(), re.DOTALL)]
    assert cells == [cells[0]] * (1 + course.session_count)
    assert len(re.findall(r'class="curve-session"[^>]*aria-current="true"', shown)) == 1


@pytest.mark.parametrize("number", [1, 5, 10])
def test_no_id_stands_twice_and_every_link_within_the_page_has_its_place(client: Client, course: Course, number: int) -> None:
    shown = page(client, course, session=str(number))
    ids = Counter(re.findall(r'\sid="([^"]+)"', shown))
    assert [each for each, times in ids.items() if times > 1] == []
    inner = set(re.findall(r'href="#([^"]+)"', shown)) | set(re.findall(r'aria-labelledby="([^"]+)"', shown))
    assert inner - set(ids) == set()


def test_drawings_are_written_with_points_in_every_language(client: Client, course: Course, therapist: Actor) -> None:
    therapist.user.language = "ru"
    therapist.user.save()
    shown = page(client, course)
    drawn = re.findall(r'\s(?:x|y|cx|cy|width|height|viewBox|transform|d)="([^"]*)"', shown)
    assert drawn
    assert [each for each in drawn if re.search(r"\d,\d", each)] == []


def test_percussion_that_waits_for_its_phase_says_so_on_the_page(client: Client, course: Course) -> None:
    shown = page(client, course, session="1")
    entry = next(each for each in re.findall(r'<details class="left-out.*?</details>', shown, re.DOTALL) if "family-percussion" in each)
    assert "not in this session" in bare(entry)
    assert "Rule of the phase" in bare(entry)
    assert "no percussion" in bare(entry)
    assert "No percussion in this phase of the course" in bare(entry)


def test_percussion_that_waits_for_its_phase_also_names_the_finding_that_bars_it_for_good(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    thinned = {"medicine.anticoagulant": Reply(STATED, value=True)}
    record_facts(patient=patient, replies=thinned, on=a_day_at(therapist.clinic), given_by="patient", actor=therapist)
    course = a_course(patient=patient, actor=therapist, condition="osteochondrosis-lumbar", stage="remission")
    shown = html.unescape(bare(page(client, course, session="1")))
    percussion = shown[shown.index("Left out, and why") :]
    percussion = percussion[percussion.index("percussion (intermittent vibration)") :][:900]
    assert "Blood-thinning medicine" in percussion
    assert "Dose and phase" in percussion


def test_a_source_is_opened_without_telling_where_one_came_from(client: Client, course: Course) -> None:
    outside = re.findall(r'<a [^>]*href="https?://[^>]*>', page(client, course))
    assert outside
    assert all('rel="noreferrer"' in each for each in outside)


def test_a_course_that_is_refused_has_no_pictures_but_says_why(client: Client, therapist: Actor) -> None:
    refused = a_course(patient=a_patient(clinic=therapist.clinic), actor=therapist, condition="constipation", stage="alarm", count=1)
    shown = page(client, refused)
    assert "curve-drawing" not in shown
    assert "timeline-row" not in shown
    assert "The whole session" in shown
    assert "chain-decides" in shown
