"""A publication that forbids what courses do suspends them at once, tells their people, and leaves every other course as it is."""

import pytest
from django.urls import reverse

from clinic.courses.actions import resume_course
from clinic.courses.course_state import standing_of
from clinic.courses.editions.actions import suspend_what_is_forbidden
from clinic.courses.gates import hindrances
from clinic.courses.inbox import waiting_at
from clinic.courses.models import Course
from clinic.courses.pinned import presenter_of
from clinic.courses.states import CourseReason, CourseState
from clinic.reminders.models import Message
from clinic.reminders.states import Kind
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.queries import names_in_force
from protocols.publishing.counting import courses_by_edition
from tests.clinic.courses.signing_desk import an_awaiting_course
from tests.clinic.editions.making import fresh, published
from tests.factories import a_doctor, a_running_course, a_signed_course, an_actor
from tests.protocols.publishing.desk import COLLAR, ENTRIES, a_lead
from tests.protocols.publishing.desk import published as signed_and_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def therapist() -> Actor:
    return an_actor()


def states(*courses: Course) -> list[str]:
    return [fresh(course).state for course in courses]


def test_what_the_new_edition_forbids_is_suspended_at_once_and_comes_back_from_the_doctor(therapist: Actor):
    running, signed = (make(actor=therapist, count=2) for make in (a_running_course, a_signed_course))
    awaiting = an_awaiting_course(actor=therapist, count=2)
    tonic = a_running_course(actor=therapist, count=2, condition="preventive-massage", stage="physical-fatigue")
    moves = suspend_what_is_forbidden(published(therapist.clinic, "no-chest"))
    assert states(running, signed, awaiting, tonic) == ["suspended", "suspended", "draft", "running"]
    assert {move.reason for move in moves} == {CourseReason.EDITION}
    assert all(move.by is None for move in moves)
    assert fresh(signed).signature is not None


def test_therapist_and_doctors_are_told_and_find_it_in_words(therapist: Actor, client):
    doctor = a_doctor(clinic=therapist.clinic)
    course = a_running_course(actor=therapist, count=2)
    suspend_what_is_forbidden(published(therapist.clinic, "no-chest"))
    assert set(Message.objects.filter(kind=Kind.SCREENING).values_list("user", flat=True)) >= {therapist.user.pk, doctor.user.pk}
    course = fresh(course)
    standing = standing_of(course, presenter_of(course), on=course.planned_on)
    assert "chest" in " ".join(standing.suspended_for)
    assert [way.address for way in standing.in_the_way] == ["editions:move"]
    waiting = waiting_at(course.clinic, names_in_force(course.clinic), on=course.planned_on, actor=doctor)
    assert ["chest" in " ".join(each.flags) for each in waiting] == [True]
    client.force_login(therapist.user)
    text = client.get(reverse("courses:detail", args=[course.pk])).content.decode()
    assert "The clinic’s library was tightened" in text or "The clinic&#x27;s library was tightened" in text


@pytest.mark.same_everywhere
def test_a_rule_that_now_forbids_the_patient_suspends_too(therapist: Actor):
    course = a_running_course(actor=therapist, count=2)
    (move,) = suspend_what_is_forbidden(published(therapist.clinic, "forbids-grown-ups"))
    assert (fresh(course).state, move.details["found"]) == (CourseState.SUSPENDED, ["own-grown-up"])


@pytest.mark.same_everywhere
def test_a_rule_that_wants_a_smaller_dose_lets_no_session_begin_in_the_old_one(therapist: Actor):
    course = a_running_course(actor=therapist, count=2)
    assert suspend_what_is_forbidden(published(therapist.clinic, "less")) == (), "less is wanted, and nothing is forbidden for good"
    told = [each.sentence for each in hindrances(fresh(course), course.planned_on) if each.code == "edition"]
    assert len(told) == 1
    assert "Grown up" in told[0]


@pytest.mark.same_everywhere
def test_a_publication_that_forbids_nothing_of_a_course_leaves_it_alone(therapist: Actor, django_assert_max_num_queries):
    course = a_running_course(actor=therapist, count=2)
    for name in ("other-rows", "wider"):
        assert suspend_what_is_forbidden(published(therapist.clinic, name)) == ()
    publication = published(therapist.clinic, "other-condition")
    with django_assert_max_num_queries(6):  # reads the edition; no course is looked at
        suspend_what_is_forbidden(publication)
    assert states(course) == [CourseState.RUNNING]


def test_the_list_counts_moves_and_tells_what_stays(therapist: Actor, client):
    lead = an_actor(clinic=therapist.clinic, roles=(Role.CLINICAL_LEAD,))
    alike = a_running_course(actor=therapist, count=2, condition="preventive-massage", stage="physical-fatigue")
    other = a_running_course(actor=therapist, count=2)
    published(therapist.clinic, "wider")
    client.force_login(lead.user)
    text = client.get(reverse("editions:courses")).content.decode()
    assert "2 courses use edition 2026-11: 1 unaffected, 1 needs a doctor" in text
    client.post(reverse("editions:move-all"), {"edition": alike.pinned_id})
    assert fresh(alike).pinned_id == therapist.clinic.edition_digest != fresh(other).pinned_id
    page = client.get(reverse("editions:move", args=[other.pk])).content.decode()
    assert "Beyond what was signed" in page
    client.post(reverse("editions:move", args=[other.pk]), {"version": fresh(other).version, "note": "As agreed."})
    assert states(other) == [CourseState.SUSPENDED]
    client.post(reverse("editions:back", args=[other.pk]), {"version": fresh(other).version})
    assert fresh(other).pinned_id == other.pinned_id


@pytest.mark.same_everywhere
def test_the_doctors_signature_under_a_softer_stage_suspends_what_is_stronger(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    publication = signed_and_published(a_lead(therapist.clinic), changes={COLLAR: ENTRIES[COLLAR] | {"pressure_max": 2}})
    course = fresh(course)
    assert (course.state, course.clinic.edition_digest) == (CourseState.SUSPENDED, publication.edition_id)
    assert courses_by_edition(course.clinic) == {course.pinned_id: 1}
    with pytest.raises(ActionDenied, match="forbids"):
        resume_course(course=course, on=course.planned_on, version=course.version, actor=therapist)
