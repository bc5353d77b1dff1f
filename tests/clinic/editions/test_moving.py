"""Moving a course to the edition in force: what is told before, what stays, who signs anew, and the way back."""

import pytest
from django.utils import timezone

from clinic.courses.actions import resume_course
from clinic.courses.actions.moving import StaleCourse
from clinic.courses.editions.actions import move_back, move_course, move_unaffected
from clinic.courses.editions.impact import impact_of
from clinic.courses.editions.words import ImpactPresenter
from clinic.courses.gates import hindrances
from clinic.courses.models import Course, EditionMove, Session, SessionRecord
from clinic.courses.queries import sessions_of
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.content import shipped_digest
from protocols.editions.queries import library_in_force, names_in_force
from tests.clinic.editions.making import fresh, work_with
from tests.factories import a_clinic, a_course, a_running_course, a_signed_course, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def therapist() -> Actor:
    return an_actor()


def kind_of(course: Course) -> str:
    course = fresh(course)
    return impact_of(course, course.clinic.today()).kind


def lines_of(course: Course) -> str:
    course = fresh(course)
    presenter = ImpactPresenter(library_in_force(course.clinic), names_in_force(course.clinic))
    return "\n".join(presenter.lines(impact_of(course, course.clinic.today())))


def moved(course: Course, actor: Actor) -> EditionMove:
    course = fresh(course)
    return move_course(course=course, on=course.clinic.today(), version=course.version, note="As agreed.", actor=actor)


@pytest.mark.same_everywhere
def test_each_course_is_told_what_the_edition_in_force_would_change(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    told = {}
    for name in ("", "other-condition", "silent-rule", "other-rows"):
        work_with(therapist.clinic, name)
        told[name] = kind_of(course)
    assert told == {"": "same", "other-condition": "same", "silent-rule": "same", "other-rows": "differs"}


@pytest.mark.same_everywhere
def test_what_is_forbidden_is_told_first(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    for name, words in (("no-chest", "Front of the chest"), ("forbids-grown-ups", "Grown up")):
        work_with(therapist.clinic, name)
        assert kind_of(course) == "forbidden"
        assert lines_of(course).startswith("Forbidden now: ")
        assert words in lines_of(course).splitlines()[0]


def test_nothing_is_planned_for_a_course_that_what_differs_does_not_concern(therapist: Actor, django_assert_num_queries):
    course = a_running_course(actor=therapist, count=3)
    work_with(therapist.clinic, "other-condition")
    course = fresh(course)
    impact_of(course, course.planned_on)  # reads both editions
    with django_assert_num_queries(0):
        assert impact_of(course, course.planned_on).difference is None


def test_a_moved_course_keeps_what_was_given_and_its_difference(therapist: Actor):
    course = a_running_course(actor=therapist, count=3, given=2)
    given = [(row.number, row.digest) for row in course.sessions.filter(number__lte=2)]
    digest = work_with(therapist.clinic, "other-rows")
    move = moved(course, therapist)
    course = fresh(course)
    assert (course.pinned_id, course.edition, course.state) == (digest, "2026-11.other-rows", CourseState.RUNNING)
    assert [(row.number, row.digest) for row in course.sessions.filter(number__lte=2)] == given
    assert (move.before_id, move.after_id, move.needs_signature, move.note) == (shipped_digest(), digest, False, "As agreed.")
    assert (move.version, move.digest_after) == (course.version, course.digest)
    assert any("order" in line for line in move.difference)
    assert kind_of(course) == "same"
    newest = course.screenings.order_by("-pk").values_list("cause", "edition").first()
    assert newest == ("edition", "2026-11.other-rows")


@pytest.mark.same_everywhere
def test_a_begun_course_whose_plan_grows_is_suspended_until_a_doctor_signs(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    work_with(therapist.clinic, "wider")
    said = lines_of(course)
    assert kind_of(course) == "needs-signature"
    assert all(words in said for words in ("Beyond what was signed", "hollow above the collarbone", "new: shoulder girdle"))
    move = moved(course, therapist)
    course = fresh(course)
    last = course.moves.order_by("-pk").values_list("reason", flat=True).first()
    assert (move.needs_signature, course.state, last) == (True, CourseState.SUSPENDED, CourseReason.EDITION)
    with pytest.raises(ActionDenied, match="sign-off"):
        resume_course(course=course, on=course.planned_on, version=course.version, actor=therapist)


@pytest.mark.same_everywhere
def test_a_signed_course_whose_plan_grows_is_a_draft_again(therapist: Actor):
    course = a_signed_course(actor=therapist, count=3)
    work_with(therapist.clinic, "wider")
    assert moved(course, therapist).needs_signature
    course = fresh(course)
    assert (course.state, course.signature) == (CourseState.DRAFT, None)


def test_only_what_does_not_change_is_moved_unseen(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    work_with(therapist.clinic, "other-rows")
    with pytest.raises(ActionDenied, match="Look at the difference"):
        move_unaffected(course=fresh(course), on=course.planned_on, actor=therapist)
    digest = work_with(therapist.clinic, "silent-rule")
    before = [session.rows for session in sessions_of(course)]
    assert move_unaffected(course=fresh(course), on=course.planned_on, actor=therapist).difference == []
    assert fresh(course).pinned_id == digest
    assert [session.rows for session in sessions_of(course)] == before


def test_the_way_back_leads_to_the_very_plan_until_a_session_is_given(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    digest = course.digest
    work_with(therapist.clinic, "other-rows")
    moved(course, therapist)
    course = fresh(course)
    back = move_back(course=course, on=course.planned_on, version=course.version, note="", actor=therapist)
    course = fresh(course)
    assert (course.pinned_id, course.digest, back.after_id) == (shipped_digest(), digest, shipped_digest())
    moved(course, therapist)
    first = Session.objects.get(course=course, number=1)
    SessionRecord.objects.create(session=first, given_on=course.planned_on, recorded_at=timezone.now(), recorded_by=therapist.user)
    course = fresh(course)
    with pytest.raises(ActionDenied, match="no way back"):
        move_back(course=course, on=course.planned_on, version=course.version, note="", actor=therapist)


@pytest.mark.same_everywhere
def test_there_is_no_way_back_to_what_the_rules_in_force_forbid(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    work_with(therapist.clinic, "no-chest")
    moved(course, therapist)
    course = fresh(course)
    with pytest.raises(ActionDenied, match="forbids"):
        move_back(course=course, on=course.planned_on, version=course.version, note="", actor=therapist)
    assert fresh(course).version == course.version


@pytest.mark.same_everywhere
def test_a_plan_that_the_edition_in_force_forbids_begins_no_session_and_its_move_lets_it(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    assert hindrances(fresh(course), course.planned_on) == ()
    work_with(therapist.clinic, "no-chest")
    course = fresh(course)
    assert [each.code for each in hindrances(course, course.planned_on)] == ["edition"]
    moved(course, therapist)
    assert hindrances(fresh(course), course.planned_on) == ()


def test_a_course_on_the_edition_in_force_is_asked_no_further_question(therapist: Actor, django_assert_max_num_queries):
    from clinic.courses.gates import edition_stands

    course = fresh(a_running_course(actor=therapist, count=3))
    with django_assert_max_num_queries(0):
        assert list(edition_stands(course, course.planned_on)) == []


@pytest.mark.same_everywhere
def test_a_draft_that_nobody_signed_is_planned_with_the_edition_in_force(therapist: Actor):
    from clinic.courses.actions import replan_course, request_of

    course = a_course(actor=therapist)
    digest = work_with(therapist.clinic, "other-rows")
    course = fresh(course)
    replan_course(course=course, wanted=request_of(course), on=course.planned_on, version=course.version, actor=therapist)
    assert fresh(course).pinned_id == digest


@pytest.mark.same_everywhere
def test_only_the_lead_and_who_gives_the_course_may_move_it(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    work_with(therapist.clinic, "other-rows")
    for role, clinic in ((Role.THERAPIST, therapist.clinic), (Role.DOCTOR, therapist.clinic), (Role.CLINICAL_LEAD, a_clinic())):
        with pytest.raises(ActionDenied, match="Only the clinical lead"):
            moved(course, an_actor(clinic=clinic, roles=(role,)))
    assert moved(course, an_actor(clinic=therapist.clinic, roles=(Role.CLINICAL_LEAD,))).pk


def test_a_page_that_is_older_than_the_course_moves_nothing(therapist: Actor):
    course = a_running_course(actor=therapist, count=3)
    work_with(therapist.clinic, "other-rows")
    with pytest.raises(StaleCourse):
        move_course(course=course, on=course.planned_on, version=course.version - 1, note="", actor=therapist)
    moved(course, therapist)
    with pytest.raises(ActionDenied, match="keeps to the edition in force"):
        moved(course, therapist)
