"""The patient's slip: every date to come in the language asked for, and not a word of what is treated."""

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone, translation

from clinic.audit.models import Look, ReadLine
from clinic.courses.calendar.queries.courses import dates_to_come
from clinic.courses.calendar.slip import slip_data
from clinic.schedule.queries import rules_of
from clinic.staff.permissions import Actor
from tests.clinic.calendar.a_calendar import a_course_in_calendar, days_ago, open_clinic, put_on, with_dates
from tests.factories import a_patient

pytestmark = pytest.mark.django_db


def words(data: Any) -> str:
    """Everything that is printed, in one text."""
    return " ".join(map(words, data.values() if isinstance(data, dict) else data)) if isinstance(data, dict | list) else str(data)


@pytest.mark.same_everywhere
def test_a_slip_has_the_dates_to_come_and_names_no_illness(therapist: Actor) -> None:
    open_clinic(therapist)
    patient = a_patient(clinic=therapist.clinic, notes="canary-in-the-notes")
    course = a_course_in_calendar(therapist, patient=patient, count=3)
    booked = with_dates(course, therapist)
    with translation.override("en"):
        data = slip_data(course, dates_to_come(course, now=timezone.now()), rules_of(therapist.clinic))
    assert [(each["number"], each["clock"]) for each in data["dates"]] == [
        (f"{number}/3", f"{each.clock:%H:%M}") for number, each in enumerate(booked, start=1)
    ]
    printed = words(data).lower()
    assert "weber" in printed
    assert not [word for word in ("massage", "neck", "collar", "calming", course.condition, "canary") if word in printed]


def test_what_is_over_is_not_on_it_and_a_patient_without_dates_is_told_so(therapist: Actor) -> None:
    open_clinic(therapist)
    course = a_course_in_calendar(therapist, count=2)
    put_on(course.sessions.get(number=1), days_ago(therapist, 1), therapist)
    data = slip_data(course, dates_to_come(course, now=timezone.now()), rules_of(therapist.clinic))
    assert (data["dates"], data["nothing"]) == ([], "No date is booked.")


@pytest.mark.same_everywhere
def test_it_is_a_page_of_a6_in_the_language_asked_for_and_leaves_a_line_of_a_print(
    therapist: Actor, clinic_admin: Actor, signed_in: Callable[[Any], Client]
) -> None:
    open_clinic(therapist)
    course = a_course_in_calendar(therapist, count=2)
    with_dates(course, therapist)
    response = signed_in(clinic_admin).get(f"/calendar/courses/{course.pk}/slip/?language=ru")
    assert (response["Content-Type"], response["Content-Language"]) == ("application/pdf", "ru")
    paper = pypdfium2.PdfDocument(response.content)
    assert [round(side / 72 * 25.4) for side in paper[0].get_size()] == [105, 148]
    assert "Weber Anna" in paper[0].get_textpage().get_text_range()
    assert len(paper) == 1
    look = ReadLine.objects.get()
    assert (look.kind, look.subject_id) == (Look.PRINTED, str(course.patient_id))
