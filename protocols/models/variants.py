"""What a clinic changes in its library: one variant for each protocol or table, with every version it went through."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clinic.audit.append_only import AppendOnly
from protocols.states import OPEN_VARIANTS, VariantState


class Variant(models.Model):
    """A change of one subject that is being worked on, lies with a doctor, or became an edition.

    ``subject`` is what is changed: ``conditions/CODE``, ``contraindications`` or ``course-rules``. ``changes`` is JSON text: the new
    content of each entry by its address (``protocols.editions.addresses``), null where the entry is taken away; all else is as in ``base``.
    """

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="variants")
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    base = models.ForeignKey("protocols.Edition", on_delete=models.PROTECT, related_name="variants")
    changes = models.TextField(default="{}")
    state = models.CharField(max_length=10, choices=VariantState.choices, default=VariantState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True, max_length=2000)
    review_by = models.DateField(null=True)
    origin = models.CharField(max_length=200, blank=True)  # the pack it came with, else ""
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-changed_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=VariantState.values), name="a_variant_is_in_a_known_state"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(title=""), name="a_variant_has_a_subject_and_a_title"),
            models.UniqueConstraint(
                fields=["clinic", "subject"], condition=Q(state__in=OPEN_VARIANTS), name="one_open_variant_of_a_subject_at_a_clinic"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "state", "-changed_at"], name="variants_of_a_clinic")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"


class VariantVersion(models.Model):
    """What a variant was after each change, so that every one of them has a way back. ``said`` tells the change in a word or two."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    changes = models.TextField()
    said = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            AppendOnly(name="a_version_of_a_variant_is_never_changed"),
            models.UniqueConstraint(fields=["variant", "version"], name="versions_of_a_variant_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} version {self.version} of variant {self.variant_id}"


class VariantMove(models.Model):
    """A variant went from one state to another: when, by whom, and in which words."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    note = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [AppendOnly(name="a_move_of_a_variant_is_never_changed")]

    def __str__(self) -> str:
        return f"#{self.pk} variant {self.variant_id} {self.after}"
