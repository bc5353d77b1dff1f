"""Who changed what (one hash chain for the whole installation) and who looked at whom, or tried to. Both tables only grow."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.audit.append_only import AppendOnly

GENESIS = "0" * 64
SEALED_LOOKS = "sealed-looks"


class AuditLine(models.Model):
    """One change. ``details`` holds only what is needed to understand it, and never a password. An order to erase may empty them."""

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, null=True, related_name="audit_lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="audit_lines")
    roles = models.CharField(_("roles"), max_length=120, blank=True)
    verb = models.CharField(_("what was done"), max_length=60)
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_id = models.CharField(_("record"), max_length=60)
    details = models.JSONField(_("details"), default=dict)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-sequence",)
        indexes = (
            models.Index(fields=("clinic", "-sequence"), name="audit_by_clinic"),
            models.Index(fields=("subject_type", "subject_id"), name="audit_by_subject"),
            models.Index(fields=("clinic", "subject_type", "subject_id", "at"), name="audit_of_a_record"),
            models.Index(fields=("-sequence",), condition=Q(verb=SEALED_LOOKS), name="audit_seals"),
        )
        constraints = (
            AppendOnly(name="an_audit_line_is_never_changed", emptied=("details",)),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="audit_lines_are_numbered_from_one"),
            models.CheckConstraint(condition=~Q(verb=""), name="an_audit_line_says_what_was_done"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.verb} {self.subject_type} {self.subject_id}"


class ChainHead(models.Model):
    """The one row that is locked while a line is added, and that shows when the chain's tail was cut off."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="the_audit_chain_has_one_head"),)

    def __str__(self) -> str:
        return f"#{self.pk} line {self.sequence}"


class Erasing(models.Model):
    """On SQLite: has a row while a record is erased, in that transaction only. The triggers of append-only tables ask for it."""

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_record_is_erased_at_a_time"),)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Look(models.TextChoices):
    """How somebody met a record, or did not."""

    LOOKED = "looked", pgettext_lazy("kind of look", "looked")
    PRINTED = "printed", pgettext_lazy("kind of look", "printed")
    EXPORTED = "exported", pgettext_lazy("kind of look", "exported")
    SEARCHED = "searched", pgettext_lazy("kind of look", "searched")
    REFUSED = "refused", pgettext_lazy("kind of look", "was refused")


class ReadLine(models.Model):
    """Somebody looked at a record about a patient, or tried to. ``page`` is the name of the address.

    A search names no record: ``details`` holds the numbers of those it showed. A refused attempt names the record that the address
    names, which need not exist, nor at this clinic.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="read_lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_lines")
    roles = models.CharField(_("roles"), max_length=120)
    subject_type = models.CharField(_("kind of record"), max_length=60, blank=True)
    subject_id = models.CharField(_("record"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Look.choices, default=Look.LOOKED)
    page = models.CharField(_("page"), max_length=80, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("clinic", "subject_type", "subject_id", "at"), name="reads_of_a_record"),
            models.Index(fields=("clinic", "kind"), name="reads_by_kind"),
            models.Index(fields=("clinic", "user"), name="reads_by_person"),
        )
        constraints = (
            AppendOnly(name="a_read_line_is_never_changed"),
            models.CheckConstraint(condition=Q(kind__in=Look.values), name="a_look_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=(Look.SEARCHED, Look.REFUSED)) | ~Q(subject_id=""), name="a_look_names_what_was_seen"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.user_id} {self.kind} {self.subject_type} {self.subject_id}"
