"""What was felt at one session changes the next: by itself, with its reason; a therapist may do less; a bad reaction is read by name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditLine
from clinic.courses.actions import (
    Felt,
    NextDaySaid,
    acknowledge_reaction,
    answer_next_day,
    ask_doctor,
    choose_adaptation,
    decide_review,
    record_session,
    replan_course,
    request_of,
)
from clinic.courses.adapted import proposal_card
from clinic.courses.demo_days import ask_quiet_day
from clinic.courses.gates import hindrances
from clinic.courses.given import HurtAt
from clinic.courses.models import Course, SessionRecord
from clinic.courses.proposals import proposal_for, reaction_to_acknowledge
from clinic.courses.queries import sessions_of
from clinic.courses.so_far import before_plan, so_far
from clinic.courses.states import ChoiceReason
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation
from tests.factories import a_doctor, a_running_course

# What is proposed is planned in Python; records are written there by test_giving and of the day by test_record.
pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
SignedIn = Callable[[Any], Client]


@contextmanager
def days_later(days: int) -> Iterator[None]:
    """The same hour, some days on."""
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        yield


def fresh(course: Course) -> Course:
    return Course.objects.get(pk=course.pk)


def felt_at(actor: Actor, number: int = 1, **felt: Any) -> SessionRecord:
    """A running course whose session of today felt like this."""
    course = a_running_course(actor=actor, given=number - 1)
    return record_session(course=course, number=number, felt=Felt(**felt), on=course.planned_on, actor=actor)


def asked_today(course: Course, actor: Actor) -> Course:
    return ask_quiet_day(fresh(course), on=course.clinic.today(), actor=actor)


def codes(found: Adaptation) -> list[str]:
    return [reason.code for reason in found.because]


def gates_of(course: Course) -> set[str]:
    return {each.code for each in hindrances(fresh(course), course.clinic.today())}


def given_now(course: Course, number: int, actor: Actor) -> SessionRecord:
    return record_session(course=fresh(course), number=number, felt=Felt(comfort=9), on=course.clinic.today(), actor=actor)


def worked(course: Course, number: int) -> Place:
    row = next(row for row in sessions_of(course)[number - 1].rows if row.pressure > 1)
    return Place(row.zone, row.side)


def strongest(course: Course, number: int, place: Place) -> int:
    return max(row.pressure for row in sessions_of(course)[number - 1].rows if (row.zone, row.side) == (place.zone, place.side))


# What was felt ------------------------------------------------------------------------------------------------------------------
def test_a_zone_that_hurt_is_worked_one_level_lighter_at_the_next_session_and_says_why(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, given=3)
    place, before = worked(course, 5), sessions_of(course)
    record_session(course=course, number=4, felt=Felt(comfort=8, hurts=(HurtAt(place, 2),)), on=course.planned_on, actor=therapist)
    with days_later(1):
        course = asked_today(course, therapist)
        after = sessions_of(course)[4]
        assert strongest(course, 5, place) == max(r.pressure for r in before[4].rows if (r.zone, r.side) == (place.zone, place.side)) - 1
        assert any(reason.code == "marked-zone" for row in after.rows for reason in row.because)
        assert gates_of(course) == set()  # another technique of the same family, only because it is gentler, needs nobody's word
        card = proposal_card(course)
        assert card is not None
        assert [change.what for change in card.changes if change.where][:1] == ["Pressure"]
        assert any("hurt in session 4" in sentence for sentence in card.because)
    assert sessions_of(course)[3] == before[3]


def test_what_was_measured_beside_a_session_and_answered_after_it_reaches_the_method(therapist: Actor) -> None:
    record = felt_at(therapist, pain_before=3, readings={"systolic-before": 120, "systolic-after": 144})
    course = record.session.course
    with days_later(1):
        answer_next_day(record=record, answer=NextDaySaid(pain=2), on=course.clinic.today(), actor=therapist)
        answer_next_day(record=record, answer=NextDaySaid(slept_worse_or_headache=False), on=course.clinic.today(), actor=therapist)
        felt = so_far(course, course.clinic.today()).records[0]
    assert (felt.systolic_before, felt.systolic_after) == (120, 144)
    assert (felt.pain_next_day, felt.sleep_or_headache, felt.skin_or_swelling) == (2, False, None)


def test_the_next_morning_counts_and_a_plan_made_before_it_is_planned_anew_at_once(therapist: Actor) -> None:
    record = felt_at(therapist, pain_before=2, comfort=8)
    course = record.session.course
    with days_later(1):
        course = asked_today(course, therapist)
        planned_before = sessions_of(course)[1].total_seconds
        with pytest.raises(ActionDenied, match="at least one"):
            answer_next_day(record=record, answer=NextDaySaid(note="fine"), on=course.clinic.today(), actor=therapist)
        answer_next_day(record=record, answer=NextDaySaid(pain=4), on=course.clinic.today(), actor=therapist)
        assert sessions_of(fresh(course))[1].total_seconds < planned_before
        assert codes(proposal_for(course).proposal) == ["next-day-pain"]
        assert "reaction" in gates_of(course)  # up by two is read first
        acknowledge_reaction(record=record, actor=therapist)
        assert gates_of(course) == set()
        assert given_now(course, 2, therapist).session.number == 2


def test_an_answer_that_comes_after_planning_asks_for_the_day_again(therapist: Actor) -> None:
    place_of = felt_at(therapist, number=2, comfort=8, pain_before=1)
    with days_later(1):
        course = asked_today(place_of.session.course, therapist)
        SessionRecord.objects.get(pk=place_of.pk).next_days.create(pain=3, source="link", answered_on=course.clinic.today())
        acknowledge_reaction(record=place_of, actor=therapist)
        with pytest.raises(ActionDenied, match="Ask today's questions again"):
            given_now(course, 3, therapist)
        asked_today(course, therapist)
        assert given_now(course, 3, therapist)


def test_it_is_asked_from_the_day_after(therapist: Actor) -> None:
    record = felt_at(therapist)
    with pytest.raises(ActionDenied, match="from the day after"):
        answer_next_day(record=record, answer=NextDaySaid(pain=1), on=record.given_on, actor=therapist)


# A bad reaction ---------------------------------------------------------------------------------------------------------------
def test_a_bad_reaction_is_acknowledged_by_name_before_the_next_start(therapist: Actor) -> None:
    record = felt_at(therapist, reactions=("bruise",), bad_reaction=True)
    course = record.session.course
    with days_later(1):
        course = asked_today(course, therapist)
        sentence = next(each.sentence for each in hindrances(course, course.clinic.today()) if each.code == "reaction")
        assert sentence.startswith("Session 1 was followed by this: Bruise")
        with pytest.raises(ActionDenied, match="Bruise"):
            given_now(course, 2, therapist)
        first = acknowledge_reaction(record=record, note="Arnica.", actor=therapist)
        assert acknowledge_reaction(record=record, actor=therapist) == first
        assert (first.by, reaction_to_acknowledge(course)) == (therapist.user, None)
        assert AuditLine.objects.filter(verb="acknowledged-reaction", subject_id=str(course.pk)).count() == 1
        assert given_now(course, 2, therapist)


def test_another_reaction_that_is_told_later_is_read_again(therapist: Actor) -> None:
    record = felt_at(therapist, bad_reaction=True)
    acknowledge_reaction(record=record, actor=therapist)
    with days_later(1):
        course = asked_today(record.session.course, therapist)
        assert "reaction" not in gates_of(course)
        answer_next_day(record=record, answer=NextDaySaid(has_skin_or_swelling=True), on=course.clinic.today(), actor=therapist)
        assert "reaction" in gates_of(course)


def test_nothing_is_acknowledged_where_nothing_happened(therapist: Actor) -> None:
    with pytest.raises(ActionDenied, match="No bad reaction"):
        acknowledge_reaction(record=felt_at(therapist, comfort=9), actor=therapist)


def test_what_holds_the_course_up_waits_for_a_doctor_who_lets_it_go_on_one_rung_down(therapist: Actor) -> None:
    record = felt_at(therapist, comfort=8)
    doctor = a_doctor(clinic=therapist.clinic)
    with days_later(1):
        course = record.session.course
        answer_next_day(record=record, answer=NextDaySaid(has_skin_or_swelling=True), on=course.clinic.today(), actor=therapist)
        acknowledge_reaction(record=record, actor=therapist)
        course = asked_today(course, therapist)
        assert (proposal_for(course).stands.action, gates_of(course)) == ("pause", {"day"})
        with pytest.raises(ActionDenied, match="a doctor decides"):
            choose_adaptation(course=course, wanted=NO_ADAPTATION, reason=ChoiceReason.EXPLAINED, actor=therapist)
        review = ask_doctor(course=course, question="A bruise on the calf. May we go on?", actor=therapist)
        decide_review(review=review, decision="go-on", on=course.clinic.today(), actor=doctor)
        course = asked_today(course, therapist)
        assert codes(proposal_for(course).stands) == ["released-by-doctor"]
        assert gates_of(course) == set()


# What a therapist decides -------------------------------------------------------------------------------------------------------
def test_a_proposal_is_accepted_in_one_tap_and_kept_with_who_and_when(therapist: Actor, signed_in: SignedIn) -> None:
    record = felt_at(therapist, number=3, comfort=8, hurts=(HurtAt(Place("trapezius-upper", "left")),))
    course = record.session.course
    with days_later(1):
        before = proposal_for(course)
        assert before.is_open
        page, address = signed_in(therapist.user), reverse("day:proposal", args=[course.pk])
        answer = page.get(address)
        assert answer.status_code == 200
        card = answer.context["card"]
        assert page.post(address, {"way": "accept", "seen": card.digest}).status_code == 303
        found = proposal_for(course)
        assert (found.is_open, found.stands, found.choice.by) == (False, before.proposal, therapist.user)  # type: ignore[union-attr]
        assert AuditLine.objects.filter(verb="chose-adaptation").count() == 1
        assert page.post(address, {"way": "accept", "seen": "0" * 64}).status_code == 403
        assert page.post(address, {"way": "accept"}).status_code == 403


def test_less_than_proposed_is_given_and_more_only_with_a_reason(therapist: Actor, signed_in: SignedIn) -> None:
    record = felt_at(therapist, number=3, comfort=8, hurts=(HurtAt(Place("trapezius-upper", "left")),))
    course = record.session.course
    with days_later(1):
        course = asked_today(course, therapist)
        seconds = sessions_of(course)[3].total_seconds
        page, address = signed_in(therapist.user), reverse("day:proposal", args=[course.pk])
        shown = page.get(address).context
        form = shown["form"]
        zones = {field.html_name: field.value() for field in form.zone_fields()}
        typed = {"way": "edit", "pressure": "0", "minutes": "0.5", "rungs": "0", "seen": shown["after"].digest, **zones}
        assert page.post(address, typed).status_code == 303
        assert sessions_of(fresh(course))[3].total_seconds <= seconds / 2 + 1
        choice = proposal_for(course).choice
        assert choice is not None
        assert (choice.is_edited, choice.reason) == (True, ChoiceReason.CAUTION)
        more = typed | dict.fromkeys(zones, "0") | {"minutes": "1.0"}
        refused = page.post(address, more)
        assert (refused.status_code, "Choose a reason" in refused.content.decode()) == (422, True)
        assert page.post(address, more | {"reason": "explained", "note": "He had slept badly."}).status_code == 303
        assert (proposal_for(course).stands.zone_shifts, sessions_of(fresh(course))[3].total_seconds) == ((), seconds)


def test_a_choice_is_void_when_the_proposal_has_changed(therapist: Actor) -> None:
    record = felt_at(therapist, number=3, pain_before=2, hurts=(HurtAt(Place("trapezius-upper", "left")),))
    course = record.session.course
    with days_later(1):
        choose_adaptation(course=course, actor=therapist)
        assert not proposal_for(course).is_open
        answer_next_day(record=record, answer=NextDaySaid(pain=4), on=course.clinic.today(), actor=therapist)
        found = proposal_for(course)
        assert (found.is_open, found.choice, found.stands) == (True, None, found.proposal)


def test_rungs_of_a_bad_reaction_stand_whatever_the_reason(therapist: Actor) -> None:
    course = felt_at(therapist, bad_reaction=True).session.course
    with pytest.raises(ActionDenied, match="ladder"):
        choose_adaptation(course=course, wanted=NO_ADAPTATION, reason=ChoiceReason.OTHER, note="Because.", actor=therapist)


def test_without_a_proposal_nothing_is_accepted_and_less_may_still_be_chosen(therapist: Actor) -> None:
    course = felt_at(therapist, comfort=9).session.course
    assert (proposal_for(course).is_empty, proposal_card(course)) == (True, None)
    with pytest.raises(ActionDenied, match="Nothing is proposed"):
        choose_adaptation(course=course, actor=therapist)
    choose_adaptation(course=course, wanted=Adaptation(minutes_factor=0.8), actor=therapist)
    assert proposal_for(course).stands.minutes_factor == 0.8


# Missed days --------------------------------------------------------------------------------------------------------------------
def test_missed_days_step_back_and_a_long_gap_asks_for_a_plan_made_anew(therapist: Actor) -> None:
    course = felt_at(therapist, number=5, comfort=9).session.course
    with days_later(5):
        planned_on_time = sessions_of(asked_today(course, therapist))[5].total_seconds
    with days_later(13):
        course = asked_today(course, therapist)
        assert codes(proposal_for(course).stands) == ["gap-step-back"]
        assert sessions_of(course)[5].total_seconds < planned_on_time
        assert "gap" not in gates_of(course)
    with days_later(24):
        course = asked_today(course, therapist)
        assert proposal_for(course).stands.action == "reassess"
        assert "gap" in gates_of(course)
        replan_course(course=course, wanted=request_of(course), on=course.clinic.today(), version=fresh(course).version, actor=therapist)
        assert "gap" not in gates_of(course)
        assert proposal_for(course).stands.rungs_down == 2  # the plan is new, the body was away all the same


# Looking back -------------------------------------------------------------------------------------------------------------------
def test_a_plan_is_explained_by_what_was_known_when_it_was_made(therapist: Actor) -> None:
    record = felt_at(therapist, comfort=8, pain_before=2)
    with days_later(1):
        course = asked_today(record.session.course, therapist)
        known = before_plan(course)
        SessionRecord.objects.get(pk=record.pk).next_days.create(pain=5, source="link", answered_on=course.clinic.today())
        given_before = before_plan(course)
    assert known == given_before
    assert [felt.pain_next_day for felt in known.records] == [None]


def test_what_a_course_brings_is_read_in_a_fixed_number_of_queries(therapist: Actor, django_assert_max_num_queries: Any) -> None:
    course = a_running_course(actor=therapist, given=6)
    for record in SessionRecord.objects.filter(session__course=course):
        record.next_days.create(pain=1, source="asked", answered_on=course.planned_on)
    with days_later(12), django_assert_max_num_queries(11):
        so_far(course, course.clinic.today())
