"""Signatures: one chain for each clinic, whose rows are only ever added."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.audit.append_only import AppendOnly

GENESIS: Final = "0" * 64


class Meaning(models.TextChoices):
    """What a signature says about the document."""

    APPROVED = "approved", pgettext_lazy("meaning of a signature", "approved")
    REFUSED = "refused", pgettext_lazy("meaning of a signature", "refused")
    REVOKED = "revoked", pgettext_lazy("meaning of a signature", "revoked")
    RECORDED_PAPER = "recorded-paper", pgettext_lazy("meaning of a signature", "signed on paper elsewhere")
    ERASED = "erased", pgettext_lazy("meaning of a signature", "erased by order")


class Method(models.TextChoices):
    """How it was made sure who signs."""

    PASSWORD = "password", _("password, entered again to sign")
    TOTP = "totp", _("one-time code, entered again to sign")
    RECOVERY_CODE = "recovery-code", _("recovery code, entered to sign")
    SECURITY_KEY = "security-key", _("passkey, used again to sign in")
    PASSKEY = "passkey", _("passkey, over this very document")
    PAPER = "paper", _("on paper, recorded here by somebody else")
    DEMO = "demo", _("made up for the demo")
    ORDER = "order", _("by an order that was signed before, carried out again after a backup was brought back")


class Signature(models.Model):
    """One signed entry. ``statement`` is the exact text that the key signed; every other column must say the same."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="signatures")
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(_("kind of document"), max_length=60)
    subject = models.CharField(_("document"), max_length=80)
    subject_version = models.PositiveIntegerField(_("version"))
    meaning = models.CharField(_("meaning"), max_length=16, choices=Meaning.choices)
    content = models.TextField()  # canonical JSON: the data and the words that were shown
    content_digest = models.CharField(max_length=64)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    printed_name = models.CharField(_("name"), max_length=200)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=16)
    method = models.CharField(_("method"), max_length=16, choices=Method.choices)
    evidence = models.JSONField(null=True)  # of a passkey: what verifies it anywhere; of paper: its day and the digest of its picture
    note = models.TextField(_("note"), blank=True)
    signed_at = models.DateTimeField(_("signed at"))
    previous_digest = models.CharField(max_length=64)
    statement = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    signature = models.CharField(max_length=88)
    key_id = models.CharField(max_length=16)
    nonce = models.CharField(max_length=32, unique=True)

    class Meta:
        ordering = ("clinic", "sequence")
        indexes = (models.Index(fields=("subject", "-sequence"), name="signatures_by_subject"),)
        constraints = (
            AppendOnly(name="a_signature_is_never_changed", emptied=("content", "note", "statement")),
            models.UniqueConstraint(fields=("clinic", "sequence"), name="signatures_of_a_clinic_are_numbered"),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="signatures_are_numbered_from_one"),
            models.CheckConstraint(condition=Q(meaning__in=Meaning.values), name="a_signature_has_a_known_meaning"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="a_signature_has_a_known_method"),
            models.CheckConstraint(condition=~Q(printed_name=""), name="a_signature_names_its_signer"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.meaning} {self.subject}"

    @property
    def is_on_paper(self) -> bool:
        """Whether only a piece of paper was seen, which proves less."""
        return self.method == Method.PAPER


class ChainHead(models.Model):
    """The row of a clinic that is locked while an entry is added."""

    clinic = models.OneToOneField("staff.Clinic", on_delete=models.PROTECT, related_name="signature_head")
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"#{self.pk} entry {self.sequence} of clinic {self.clinic_id}"
