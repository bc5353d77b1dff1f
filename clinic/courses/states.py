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
    EDITION = "edition", _("The clinic's library was tightened")
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
    # Recorded, or the start is taken back because nothing was given.
    SessionState.IN_PROGRESS: frozenset({SessionState.DONE, SessionState.PLANNED, SessionState.BOOKED}),
    # Who did not come can still be given that session on another day; a slip of the finger is undone the same way.
    SessionState.MISSED: frozenset({SessionState.PLANNED, SessionState.BOOKED}),
    SessionState.CANCELLED: frozenset({SessionState.PLANNED, SessionState.BOOKED}),
    SessionState.DONE: frozenset(),
}


class EventKind(models.TextChoices):
    """What can happen while a session is given."""

    BEGUN = "begun", pgettext_lazy("event", "Step begun")
    PAUSED = "paused", pgettext_lazy("event", "Paused")
    RESUMED = "resumed", pgettext_lazy("event", "Went on")
    LONGER = "longer", pgettext_lazy("event", "More time")
    SHORTER = "shorter", pgettext_lazy("event", "Less time")
    SKIPPED = "skipped", pgettext_lazy("event", "Skipped")
    HURT = "hurt", pgettext_lazy("event", "It hurt")
    STOPPED = "stopped", pgettext_lazy("event", "Stopped")
    FINISHED = "finished", pgettext_lazy("event", "Finished")
    TAKEN_OVER = "taken-over", pgettext_lazy("event", "Taken over by another device")


class SkipReason(models.TextChoices):
    """Why a row of the plan was left out."""

    PAIN = "pain", _("It hurt")
    SKIN = "skin", _("The skin there")
    WISH = "wish", _("The patient's wish")
    POSITION = "position", _("The position was not possible")
    TIME = "time", _("Not enough time")
    OTHER = "other", _("Another reason")


class StopReason(models.TextChoices):
    """Why a session was stopped. Source: library, course-rules.toml, stop_set."""

    PAIN = "pain", _("Pain that does not settle")
    DIZZY = "dizzy", _("Dizziness or nausea")
    PALE = "pale", _("Cold sweat or pallor")
    HEART = "heart", _("Palpitation or chest pain")
    BREATH = "breath", _("Breathlessness")
    NERVE = "nerve", _("Pain or tingling shooting into a limb, numbness, weakness, sight or speech")
    READINGS = "readings", _("A reading out of its limits")
    WISH = "wish", _("The patient asked to stop")
    OTHER = "other", _("Another reason")


class RecordSource(models.TextChoices):
    """Where a record comes from."""

    PLAYER = "player", _("Given with the player")
    FORM = "form", _("Given without the player")
    OUTAGE = "outage", _("Entered afterwards, after an outage")


class Warmth(models.TextChoices):
    """How warm the skin was after the session."""

    NONE = "none", pgettext_lazy("warmth", "None")
    PLEASANT = "pleasant", pgettext_lazy("warmth", "Pleasant")
    HOT = "hot", pgettext_lazy("warmth", "Too hot")


class Reaction(models.TextChoices):
    """What was seen or felt during or after a session. The first four are expected and pass within a day."""

    WARMTH = "warmth", _("Warmth, redness that passes")
    SORENESS = "soreness", _("Mild soreness")
    SLEEPINESS = "sleepiness", _("Sleepiness")
    RELIEF = "relief", _("Lightness, relief")
    SKIN = "skin", _("Rash or weals")
    BRUISE = "bruise", _("Bruise")
    SWELLING = "swelling", _("Swelling")
    DIZZINESS = "dizziness", _("Dizziness or nausea")
    HEADACHE = "headache", pgettext_lazy("reaction", "Headache")
    PALPITATION = "palpitation", _("Palpitation")
    FAINT = "faint", _("Faintness, cold sweat, pallor")
    BREATH = "breath", _("Breathlessness or chest pain")
    NERVE = "nerve", _("Numbness, weakness, shooting pain")
    OTHER = "other", pgettext_lazy("reaction", "Something else")


# Source: library, course-rules.toml, discomfort.expected: warmth, mild soreness up to 24 h, sleepiness. Relief is no complaint.
EXPECTED_REACTIONS: Final = frozenset({Reaction.WARMTH, Reaction.SORENESS, Reaction.SLEEPINESS, Reaction.RELIEF})


class Reading(models.TextChoices):
    """What is measured beside a session."""

    SYSTOLIC_BEFORE = "systolic-before", _("Upper blood pressure before")
    SYSTOLIC_AFTER = "systolic-after", _("Upper blood pressure after")
    DIASTOLIC_AFTER = "diastolic-after", _("Lower blood pressure after")
    PULSE_AFTER = "pulse-after", _("Pulse after")
    OXYGEN_AFTER = "oxygen-after", _("Oxygen after")
    PEAK_FLOW_AFTER = "peak-flow-after", _("Peak flow after, % of personal best")


class AddendumReason(models.TextChoices):
    """Why something is added to a record that was signed."""

    CORRECTION = "correction", _("Correction")
    ADDITION = "addition", _("Addition")
    LATER = "later", _("Later reaction")
    OTHER = "other", _("Another reason")


class AnswerSource(models.TextChoices):
    """How the patient's answer about the next day came."""

    ASKED = "asked", _("Asked at the next visit")
    TELEPHONE = "telephone", _("By telephone")
    LINK = "link", _("By a message")


class ChoiceReason(models.TextChoices):
    """Why a proposal was not taken as it was."""

    CAUTION = "caution", _("More careful than proposed")
    EXPLAINED = "explained", _("The discomfort had another cause")
    WISH = "wish", _("The patient's wish")
    FINDING = "finding", _("What the hands found")
    OTHER = "other", _("Another reason")


class MarkKind(models.TextChoices):
    """What is marked on a body chart."""

    PAIN = "pain", pgettext_lazy("mark", "Pain")
    TENSION = "tension", pgettext_lazy("mark", "Tension")
    SKIN = "skin", pgettext_lazy("mark", "Skin")
    SCAR = "scar", pgettext_lazy("mark", "Scar")
    NUMB = "numb", pgettext_lazy("mark", "Numbness")


class OverrideReason(models.TextChoices):
    """Why a soft rule was set aside by hand."""

    RESPONSE = "response", _("The tissue or the patient responded so")
    COMFORT = "comfort", _("The patient's comfort or wish")
    PALPATION = "palpation", _("What the hand found")
    BUILD = "build", _("The build of the patient")
    ADVICE = "advice", _("A doctor's advice")
    TIME = "time", _("Time, room or position")
    PROGRESS = "progress", _("Progress: more is needed now")
    OTHER = "other", _("Another reason")
