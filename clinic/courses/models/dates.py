"""How the dates of a course were proposed, and who waits for a place."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.courses.models.courses import Course
from clinic.courses.models.sessions import Session


class DatePattern(models.Model):
    """What was asked for when the dates of a course were proposed last. Sessions are rows; the pattern only says how they came."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="date_pattern")
    pattern = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"#{self.pk} pattern of course {self.course_id}"


class Waiting(models.Model):
    """A patient who waits for a place for the next session of a course: an earlier one than is booked, or one at all."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="waitings")
    weekdays = models.JSONField(_("days"), default=list, blank=True)  # numbers, Monday is 0; empty: any
    earliest = models.TimeField(_("not before"), null=True, blank=True)
    latest = models.TimeField(_("over by"), null=True, blank=True)
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=9, blank=True)  # placed | withdrawn | expired

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course"], condition=Q(closed_at=None), name="a_course_waits_once_at_a_time"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_wait_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_why="") | Q(closed_at__isnull=False, closed_why__in=("placed", "withdrawn", "expired")),
                name="a_wait_that_is_over_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} course {self.course_id} waits"


class Offer(models.Model):
    """A free place offered to somebody who waits: ``booking`` holds it until ``expires_at``. No answer in time is an answer."""

    waiting = models.ForeignKey(Waiting, on_delete=models.PROTECT, related_name="offers")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    booking = models.OneToOneField("schedule.Booking", on_delete=models.PROTECT, related_name="offer")
    offered_at = models.DateTimeField(auto_now_add=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)  # None: next in line
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=9, blank=True)  # accepted | declined | expired | withdrawn
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["waiting"], condition=Q(answer=""), name="one_offer_at_a_time"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=("accepted", "declined", "expired", "withdrawn"), answered_at__isnull=False),
                name="an_answered_offer_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} offer to {self.waiting_id}"
