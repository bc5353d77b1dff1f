"""Courses and everything that belongs to one: sessions, screenings, reviews, consents."""

from clinic.courses.models.consents import Consent, ConsentWithdrawal
from clinic.courses.models.courses import BEGUN, MILD, NOT_BEGUN, OVER, Course, CourseMove, CourseReview, ScreeningRecord
from clinic.courses.models.dates import DatePattern, Offer, Waiting
from clinic.courses.models.editions import EditionMove
from clinic.courses.models.given import Acknowledgement, AdaptationChoice, Addendum, NextDay, SessionEvent, SessionStart
from clinic.courses.models.outcomes import BodyChart, MeasureValue
from clinic.courses.models.replanning import Replanning
from clinic.courses.models.sessions import Session, SessionMove, SessionRecord
from clinic.courses.models.studio import PlanEdit, RuleOverride, StudioDraft

__all__ = [
    "BEGUN",
    "MILD",
    "NOT_BEGUN",
    "OVER",
    "Acknowledgement",
    "AdaptationChoice",
    "Addendum",
    "BodyChart",
    "Consent",
    "ConsentWithdrawal",
    "Course",
    "CourseMove",
    "CourseReview",
    "DatePattern",
    "EditionMove",
    "MeasureValue",
    "NextDay",
    "Offer",
    "PlanEdit",
    "Replanning",
    "RuleOverride",
    "ScreeningRecord",
    "Session",
    "SessionEvent",
    "SessionMove",
    "SessionRecord",
    "SessionStart",
    "StudioDraft",
    "Waiting",
]
