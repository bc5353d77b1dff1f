"""The home sheet: the same exclusions as the plan, large print, the patient's language."""

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import translation

from clinic.courses.models import Course, SessionRecord
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Paper
from clinic.courses.prints.home_sheet import home_sheet_data
from clinic.staff.permissions import Actor
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import A4, is_accessible, sizes, squeezed, text_of
from tests.factories import a_course_that_may_start, a_patient, a_running_course

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LARGE = 16  # points
CAPITAL = 0.689  # of the size: the height of a capital of the font
PLAIN = frozenset("НПВТЕИМ")  # capitals without a round or a tail
SMALL_FOOT = 60  # points from the lower edge, where the foot stands


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def data_of(course: Course, language: str = "en") -> dict[str, Any]:
    with translation.override(language):
        return home_sheet_data(Paper(course, Presenter(shipped_library(), shipped_names(language)), "https://clinic.test/courses/1/"))


def home_pdf(client: Client, course: Course, query: str = "") -> bytes:
    response = client.get(f"/courses/{course.pk}/home.pdf{query}")
    assert response.status_code == 200
    return bytes(response.content)


def test_a_sheet_is_in_large_print_in_the_language_of_the_patient(client: Client, therapist: Actor) -> None:
    course = a_running_course(actor=therapist, patient=a_patient(clinic=therapist.clinic, language="ru"))
    pdf = home_pdf(client, course)
    printed = squeezed(text_of(pdf))
    assert sizes(pdf) == {A4}
    assert is_accessible(pdf)
    for step in shipped_names("ru").lines("sheets", "neck", "steps"):
        assert squeezed(step) in printed
    english = squeezed(text_of(home_pdf(client, course, "?language=en")))
    *signs, asked = shipped_names("en").lines("stop-sets", "any", "stop")
    for sign in signs:
        assert squeezed(sign) in english
    assert asked == "the patient asks to stop"
    assert squeezed(asked) not in english  # it is the patient who reads it
    assert smallest_letters(pdf) >= LARGE


def smallest_letters(pdf: bytes) -> float:
    """The size of the smallest letters above the foot, in points, by the height of the capitals."""
    found: list[float] = []
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        words = document[number].get_textpage()
        for at in range(words.count_chars()):
            _left, bottom, _right, top = words.get_charbox(at)
            found += [(top - bottom) / CAPITAL] if bottom > SMALL_FOOT and words.get_text_range(at, 1) in PLAIN else []
    return round(min(found), 1)


def test_a_zone_that_the_patient_took_back_is_not_worked_at_home(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    free = data_of(course)["sheets"][0]
    assert len(free["steps"]) == 6
    assert free["left_out"] == []
    record = course.screenings.order_by("-pk").first()
    assert record is not None
    course.screenings.model.objects.create(**{**fields_of(record), "screening": without_the_occiput(record.screening)})
    sheet = data_of(course)["sheets"][0]
    assert len(sheet["steps"]) == 5
    (line,) = sheet["left_out"]
    assert line["what"].startswith("Finger pads under the occiput")
    assert line["why"]


def fields_of(record: Any) -> dict[str, Any]:
    return {each.attname: getattr(record, each.attname) for each in record._meta.fields if each.attname not in ("id", "made_at")}


def without_the_occiput(screening: dict[str, Any]) -> dict[str, Any]:
    places = [{"zone": "occiput", "side": side} for side in ("left", "right")]
    because = {"code": "consent-withdrawn", "about": [], "sources": []}
    return {**screening, "limits": {**screening["limits"], "places_out": [{"places": places, "because": because}]}}


def test_nothing_is_handed_out_while_something_is_in_the_way(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, given=1)
    assert data_of(course)["withheld"] == ""
    for change in ({"state": "suspended"}, {"state": "paused"}, {"may_start": False}, {"state": "draft"}):
        spoilt = Course.objects.get(pk=course.pk)
        for name, value in change.items():
            setattr(spoilt, name, value)
        data = data_of(spoilt)
        assert data["withheld"]
        assert data["sheets"] == []


def test_a_bad_reaction_that_nobody_has_read_withholds_the_sheet(therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    session = course.sessions.get(number=1)
    SessionRecord.objects.create(
        session=session, given_on=course.planned_on, bad_reaction=True, recorded_at=course.planned_at, recorded_by=therapist.user
    )
    assert "bad reaction" in data_of(course)["withheld"]


def test_a_course_without_home_advice_says_so(client: Client, therapist: Actor) -> None:
    assert not any("pneumonia" in sheet.conditions for sheet in shipped_library().sheets.values())
    course = a_running_course(actor=therapist)
    course.condition = "pneumonia"
    assert data_of(course)["withheld"] == "The library has no home programme for this course."
    waiting = a_course_that_may_start(actor=therapist)
    assert "once the course has begun" in text_of(home_pdf(client, waiting))
