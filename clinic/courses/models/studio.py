"""The planning studio: what somebody is changing, every change that was kept, and every soft rule that was set aside."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinic.audit.append_only import AppendOnly
from clinic.courses.models.courses import Course
from clinic.courses.states import OverrideReason


class StudioDraft(models.Model):
    """What one person is changing in the plan of one course and has not kept yet. It is written at every change, so it outlives a log-out.

    ``acts`` are all changes since it was opened, as ``clinic.courses.studio.acts`` reads them; the first ``position`` of them count, those
    after it were undone and can be done again. ``base_version`` is the version of the course that it was begun on and ``base`` the edits
    that stood then. ``version`` grows with every change, so that two windows of the same person notice each other.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="studio_drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    base_version = models.PositiveIntegerField()
    base = models.JSONField(default=dict)
    acts = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)  # a note that is being typed
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["-changed_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["course", "by"], name="a_person_has_one_draft_of_a_plan")]

    def __str__(self) -> str:
        return f"#{self.pk} draft of course {self.course_id}"


class PlanEdit(models.Model):
    """A change by hand that was kept: the edits before and after it. ``version`` is that of the course once it was kept.

    ``digest_before`` and ``digest_after`` are those of the whole plan; ``acts`` what was done, in turn.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plan_edits")
    version = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    acts = models.JSONField(default=list)
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_change_by_hand_is_never_changed", goes=True),
            models.UniqueConstraint(fields=["course", "version"], name="a_version_of_a_course_is_edited_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="plan_edits_in_time")]

    def __str__(self) -> str:
        return f"#{self.pk} change of course {self.course_id}"


class RuleOverride(models.Model):
    """One soft rule that somebody set aside when a change was kept: which, where, in which sessions, why, in which words.

    ``code`` is that of the checker's problem, or ``side-rule`` for what the hand found; ``step`` the key of the step, ``zone`` and
    ``side`` its place where it has one. What came of it is read from the records of those sessions.
    """

    edit = models.ForeignKey(PlanEdit, on_delete=models.PROTECT, related_name="overrides")
    code = models.CharField(max_length=40)
    step = models.CharField(max_length=100, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=5, blank=True)
    first = models.PositiveSmallIntegerField()
    last = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=OverrideReason.choices)
    words = models.TextField()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            AppendOnly(name="an_override_is_never_changed", goes=True),
            models.CheckConstraint(condition=~Q(words=""), name="an_override_is_explained"),
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=F("first")), name="an_override_holds_for_sessions"),
        ]
        indexes: ClassVar = [models.Index(fields=["edit", "code"], name="overrides_of_an_edit")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.code} set aside"
