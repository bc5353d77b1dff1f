"""A day begins with what waits: by role, one button for each line, nothing of health for an administrator."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import Look, ReadLine
from clinic.courses.actions import submit_course
from clinic.courses.models import Session, SessionStart
from clinic.home.queues import of_review
from clinic.home.queues.values import Moment, waits_for
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.care.unusual import Unusual
from patients.models import BreakGlass, Patient
from tests.factories import a_course_that_may_start, a_patient, a_running_course, an_actor
from tests.schedule_factories import a_booking

SignedIn = Callable[[Any], Client]


@pytest.fixture
def work_of(signed_in: SignedIn) -> Callable[[Actor], str]:
    return lambda actor: signed_in(actor).get(reverse("home:work")).content.decode()


@pytest.mark.same_everywhere
def test_every_list_of_unusual_looks_waits_for_an_auditor(auditor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = fields(Unusual)
    one_each: list[Any] = [[object()] for _each in lists]
    monkeypatch.setattr(of_review, "unusual_looks", lambda _clinic: Unusual(*one_each))
    assert of_review.looks(Moment(auditor, timezone.now(), auditor.clinic.today())).count == len(lists)


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.THERAPIST, "day:today"),
        (Role.DOCTOR, "courses:inbox"),
        (Role.CLINICAL_LEAD, "home:work"),
        (Role.ADMIN, "home:work"),
        (Role.AUDITOR, "home:work"),
    ],
)
def test_each_role_begins_where_its_work_is(signed_in: SignedIn, clinic: Clinic, role: Role, name: str) -> None:
    answer = signed_in(an_actor(clinic=clinic, roles=(role,))).get("/")
    assert answer.headers["Location"] == reverse(name)


@pytest.mark.same_everywhere
def test_where_nothing_waits_the_page_says_so_and_what_was_looked_at(work_of, clinic_admin):
    body = work_of(clinic_admin)
    assert "All done" in body
    assert "Every signed and running course has its dates." in body


@pytest.mark.same_everywhere
def test_an_administrator_sees_the_work_of_the_desk_and_nothing_about_health(
    work_of: Callable[[Actor], str],
    clinic: Clinic,
    therapist: Actor,
    clinic_admin: Actor,
    max_queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    running = a_running_course(actor=therapist, count=3, condition="neck-collar")
    yesterday = clinic.today() - timedelta(days=1)
    booking = a_booking(patient=running.patient, therapist=therapist.user, day=yesterday)
    Session.objects.filter(course=running, number=1).update(booking=booking, state="booked")
    waiting = a_course_that_may_start(patient=a_patient(clinic=clinic, family_name="Signova"), actor=therapist)
    submit_course(course=waiting, on=waiting.planned_on, version=waiting.version, actor=therapist)
    with max_queries(26):
        body = work_of(clinic_admin)
    assert body.index("Who came?") < body.index("Courses that need dates") < body.index("With a doctor to sign")
    assert f'href="{reverse("calendar:propose", args=[running.pk])}"' in body
    assert "Signova" in body
    assert "collar" not in body
    line = ReadLine.objects.filter(kind=Look.SEARCHED).latest("pk")
    assert line.details == {"found": sorted([running.patient_id, waiting.patient_id])}


@pytest.mark.same_everywhere
def test_a_lead_sees_what_is_unsigned_for_a_day_and_openings_of_others(work_of, clinic, therapist, clinical_lead, auditor):
    patient = a_patient(clinic=clinic, family_name="Unsigned")
    course = a_running_course(actor=therapist, count=2)
    Patient.objects.filter(pk=course.patient_id).update(family_name="Unsigned")
    yesterday = timezone.now() - timedelta(hours=25)
    session = course.sessions.get(number=1)
    SessionStart.objects.create(
        session=session, key="k" * 32, started_at=yesterday, started_on=yesterday.date(), started_by=therapist.user, plan={}, plan_digest=""
    )
    BreakGlass.objects.create(
        patient=patient,
        user=therapist.user,
        reason="standing-in",
        words="a reason",
        opened_at=yesterday,
        ends_at=yesterday + timedelta(hours=1),
    )
    body = work_of(clinical_lead)
    assert "Not signed for more than a day" in body
    for reader in (clinical_lead, auditor):
        assert f'href="{reverse("care:judge", args=[BreakGlass.objects.get().pk])}"' in work_of(reader)
    assert "Not signed for more than a day" not in work_of(auditor)


def test_what_came_within_the_minute_waits_for_no_number_of_minutes() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert [waits_for(now - timedelta(seconds=each), now) for each in (0, 59)] == ["just now", "just now"]
    assert waits_for(now - timedelta(seconds=60), now) == "for 1\xa0minute"
