"""How courses went from one edition of the library to another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinic.audit.append_only import AppendOnly
from clinic.courses.models.courses import Course


class EditionMove(models.Model):
    """A course was moved to another edition and planned with it: what changed, and whether a doctor has to sign it anew.

    ``version`` is that of the course once it was moved; ``difference`` what was shown before it, line by line, as
    ``clinic.courses.editions`` keeps it; the digests are those of the whole plan.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="edition_moves")
    before = models.ForeignKey("protocols.Edition", on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("protocols.Edition", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64)
    difference = models.JSONField(default=list)
    needs_signature = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_move_to_an_edition_is_never_changed", goes=True),
            models.UniqueConstraint(fields=["course", "version"], name="a_version_of_a_course_is_moved_once"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="a_course_moves_to_another_edition"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} course {self.course_id} to another edition"
