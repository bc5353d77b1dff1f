"""Papers about patients: documents seen, the files that show them, and referrals."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from patients.models.people import Patient
from patients.states import ReferralState


class Document(models.Model):
    """A paper that staff saw and recorded: a referral, or a doctor's note that lifts the ``rules`` it names. Never edited.

    A mistake is withdrawn and recorded anew. ``edition`` is the edition of the library whose words were read when it was recorded.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=160)
    rules = models.JSONField(default=list)  # codes of the rules that it lifts; a referral may name none
    edition = models.CharField(max_length=40)
    valid_until = models.DateField(null=True, blank=True)  # where the paper itself says so; the library's days count too
    words = models.TextField(blank=True, default="", max_length=600)  # what it says beyond the rules: the drug, the reason, a condition
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind="") & ~models.Q(issued_by=""), name="a_document_says_what_it_is_and_who_issued_it"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("issued_on")),
                name="a_document_is_not_over_before_it_was_issued",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_on__lte=models.F("recorded_on")), name="a_document_is_not_issued_after_it_was_recorded"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~models.Q(withdrawn_because="")),
                name="a_withdrawn_document_says_when_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} of patient {self.patient_id}"

    @property
    def is_withdrawn(self) -> bool:
        """True once somebody said that it was recorded by mistake."""
        return self.withdrawn_at is not None


class Attachment(models.Model):
    """A file that somebody uploaded about a patient. It lies outside of the web root under a random name and is never changed."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="attachments")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attachments", null=True, blank=True)
    name = models.CharField(max_length=120)  # as shown and offered for download, made harmless
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # of the file as it is stored
    stored_as = models.CharField(max_length=64, unique=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(content_type__in=["application/pdf", "image/jpeg", "image/png"]), name="a_file_is_pdf_jpeg_or_png"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} file about patient {self.patient_id}"


class Referral(models.Model):
    """What a doctor allows: for which disease and stage, how many sessions, until when, and what is barred. A change is a new one.

    ``origin`` tells a referral signed here from one that came on paper, whose signature is weaker. How many of its sessions were given
    is never stored: it is counted.
    """

    class Origin(models.TextChoices):
        HERE = "here", _("signed here")
        PAPER = "paper", _("on paper")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    origin = models.CharField(max_length=5, choices=Origin.choices, default=Origin.HERE)
    diagnosis = models.CharField(_("Diagnosis"), max_length=300)
    icd10 = models.CharField(_("ICD-10 code"), max_length=8)
    condition = models.CharField(_("Condition"), max_length=60)
    form = models.CharField(_("Form of the disease"), max_length=120, blank=True)
    stage = models.CharField(_("Stage"), max_length=60)
    zones_barred = models.JSONField(default=list)  # [zone, side]
    families_barred = models.JSONField(default=list)
    techniques_barred = models.JSONField(default=list)
    pressure_max = models.PositiveSmallIntegerField(_("Strongest pressure"), null=True, blank=True)
    rules = models.JSONField(default=list)  # codes of the rules that the doctor lifts
    session_count = models.PositiveSmallIntegerField(_("Number of sessions"))
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"))
    question = models.TextField(_("Question to the doctor"), blank=True, max_length=1000)
    answer = models.TextField(_("The doctor's answer"), blank=True, max_length=1000)
    outside_doctor = models.CharField(_("Doctor who signed on paper"), max_length=160, blank=True)
    extends = models.ForeignKey("self", on_delete=models.PROTECT, related_name="extended_by", null=True, blank=True)
    reason = models.TextField(_("Why more sessions are asked for"), blank=True, max_length=1000)
    state = models.CharField(max_length=10, choices=ReferralState.choices, default=ReferralState.DRAFT)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="referral", null=True, blank=True)
    signature = models.ForeignKey("signing.Signature", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    edition = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    written_on = models.DateField()
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=ReferralState.values), name="a_referral_is_in_a_known_state"),
            models.CheckConstraint(
                condition=models.Q(session_count__gte=1, session_count__lte=60), name="a_referral_is_for_1_to_60_sessions"
            ),
            models.CheckConstraint(condition=models.Q(valid_until__gte=models.F("valid_from")), name="a_referral_ends_after_it_begins"),
            models.CheckConstraint(
                condition=models.Q(pressure_max=None) | models.Q(pressure_max__gte=1, pressure_max__lte=4),
                name="a_pressure_barred_is_1_to_4",
            ),
            models.CheckConstraint(
                condition=(models.Q(origin="here", outside_doctor="") | (models.Q(origin="paper") & ~models.Q(outside_doctor=""))),
                name="a_paper_referral_names_the_doctor",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="signed") | models.Q(origin="paper") | models.Q(signature__isnull=False),
                name="a_referral_signed_here_has_its_signature",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="referrals_by_state")]

    def __str__(self) -> str:
        return f"#{self.pk} referral of patient {self.patient_id}"


class ReferralMove(models.Model):
    """A referral went from one state to another: when, by whom (nobody: by the calendar or the count), and in which words."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [AppendOnly(name="a_move_of_a_referral_is_never_changed", goes=True)]
        indexes: ClassVar = [models.Index(fields=["at"], name="moves_of_referrals_in_time")]

    def __str__(self) -> str:
        return f"#{self.pk} referral {self.referral_id} {self.after}"
