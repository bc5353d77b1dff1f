"""The states of a course and of a session, and the only ways from one to another. ``manage.py document_states`` draws them."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CourseState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Awaiting sign-off")
    SIGNED = "signed", pgettext_lazy("course", "Signed")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    SUSPENDED = "suspended", _("Suspended")
    FINISHED = "finished", _("Finished")
    ENDED = "ended", _("Ended early")
    DISCARDED = "discarded", _("Discarded")


TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    # Healthy people's preventive courses run without a signature.
    CourseState.DRAFT: frozenset({CourseState.AWAITING, CourseState.RUNNING, CourseState.DISCARDED}),
    # A signature lets a course that was begun go on at once; a question or a refusal leads back to where it came from.
    CourseState.AWAITING: frozenset({CourseState.SIGNED, CourseState.RUNNING, CourseState.DRAFT, CourseState.SUSPENDED, CourseState.ENDED}),
    CourseState.SIGNED: frozenset({CourseState.RUNNING, CourseState.DRAFT, CourseState.AWAITING, CourseState.SUSPENDED}),
    CourseState.RUNNING: frozenset(
        {CourseState.PAUSED, CourseState.SUSPENDED, CourseState.AWAITING, CourseState.FINISHED, CourseState.ENDED}
    ),
    CourseState.PAUSED: frozenset({CourseState.RUNNING, CourseState.SUSPENDED, CourseState.ENDED}),
    # What suspended it must be gone, or a doctor signs a plan that answers it.
    CourseState.SUSPENDED: frozenset({CourseState.RUNNING, CourseState.SIGNED, CourseState.AWAITING, CourseState.DRAFT, CourseState.ENDED}),
    CourseState.FINISHED: frozenset(),
    CourseState.ENDED: frozenset(),
    CourseState.DISCARDED: frozenset({CourseState.DRAFT}),  # a discarded draft can be brought back
}


class CourseReason(models.TextChoices):
    """Why a course was paused, ended, or taken out of a doctor's hands."""

    ILLNESS = "illness", _("Illness")
    ABSENCE = "absence", _("The patient is away")
    WISH = "wish", _("The patient's wish")
    REACTION = "reaction", _("Bad reaction")
    GOAL = "goal", _("The goal was reached")
    NO_EFFECT = "no-effect", _("No effect")
    DOCTOR = "doctor", _("The doctor's decision")
    FINDING = "finding", _("A new finding")
    OTHER = "other", _("Another reason")


class SessionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("session", "Planned")
    BOOKED = "booked", pgettext_lazy("session", "Booked")
    IN_PROGRESS = "in-progress", pgettext_lazy("session", "In progress")
    DONE = "done", pgettext_lazy("session", "Given")
    MISSED = "missed", pgettext_lazy("session", "Missed")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled late")


# "Unresolved" is no state: a booked session whose time is over without a word is found by its booking, so the clock never decides one.
SESSION_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    SessionState.PLANNED: frozenset(
        {SessionState.BOOKED, SessionState.IN_PROGRESS, SessionState.DONE, SessionState.MISSED, SessionState.CANCELLED}
    ),
    SessionState.BOOKED: frozenset(
        {
            SessionState.PLANNED,
            SessionState.IN_PROGRESS,
            SessionState.DONE,
            SessionState.MISSED,
            SessionState.CANCELLED,
        }
    ),
    SessionState.IN_PROGRESS: frozenset({SessionState.DONE, SessionState.PLANNED}),
    # Who did not come can still be given that session on another day; a slip of the finger is undone the same way.
    SessionState.MISSED: frozenset({SessionState.PLANNED, SessionState.BOOKED}),
    SessionState.CANCELLED: frozenset({SessionState.PLANNED, SessionState.BOOKED}),
    SessionState.DONE: frozenset(),
}
