"""Whole courses walked through at random: whatever people do, in whatever order, no session is given that the day does not allow (F14)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine
from clinic.courses.actions import Felt, answer_day_questions, move_course, record_session, replan_course, request_of, start_course
from clinic.courses.demo_days import quiet_day
from clinic.courses.models import Course
from clinic.courses.queries import records_of, sessions_of
from clinic.courses.states import CourseState
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_document, record_facts, withdraw_document
from patients.models import Document, Patient
from patients.questionnaire import STATED, Reply
from protocols.shelf import shipped_library
from tests.factories import a_course, a_patient, an_actor, an_intake

pytestmark = pytest.mark.django_db
FEVER = {"today.temperature-c": Reply(STATED, 38.6)}
COUNT = 3


class LifeOfACourse(RuleBasedStateMachine):
    """One course, its therapist, its calendar. The machine keeps its own book of what each day was allowed to do."""

    obeyed: ClassVar[Counter[str]] = Counter()  # over all walks: a walk that is always refused proves nothing

    def __init__(self) -> None:
        super().__init__()
        self.saved = transaction.atomic()
        self.saved.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.saved.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.actor: Actor = an_actor()
        self.patient: Patient = a_patient(clinic=self.actor.clinic)
        self.course: Course = a_course(patient=self.patient, actor=self.actor, count=COUNT)
        self.day: date = self.course.planned_on
        an_intake(patient=self.patient, actor=self.actor)
        self.given: dict[int, str] = {}
        self.fever_on: set[date] = set()
        self.asked_on: set[date] = set()

    def tried(self, deed: Any, **about: Any) -> bool:
        """Whether the action was obeyed; a refusal leaves nothing behind."""
        before = AuditLine.objects.count()
        try:
            deed(actor=self.actor, **about)
        except ActionDenied:
            assert AuditLine.objects.count() == before
            return False
        finally:
            self.course.refresh_from_db()
        assert AuditLine.objects.count() > before
        self.obeyed[deed.__name__] += 1
        return True

    def papers(self) -> Iterator[Document]:
        return (paper for paper in Document.objects.filter(patient=self.patient) if not paper.is_withdrawn)

    @rule(days=st.integers(1, 3))
    def a_night_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule()
    def todays_questions_are_answered_with_nothing_new(self) -> None:
        replies = quiet_day(self.course, shipped_library(), on=self.day)
        about = {"course": self.course, "replies": replies, "on": self.day, "version": self.course.version}
        if self.tried(answer_day_questions, **about):
            self.asked_on.add(self.day)
            self.fever_on.discard(self.day)

    @rule(nights=st.integers(0, 1))
    def a_good_day(self, nights: int) -> None:
        """What a day of treatment looks like; without it a walk at random seldom comes to a session."""
        self.a_night_passes(nights)
        self.a_referral_is_seen()
        self.todays_questions_are_answered_with_nothing_new()
        self.somebody_starts_it()
        self.somebody_records_a_session(min(len(self.given) + 1, COUNT), 7, bad=False)

    @rule()
    def a_fever_is_told(self) -> None:
        record_facts(patient=self.patient, replies=FEVER, on=self.day, given_by="patient", actor=self.actor)
        self.fever_on.add(self.day)

    @rule()
    def a_referral_is_seen(self) -> None:
        about: dict[str, Any] = {"patient": self.patient, "on": self.day, "actor": self.actor}
        record_document(kind="doctor-referral", issued_on=self.day, issued_by="Dr Issuer", **about)

    @rule()
    def every_referral_is_withdrawn(self) -> None:
        for paper in tuple(self.papers()):
            withdraw_document(document=paper, reason="A slip", actor=self.actor)

    @rule(is_stale=st.booleans())
    def somebody_plans_again(self, is_stale: bool) -> None:  # a value that hypothesis draws
        version, was = self.course.version - is_stale, self.course.state
        done = self.tried(replan_course, course=self.course, wanted=request_of(self.course), on=self.day, version=version)
        assert not done or (was == CourseState.DRAFT and not is_stale)

    @rule(state=st.sampled_from(CourseState))
    def somebody_moves_it(self, state: CourseState) -> None:
        was = self.course.state
        done = self.tried(move_course, course=self.course, state=state)
        assert not done or {was, self.course.state} == {CourseState.DRAFT, CourseState.DISCARDED}

    @rule()
    def somebody_starts_it(self) -> None:
        was = self.course.state
        if self.tried(start_course, course=self.course, on=self.day, version=self.course.version):
            assert was == CourseState.DRAFT
            self.is_allowed_today()

    @rule(number=st.integers(1, COUNT), comfort=st.integers(0, 10), bad=st.booleans())
    def somebody_records_a_session(self, number: int, comfort: int, bad: bool) -> None:  # a value that hypothesis draws
        was, turn, plan = self.course.state, len(self.given) + 1, sessions_of(self.course)[number - 1]
        felt = Felt(comfort=comfort, bad_reaction=bad)
        if self.tried(record_session, course=self.course, number=number, felt=felt, on=self.day):
            assert (was, number) == (CourseState.RUNNING, turn)
            assert plan.may_start
            self.is_allowed_today()
            self.given[number] = self.course.sessions.get(number=number).digest

    def is_allowed_today(self) -> None:
        """What must hold at the moment in which a course starts or a session is given."""
        assert self.day in self.asked_on
        assert self.day not in self.fever_on
        assert any(paper.issued_on <= self.day for paper in self.papers())

    @precondition(lambda self: hasattr(self, "course"))
    @invariant()
    def what_was_given_stays_and_nothing_is_doubled(self) -> None:
        records = tuple(records_of(self.course))
        assert {record.session.number: record.session.digest for record in records} == self.given
        assert [record.session.number for record in records] == list(range(1, len(records) + 1))
        assert len({record.given_on for record in records}) == len(records)
        assert (self.course.state == CourseState.FINISHED) == (len(records) == COUNT)
        assert self.course.sessions.count() == COUNT
        assert verify_chain() is None


def test_no_session_is_given_that_the_day_does_not_allow() -> None:
    LifeOfACourse.obeyed.clear()
    few = settings(
        max_examples=settings().max_examples // 8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(LifeOfACourse, settings=few)
    assert {"start_course", "answer_day_questions"} <= LifeOfACourse.obeyed.keys()
    assert LifeOfACourse.obeyed["record_session"] >= 5
