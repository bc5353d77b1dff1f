"""The body chart: every save is a new chart, doubles are one mark, nothing typed is lost, and what came and went is told."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.audit.models import AuditLine
from clinic.courses.models import BodyChart, Course
from clinic.courses.outcomes.actions.body import draw_body_chart
from clinic.courses.outcomes.body_pictures import ChartWords
from clinic.courses.outcomes.marks import Mark, from_json, merged, since
from clinic.staff.permissions import ActionDenied, Actor
from protocols.shelf import shipped_library, shipped_names
from tests.factories import a_course, a_day_at

# Drawing and words; the page is opened there by the access matrix.
pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
TREE = LIBRARY.tree
NAPE = Mark("nape", "left", "pain", 6)


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_course(actor=therapist, count=2)


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


def rows(*marks: tuple[str, str, str, str, str], **more: str) -> dict[str, str]:
    """The list as the page sends it."""
    fields = ("zone", "side", "kind", "level", "note")
    return {f"{name}-{at}": value for at, mark in enumerate(marks) for name, value in zip(fields, mark, strict=True)} | more


# Pure -------------------------------------------------------------------------------------------------------------------------
def test_doubles_are_one_mark_with_the_higher_level_and_every_word() -> None:
    found = merged([NAPE, Mark("nape", "left", "pain", 3, "at night"), Mark("nape", "left", "skin"), Mark("nape", "both", "pain", 8)], TREE)
    assert found == (Mark("nape", "left", "pain", 8, "at night"), Mark("nape", "left", "skin"), Mark("nape", "right", "pain", 8))
    assert merged(found, TREE) == found


def test_what_came_what_went_and_what_is_stronger_is_told() -> None:
    found = since((NAPE, Mark("sacrum", "both", "numb")), (Mark("nape", "left", "pain", 2), Mark("T5", "both", "pain", 4)))
    assert found.new == (Mark("T5", "both", "pain", 4),)
    assert found.gone == (Mark("sacrum", "both", "numb"),)
    assert found.changed == ((NAPE, Mark("nape", "left", "pain", 2)),)
    assert found.same == ()


def test_every_place_of_the_list_is_on_the_drawing_and_the_other_way_round() -> None:
    words = ChartWords(LIBRARY, shipped_names("en"))
    listed = {(code, side) for group in words.groups() for code, _name, paired in group.places for side in sides(paired=paired)}
    drawn = {(each.zone, each.side) for figure in words.picture(()).figures for each in figure.places}
    assert drawn == listed


def sides(*, paired: bool) -> tuple[str, ...]:
    return ("left", "right") if paired else ("both",)


def test_a_mark_is_told_by_letter_and_level_and_in_words() -> None:
    words = ChartWords(LIBRARY, shipped_names("en"))
    (back,) = (figure for figure in words.picture([NAPE, Mark("nape", "left", "skin", None, "dry")]).figures if figure.code == "back")
    (place,) = (each for each in back.places if each.kinds)
    assert (place.place, place.kinds, place.letters) == ("nape-left", ("pain", "skin"), "P6 S")
    assert "Nape, C3 to C7, left: pain 6 of 10" in back.label
    assert "skin (dry)" in back.label


# Kept -------------------------------------------------------------------------------------------------------------------------
def test_each_save_is_a_new_chart_and_the_same_one_sent_twice_is_kept_once(course: Course, therapist: Actor) -> None:
    on = a_day_at(course.clinic)
    first = draw_body_chart(course=course, marks=[NAPE], on=on, actor=therapist)
    assert draw_body_chart(course=course, marks=[NAPE, NAPE], on=on, actor=therapist) == first
    draw_body_chart(course=course, marks=[], on=on, actor=therapist)
    assert [len(chart.marks) for chart in BodyChart.objects.order_by("pk")] == [1, 0]
    assert AuditLine.objects.filter(verb="drew-body-chart").count() == 2


@pytest.mark.parametrize(
    "mark",
    [
        Mark("tail", "both", "pain"),
        Mark("back", "left", "pain"),  # no leaf
        Mark("nape", "", "pain"),
        Mark("sacrum", "left", "pain"),
        Mark("T5", "left", "pain"),
        Mark("nape", "left", "mood"),
        Mark("nape", "left", "pain", 11),
        Mark("nape", "left", "scar", 3),
    ],
)
def test_a_mark_that_cannot_stand_is_refused_with_a_sentence(course: Course, therapist: Actor, mark: Mark) -> None:
    with pytest.raises(ActionDenied) as denied:
        draw_body_chart(course=course, marks=[mark], on=a_day_at(course.clinic), actor=therapist)
    assert denied.value.sentence
    assert not BodyChart.objects.exists()


# Pages ------------------------------------------------------------------------------------------------------------------------
def test_the_list_alone_keeps_a_chart_and_begins_with_it_the_next_time(client: Client, course: Course) -> None:
    address = f"/courses/{course.pk}/body/"
    sent = rows(("nape", "left", "pain", "6", "since Monday"), ("T5", "", "tension", "", ""), ("", "", "pain", "", ""))
    assert client.post(address, sent).status_code == 303
    assert from_json(BodyChart.objects.get().marks) == (Mark("nape", "left", "pain", 6, "since Monday"), Mark("T5", "both", "tension"))
    page = client.get(address).content.decode()
    assert 'value="since Monday"' in page
    assert re.search(r'<option value="T5"[^>]*selected', page)


def test_a_chart_that_somebody_kept_meanwhile_is_not_passed_over(client: Client, course: Course, therapist: Actor) -> None:
    address, mine = f"/courses/{course.pk}/body/", rows(("nape", "left", "pain", "6", ""), seen="0")
    other = draw_body_chart(course=course, marks=[Mark("knee", "left", "pain", 2)], on=a_day_at(course.clinic), actor=therapist)
    response = client.post(address, mine)
    page = response.content.decode()
    assert response.status_code == 422
    assert "kept a newer chart (1 marks)" in page
    assert f'value="{other.pk}"' in page
    assert client.post(address, mine | {"seen": str(other.pk)}).status_code == 303


def test_wrong_rows_are_explained_and_nothing_typed_is_lost(client: Client, course: Course) -> None:
    sent = rows(("nape", "", "pain", "x", "kept words"), ("tail", "left", "scar", "4", ""), ("sacrum", "left", "numb", "2", ""))
    response = client.post(f"/courses/{course.pk}/body/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    for words in ("Choose the side", "whole number from 0 to 10", "no place of the body chart", "A level fits", "lies in the middle"):
        assert words in page
    for kept in ('value="kept words"', 'value="x"', "tail"):
        assert kept in page
    assert not BodyChart.objects.exists()


def test_rows_are_added_removed_and_undone_without_a_script(client: Client, course: Course) -> None:
    address = f"/courses/{course.pk}/body/"
    two = rows(("nape", "left", "pain", "6", "one"), ("nape", "right", "pain", "7", "two"))
    assert client.post(address, two | {"more": "1"}).content.decode().count("data-row>") == 3
    assert 'value="two"' not in client.post(address, two | {"undo": "1"}).content.decode()
    left = client.post(address, two | {"remove": "0"}).content.decode()
    assert 'value="one"' not in left
    assert 'value="two"' in left
    assert not BodyChart.objects.exists()


@pytest.mark.parametrize("nonsense", ["9" * 5000, "-1", "٣", "\x00", "<b>"])
def test_nonsense_is_refused_and_never_an_error(client: Client, course: Course, nonsense: str) -> None:
    address = f"/courses/{course.pk}/body/"
    sent = rows(("nape", "left", "pain", nonsense, ""), seen=nonsense)
    assert client.post(address, sent).status_code == 422
    assert client.post(address, rows((nonsense, nonsense, nonsense, nonsense, nonsense))).status_code == 422
    assert client.post(address, sent | {"remove": nonsense}).status_code in (200, 422)
    assert client.get(address, {"chart": nonsense, "with": nonsense}).status_code == 200


def test_charts_of_earlier_courses_are_compared(client: Client, course: Course, therapist: Actor) -> None:
    earlier = a_course(patient=course.patient, actor=therapist, count=2)
    on = a_day_at(course.clinic)
    draw_body_chart(course=earlier, marks=[NAPE], on=on, actor=therapist)
    draw_body_chart(course=course, marks=[Mark("sacrum", "both", "numb", 3)], on=on, actor=therapist)
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/courses/{course.pk}/body/").content.decode()).split())
    assert "earlier course" in page
    assert "New since 1 Sacrum: numbness 3 of 10" in page
    assert "Gone since 1 Nape, C3 to C7, left: pain 6 of 10" in page
