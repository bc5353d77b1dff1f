"""What a clinic's clinicians said about the entries of the library. The library itself is files; only this is kept in the database."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from protocols.states import ReviewState


class EntryReview(models.Model):
    """One judgement about one entry. The newest of an entry counts, as long as ``digest`` is that of the entry's present content."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="entry_reviews")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    state = models.CharField(_("State"), max_length=10, choices=ReviewState.choices)
    note = models.TextField(_("Note"), blank=True, max_length=2000)
    edition = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["clinic", "kind", "code", "-id"], name="newest_review_of_an_entry")]
        constraints: ClassVar = [
            AppendOnly(name="a_review_is_never_changed"),
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="a_review_has_a_known_state"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(code=""), name="a_review_names_its_entry"),
            models.CheckConstraint(condition=~Q(digest="") & ~Q(edition=""), name="a_review_is_of_some_content"),
            models.CheckConstraint(condition=~Q(state="to-change", note=""), name="a_wish_for_change_says_which"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.code}: {self.state}"
