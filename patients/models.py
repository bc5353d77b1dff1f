"""Records of the people we treat. Facts are dated and never overwritten; every record belongs to one clinic."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.search import search_key
from patients.states import IntakeState


class Patient(models.Model):
    """A person on the clinic's register. ``search_key`` is kept by ``save`` and is all that the list searches."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        RUSSIAN = "ru", _("Russian")

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="patients")
    card_number = models.CharField(_("Card number"), max_length=20)
    family_name = models.CharField(_("Family name"), max_length=80)
    given_name = models.CharField(_("Given name"), max_length=80)
    middle_name = models.CharField(_("Middle name or patronymic"), max_length=80, blank=True)
    born_on = models.DateField(_("Date of birth"))
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    language = models.CharField(_("Language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    guardian_name = models.CharField(_("Parent or guardian"), max_length=160, blank=True)
    guardian_phone = models.CharField(_("Telephone of the parent or guardian"), max_length=40, blank=True)
    notes = models.TextField(_("Notes"), blank=True, max_length=2000)
    search_key = models.TextField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "card_number"], name="a_card_number_is_given_once_per_clinic"),
            models.CheckConstraint(condition=models.Q(sex__in=["female", "male"]), name="sex_is_female_or_male"),
            models.CheckConstraint(condition=~models.Q(family_name=""), name="a_patient_has_a_family_name"),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "family_name", "given_name", "id"], name="patients_of_a_clinic_by_name")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.full_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = search_key(
            names=(self.family_name, self.given_name, self.middle_name),
            card_number=self.card_number,
            phone=self.phone,
            born=self.born_on.isoformat(),
        )
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def full_name(self) -> str:
        """Family name first, as on the card."""
        return " ".join(part for part in (self.family_name, self.given_name, self.middle_name) if part)


class Intake(models.Model):
    """One filling of the intake form. The questions are kept as they were asked; a completed form never changes."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    state = models.CharField(max_length=10, choices=IntakeState.choices, default=IntakeState.DRAFT)
    edition = models.CharField(max_length=40)
    given_by = models.CharField(max_length=10, default="patient")
    gate = models.JSONField(default=dict)  # gate code -> yes | no | unknown
    replies = models.JSONField(default=dict)  # fact code -> {"reply": …, "value": …}
    asked = models.JSONField(default=list)  # the questions in the words and language they were asked in
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="draft", completed_at=None, completed_by=None)
                | models.Q(state="completed", completed_at__isnull=False, completed_by__isnull=False)
                | models.Q(state="discarded"),
                name="a_completed_intake_says_when_and_by_whom",
            ),
            models.UniqueConstraint(fields=["patient"], condition=models.Q(state="draft"), name="a_patient_has_one_intake_draft"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} intake of patient {self.patient_id}"


class FactAnswer(models.Model):
    """One dated answer or measurement. A new answer is a new row; the newest of a fact counts.

    ``reply``: *stated* has a value; *normal* is "no" or "never"; *unknown* is "don't know", which is never "no".
    """

    class Reply(models.TextChoices):
        STATED = "stated", _("Answered")
        NORMAL = "normal", _("No")
        UNKNOWN = "unknown", _("Don't know")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="fact_answers")
    fact = models.CharField(max_length=80)
    reply = models.CharField(max_length=7, choices=Reply.choices)
    value = models.JSONField(null=True, blank=True)
    answered_on = models.DateField()
    given_by = models.CharField(max_length=10, default="patient")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="fact_answers", null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reply__in=["stated", "normal", "unknown"]), name="a_reply_is_stated_normal_or_unknown"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "fact", "-id"], name="newest_answer_of_a_fact")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.fact} of patient {self.patient_id}"


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
