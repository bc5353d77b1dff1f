"""Whatever edition is in force at the clinic, a course is what it was planned as: its pages, papers and documents stay to the letter."""

import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from clinic.courses.models import Course
from clinic.courses.pinned import library_of, names_of, presenter_of
from clinic.courses.presentation.reviewed import reviews_of
from clinic.courses.queries import screening_of, sessions_of
from clinic.courses.signed_content import course_content
from clinic.courses.studio.ground import fresh_ground
from clinic.signing.content import digest
from clinic.staff.permissions import Actor
from protocols.editions.actions import keep_edition
from protocols.editions.content import shipped_digest
from protocols.editions.queries import names_in_force
from protocols.method.edits import NO_EDITS
from protocols.models import Edition
from protocols.shelf import shipped_library
from tests.factories import a_course, a_patient, a_running_course
from tests.protocols.other_edition import MARK, gentler_edition, other_edition, puts_in_force

# What each answer has of its own: tokens of forms, and the line that tells of the other edition.
OF_THE_ANSWER = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*|value="[0-9a-f]{32}"'
    r'|<section class="course-state" aria-labelledby="edition">.*?</section>',
    re.DOTALL,
)
# Typst asks the clock of the machine for the moment of a print, and names the file by it.
OF_THE_PRINT = re.compile(rb"D:\d{14}[^)]*|\d{4}-\d\d-\d\dT\d\d:\d\d[^<]*|<xmpMM:\w+>[^<]*|/ID\s*\[[^]]*\]", re.DOTALL)
PAGES = (
    ("courses:detail", ()), ("courses:screenings", ()), ("courses:what-if", ()), ("courses:today", ()), ("courses:consent", ()),
    ("studio:plan", ()), ("studio:history", ()), ("compare:plans", ()), ("day:handover", ()), ("day:before", (2,)), ("day:proposal", ()),
    ("outcomes:course", ()), ("outcomes:measure", ()), ("outcomes:body", ()), ("courses:record", (2,)),
)  # fmt: skip
PAPERS = (
    ("courses:plan-pdf", ()),
    ("courses:card", (2,)),
    ("courses:consent-pdf", ()),
    ("outcomes:home-sheet", ()),
    ("outcomes:report", ()),
)


@pytest.fixture
def course(therapist: Actor) -> Course:
    return a_running_course(actor=therapist, given=1, count=4)


@pytest.fixture
def client(therapist: Actor) -> Client:
    client = Client()
    client.force_login(therapist.user)
    return client


def read(client: Client, course: Course, name: str, more: tuple[int, ...]) -> Any:
    cache.clear()
    answer = client.get(reverse(name, args=[course.pk, *more]))
    assert answer.status_code == 200, name
    is_page = answer["Content-Type"].startswith("text/html")
    body = answer.content
    return " ".join(OF_THE_ANSWER.sub("", body.decode()).split()) if is_page else OF_THE_PRINT.sub(b"", body)


@pytest.mark.same_everywhere  # what is read from the database is the same edition there
@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_every_page_of_a_course_stays_when_another_edition_is_in_force(client: Client, course: Course, quarter: int) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        before = {name: read(client, course, name, more) for name, more in PAGES[quarter::4]}
        puts_in_force(course.clinic, other_edition())
        for name, more in PAGES[quarter::4]:
            assert read(client, course, name, more) == before[name], name
        assert MARK not in "".join(before.values())


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("name", "more"), PAPERS)
def test_every_paper_of_a_course_stays_too(client: Client, course: Course, name: str, more: tuple[int, ...]) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        before = read(client, course, name, more)
        puts_in_force(course.clinic, other_edition())
        assert read(client, course, name, more) == before


@pytest.mark.same_everywhere
def test_what_a_doctor_would_sign_stays_and_what_was_signed_verifies(course: Course) -> None:
    before = {language: digest(_content(course, language)) for language in ("en", "ru")}
    puts_in_force(course.clinic, other_edition())
    again = Course.objects.get(pk=course.pk)
    assert {language: digest(_content(again, language)) for language in ("en", "ru")} == before
    assert again.pinned_id == shipped_digest()


def _content(course: Course, language: str) -> Any:
    with translation.override(language):
        return course_content(course)


@pytest.mark.same_everywhere
def test_the_studio_bends_an_old_course_by_its_own_edition_and_a_new_one_by_that_in_force(therapist: Actor, course: Course) -> None:
    puts_in_force(course.clinic, other_edition())
    old, new = Course.objects.get(pk=course.pk), a_course(actor=therapist, patient=a_patient(clinic=course.clinic))
    grounds = [fresh_ground(each, each.clinic.today()).plan(NO_EDITS).setting.library for each in (old, new)]
    assert [each.edition for each in grounds] == [shipped_library().edition, "2026-11.1"]


@pytest.mark.same_everywhere
def test_a_new_course_is_planned_with_the_edition_in_force_and_keeps_to_it(therapist: Actor) -> None:
    clinic = puts_in_force(therapist.clinic, gentler_edition())
    new = a_course(actor=therapist, patient=a_patient(clinic=clinic))
    assert (new.pinned_id, new.edition, new.library_digest) == (gentler_edition().digest, "2026-11.2", gentler_edition().library_digest)
    assert max(row.pressure for session in sessions_of(new) for row in session.rows) <= 2
    assert MARK in presenter_of(new).condition(new)
    type(clinic).objects.update(edition_digest="")
    again = Course.objects.get(pk=new.pk)
    assert (library_of(again).edition, MARK in names_of(again, "ru").of("conditions", "neck-collar")) == ("2026-11.2", True)
    assert MARK not in names_in_force(again.clinic).of("conditions", "neck-collar")


@pytest.mark.same_everywhere
def test_lists_say_each_course_as_its_own_edition_does_and_ask_no_more_for_it(
    therapist: Actor, client: Client, course: Course, django_assert_max_num_queries: Any
) -> None:
    address, queries = reverse("courses:list"), _counted(client, reverse("courses:list"))
    puts_in_force(course.clinic, other_edition())
    _new, lost = (a_course(actor=therapist, patient=a_patient(clinic=course.clinic)) for _each in range(2))
    Edition.objects.create(pk="f" * 64, name="2025-02", library_digest="1" * 64)
    Course.objects.filter(pk=lost.pk).update(pinned="f" * 64)
    client.get(address)  # each edition is read once
    with django_assert_max_num_queries(queries):
        shown = client.get(address).content.decode()
    name = shipped_library().conditions["neck-collar"].name
    assert (shown.count(f"{name} {MARK}"), shown.count(name)) == (2, 3)


def _counted(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


@pytest.mark.same_everywhere
def test_the_library_that_a_course_keeps_to_costs_no_query_once_read(course: Course, django_assert_num_queries: Any) -> None:
    digest_of_it = keep_edition(other_edition())
    Course.objects.filter(pk=course.pk).update(pinned=digest_of_it)
    moved = Course.objects.get(pk=course.pk)
    library_of(moved), names_of(moved, "en"), names_of(moved, "ru")
    with django_assert_num_queries(0):
        assert (library_of(moved).edition, MARK in names_of(moved, "ru").of("zones", "neck")) == ("2026-11.1", True)
        assert presenter_of(moved).library is library_of(moved)


@pytest.mark.same_everywhere
def test_a_course_whose_edition_was_lost_is_read_with_the_one_in_force_and_the_loss_is_asked_for_once(
    course: Course, django_assert_num_queries: Any
) -> None:
    Edition.objects.create(pk="e" * 64, name="2025-01", library_digest="1" * 64)
    Course.objects.filter(pk=course.pk).update(pinned="e" * 64, library_digest="1" * 64)
    old = Course.objects.select_related("clinic").get(pk=course.pk)
    library_of(old)
    with django_assert_num_queries(0):
        assert library_of(old) is shipped_library()
        assert reviews_of(old, screening_of(old), presenter_of(old)) == ()
