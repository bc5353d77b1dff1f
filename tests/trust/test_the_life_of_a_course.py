"""Whole courses walked through at random: whatever people do, in whatever order, no session is given that the day does not allow (F14)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine
from clinic.courses.actions import (
    Felt,
    Lost,
    Why,
    answer_day_questions,
    move_course,
    pause_course,
    record_session,
    replan_course,
    request_of,
    resume_course,
    return_course,
    sign_course_for_demo,
    start_course,
    submit_course,
    withdraw_submission,
)
from clinic.courses.actions.giving import lose_session
from clinic.courses.demo_days import agree, quiet_day
from clinic.courses.models import Consent, Course, CourseMove
from clinic.courses.queries import records_of, sessions_of
from clinic.courses.states import TRANSITIONS, CourseReason, CourseState, SessionState
from clinic.signing.queries import is_sound
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_document, record_facts, withdraw_document
from patients.models import Document, Patient
from patients.questionnaire import NORMAL_REPLY, STATED, Reply
from protocols.shelf import shipped_library
from tests.factories import a_course, a_doctor, a_patient, an_actor, an_intake

pytestmark = pytest.mark.django_db
FEVER = {"today.temperature-c": Reply(STATED, 38.6)}
BLOOD_THINNER = {"medicine.anticoagulant": Reply(STATED, value=True)}
CURED = {"medicine.anticoagulant": NORMAL_REPLY}
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
        self.doctor: Actor = a_doctor(clinic=self.actor.clinic)
        self.is_forbidden = False
        self.patient: Patient = a_patient(clinic=self.actor.clinic)
        self.course: Course = a_course(patient=self.patient, actor=self.actor, count=COUNT)
        self.day: date = self.course.planned_on
        an_intake(patient=self.patient, actor=self.actor)
        self.given: dict[int, str] = {}
        self.fever_on: set[date] = set()
        self.asked_on: set[date] = set()

    def tried(self, deed: Any, *, by: Actor | None = None, **about: Any) -> bool:
        """Whether the action was obeyed; a refusal leaves nothing behind."""
        before = AuditLine.objects.count()
        try:
            with transaction.atomic():
                deed(actor=by or self.actor, **about)
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
        about: dict[str, Any] = {"course": self.course, "replies": replies, "on": self.day, "version": self.course.version}
        if self.tried(answer_day_questions, **about):
            self.asked_on.add(self.day)
            self.fever_on.discard(self.day)

    @rule(nights=st.integers(0, 1))
    def a_good_day(self, nights: int) -> None:
        """What a day of treatment looks like; without it a walk at random seldom comes to a session."""
        self.a_night_passes(nights)
        self.it_was_a_slip()
        self.tried(move_course, course=self.course, state=CourseState.DRAFT)
        self.tried(resume_course, **self.now())
        self.a_referral_is_seen()
        self.todays_questions_are_answered_with_nothing_new()
        self.it_goes_to_the_doctor_who_signs()
        self.the_patient_agrees()
        self.somebody_starts_it()
        self.somebody_records_a_session(min(len(self.given) + 1, COUNT), 7, bad=False)

    @rule(days=st.integers(1, COUNT))
    def good_days(self, days: int) -> None:
        for _day in range(days):
            self.a_good_day(1)

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

    def now(self) -> dict[str, Any]:
        return {"course": self.course, "on": self.day, "version": self.course.version}

    @rule()
    def a_blood_thinner_is_told(self) -> None:
        record_facts(patient=self.patient, replies=BLOOD_THINNER, on=self.day, given_by="patient", actor=self.actor)
        self.is_forbidden = True
        self.course.refresh_from_db()
        waits = (CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.PAUSED)
        assert self.course.state not in waits, "what a finding forbids is suspended at once"

    @rule()
    def it_was_a_slip(self) -> None:
        was = self.course.state
        record_facts(patient=self.patient, replies=CURED, on=self.day, given_by="patient", actor=self.actor)
        self.is_forbidden = False
        self.course.refresh_from_db()
        assert self.course.state == was, "what is cured lets nothing go on by itself"

    @rule()
    def it_goes_to_the_doctor_who_signs(self) -> None:
        if self.tried(submit_course, **self.now()):
            self.the_doctor_signs()

    @rule()
    def the_doctor_signs(self) -> None:
        was, begun = self.course.state, self.course.started_on is not None
        if self.tried(sign_course_for_demo, by=self.doctor, course=self.course, on=self.day):
            assert was == CourseState.AWAITING
            assert not self.is_forbidden
            assert self.course.state == (CourseState.RUNNING if begun else CourseState.SIGNED)

    @rule()
    def the_therapist_signs(self) -> None:
        assert not self.tried(sign_course_for_demo, course=self.course, on=self.day), "nobody signs a plan of one's own"

    @rule()
    def the_doctor_asks_back(self) -> None:
        self.tried(return_course, by=self.doctor, question="Why?", **self.now())

    @rule(deed=st.sampled_from((submit_course, withdraw_submission, resume_course)))
    def somebody_sends_it_takes_it_back_or_lets_it_go_on(self, deed: Any) -> None:
        was = self.course.state
        if self.tried(deed, **self.now()) and was == CourseState.SUSPENDED and deed is resume_course:
            assert not self.is_forbidden

    @rule()
    def somebody_pauses_it(self) -> None:
        self.tried(pause_course, why=Why(CourseReason.ILLNESS), **self.now())

    @rule(number=st.integers(1, COUNT))
    def a_session_is_missed(self, number: int) -> None:
        if self.tried(lose_session, number=number, lost=Lost(SessionState.MISSED), **self.now()):
            assert number == len(self.given) + 1

    @rule()
    def the_patient_agrees(self) -> None:
        with suppress(ActionDenied), transaction.atomic():
            agree(self.course, on=self.day, actor=self.actor)

    @rule(is_stale=st.booleans())
    def somebody_plans_again(self, is_stale: bool) -> None:  # a value that hypothesis draws
        version, was = self.course.version - is_stale, self.course.state
        done = self.tried(replan_course, course=self.course, wanted=request_of(self.course), on=self.day, version=version)
        again = (CourseState.DRAFT, CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.SUSPENDED)
        assert not done or (was in again and not is_stale)

    @rule(state=st.sampled_from(CourseState))
    def somebody_moves_it(self, state: CourseState) -> None:
        was = self.course.state
        done = self.tried(move_course, course=self.course, state=state)
        assert not done or {was, self.course.state} == {CourseState.DRAFT, CourseState.DISCARDED}

    @rule()
    def somebody_starts_it(self) -> None:
        was = self.course.state
        if self.tried(start_course, course=self.course, on=self.day, version=self.course.version):
            assert was == CourseState.SIGNED
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
        assert not self.is_forbidden
        assert self.course.signature is not None
        assert is_sound(self.course.signature)
        assert self.course.signature.signer == self.doctor.user
        assert Consent.objects.filter(course=self.course).exists()

    @precondition(lambda self: hasattr(self, "course"))
    @invariant()
    def what_was_given_stays_and_nothing_is_doubled(self) -> None:
        records = tuple(records_of(self.course))
        assert {record.session.number: record.session.digest for record in records} == self.given
        assert [record.session.number for record in records] == list(range(1, len(records) + 1))
        assert len({record.given_on for record in records}) == len(records)
        assert (self.course.state == CourseState.FINISHED) == (len(records) == COUNT)
        assert self.course.sessions.count() == COUNT
        moves = list(CourseMove.objects.filter(course=self.course).order_by("pk").values_list("before", "after"))
        assert all(after in TRANSITIONS[before] for before, after in moves)
        assert [before for before, _after in moves[1:]] == [after for _before, after in moves[:-1]], "no state came from nowhere"
        assert self.course.state == (moves[-1][1] if moves else CourseState.DRAFT)
        assert verify_chain() is None


def test_no_session_is_given_that_the_day_does_not_allow() -> None:
    LifeOfACourse.obeyed.clear()
    few = settings(
        max_examples=settings().max_examples // 8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(LifeOfACourse, settings=few)
    assert {"start_course", "answer_day_questions", "submit_course", "sign_course_for_demo"} <= LifeOfACourse.obeyed.keys()
    assert LifeOfACourse.obeyed["record_session"] >= 5
