"""Editions of the knowledge, kept for good, and which of them a clinic has worked with since when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clinic.audit.append_only import AppendOnly


class EditionPart(models.Model):
    """One file of an edition as JSON text, named by its own sha256: editions that share a file share its row."""

    digest = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="a_part_of_an_edition_is_never_changed")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Edition(models.Model):
    """One edition, named by the digest of its name and all its parts. ``parts`` gives the digest of each part by its name.

    ``library_digest`` is that of the tables alone, which plans carry. Without parts nothing of it was kept, only that plans came of it.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=40)
    library_digest = models.CharField(max_length=64)
    parts = models.JSONField(default=dict)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="an_edition_is_never_changed"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(digest=""), name="an_edition_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk[:12]} {self.name}"


class Publication(models.Model):
    """From this moment on a clinic works with this edition. The newest one counts; a clinic without any follows the shipped edition.

    ``number`` counts the publications of the clinic. ``tightened`` is what the edition forbids that the one before allowed, as
    ``protocols.variants.tightening`` says it; ``review_by`` the day by which the clinic wants to look at it again.
    """

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publications")
    before = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    variant = models.OneToOneField("protocols.Variant", on_delete=models.PROTECT, related_name="publication")
    signature = models.OneToOneField("signing.Signature", on_delete=models.PROTECT, related_name="+")
    tightened = models.JSONField(default=list)
    review_by = models.DateField()
    note = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_publication_is_never_changed"),
            models.UniqueConstraint(fields=["clinic", "number"], name="publications_of_a_clinic_are_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="publications_are_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} edition {self.number} of clinic {self.clinic_id}"
