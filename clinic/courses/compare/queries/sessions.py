"""The sessions that one is compared with."""

from clinic.courses.models import Course, Session, SessionRecord


def last_given(course: Course) -> SessionRecord | None:
    """The record of the last session that was given, with the session's plan and what was said of the next day. Two queries."""
    found = SessionRecord.objects.filter(session__course=course).select_related("session", "given_by", "recorded_by")
    return found.prefetch_related("next_days").order_by("-session__number").first()


def coming_session(course: Course) -> Session | None:
    """The next session to be given, with its plan. One query."""
    return Session.objects.filter(course=course, record=None).order_by("number").first()
