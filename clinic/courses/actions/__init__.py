"""What changes courses: one transaction, one audit line each, actor last."""

from clinic.courses.actions.after import NextDaySaid, acknowledge_reaction, answer_next_day, choose_adaptation
from clinic.courses.actions.giving import Lost, lose_session, start_course, undo_lost_session
from clinic.courses.actions.keeping import digest_of, keep_plan, keep_screening, worst_outcome
from clinic.courses.actions.moving import (
    StaleCourse,
    Why,
    change_state,
    end_course,
    locked_course,
    move_course,
    pause_course,
    resume_course,
    transfer_course,
)
from clinic.courses.actions.planning import answer_day_questions, check_has_questions, plan_course, replan_course
from clinic.courses.actions.recording import Felt, Outage, add_addendum, record_outage, record_session, record_start
from clinic.courses.actions.reviewing import ask_doctor, decide_review, tell_doctor
from clinic.courses.actions.screening import hold_courses, rescreen_courses
from clinic.courses.actions.signing_off import (
    Word,
    allow_findings,
    refuse_course,
    return_course,
    revoke_signature,
    sign_course,
    sign_course_for_demo,
    submit_course,
    withdraw_submission,
)
from clinic.courses.actions.starting import start_session, take_back_start
from clinic.courses.queries import request_of

__all__ = [
    "Felt",
    "Lost",
    "NextDaySaid",
    "Outage",
    "StaleCourse",
    "Why",
    "Word",
    "acknowledge_reaction",
    "add_addendum",
    "allow_findings",
    "answer_day_questions",
    "answer_next_day",
    "ask_doctor",
    "change_state",
    "check_has_questions",
    "choose_adaptation",
    "decide_review",
    "digest_of",
    "end_course",
    "hold_courses",
    "keep_plan",
    "keep_screening",
    "locked_course",
    "lose_session",
    "move_course",
    "pause_course",
    "plan_course",
    "record_outage",
    "record_session",
    "record_start",
    "refuse_course",
    "replan_course",
    "request_of",
    "rescreen_courses",
    "resume_course",
    "return_course",
    "revoke_signature",
    "sign_course",
    "sign_course_for_demo",
    "start_course",
    "start_session",
    "submit_course",
    "take_back_start",
    "tell_doctor",
    "transfer_course",
    "undo_lost_session",
    "withdraw_submission",
    "worst_outcome",
]
