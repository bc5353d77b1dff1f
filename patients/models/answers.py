"""What patients answered: forms with the questions as they were asked, and dated facts that are never overwritten."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models.people import Patient
from patients.states import IntakeState


class IntakeChannel(models.TextChoices):
    STAFF = "staff", _("asked by staff")
    TABLET = "tablet", _("on a tablet handed over")
    LINK = "link", _("by a link")


class Intake(models.Model):
    """One filling of the intake form. The questions are kept as they were asked; a completed form never changes."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    state = models.CharField(max_length=10, choices=IntakeState.choices, default=IntakeState.DRAFT)
    edition = models.CharField(max_length=40)
    given_by = models.CharField(max_length=10, default="patient")
    gate = models.JSONField(default=dict)  # gate code -> yes | no | unknown
    replies = models.JSONField(default=dict)  # fact code -> {"reply": …, "value": …}
    asked = models.JSONField(default=list)  # the questions in the words and language they were asked in
    # Who held the pen: staff who asked, or the patient on a tablet handed over or by a link. ``typed`` is the page as it stands, unchecked.
    channel = models.CharField(max_length=6, choices=IntakeChannel.choices, default=IntakeChannel.STAFF)
    language = models.CharField(max_length=2, default="en")
    typed = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True, blank=True)
    put_aside_because = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="draft", submitted_at=None, completed_at=None, completed_by=None)
                | models.Q(state="submitted", submitted_at__isnull=False, completed_at=None, completed_by=None)
                | models.Q(state="completed", completed_at__isnull=False, completed_by__isnull=False)
                | models.Q(state="discarded"),
                name="a_completed_intake_says_when_and_by_whom",
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(state__in=["draft", "submitted"]), name="a_patient_has_one_open_intake"
            ),
            models.CheckConstraint(condition=models.Q(channel__in=IntakeChannel.values), name="an_intake_was_filled_in_by_a_known_hand"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "patient"], name="intakes_by_state"),
            # Who took an intake lately is in the patient's care: asked on every page about a patient.
            models.Index(fields=["completed_at"], name="intakes_by_completion"),
            models.Index(fields=["started_at"], name="intakes_by_beginning"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} intake of patient {self.patient_id}"


class IntakeLink(models.Model):
    """A way for the patient to one empty form and to nothing else. Kept hashed; ends by use, by its day, or by wrong birth dates."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intake_links")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="links", null=True, blank=True)
    channel = models.CharField(max_length=6, choices=IntakeChannel.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(channel__in=["tablet", "link"]), name="a_link_is_sent_or_handed_over"),
            models.CheckConstraint(condition=models.Q(used_at=None) | models.Q(revoked_at=None), name="a_used_link_is_not_revoked"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} link of patient {self.patient_id}"


class FactAnswer(models.Model):
    """One dated answer or measurement. A new answer is a new row; the newest of a fact counts.

    ``reply``: *stated* has a value; *normal* is "no" or "never"; *unknown* is "don't know", which is never "no".
    """

    class Reply(models.TextChoices):
        STATED = "stated", _("Answered")
        NORMAL = "normal", _("No")
        UNKNOWN = "unknown", _("Don't know")

    class How(models.TextChoices):
        ASKED = "asked", _("asked by staff")
        TYPED = "typed", _("typed by the patient")
        MEASURED = "measured", _("measured")
        SEEN = "seen", _("seen on a document")
        MERGED = "merged", _("two records were merged")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="fact_answers")
    fact = models.CharField(max_length=80)
    reply = models.CharField(max_length=7, choices=Reply.choices)
    value = models.JSONField(null=True, blank=True)
    answered_on = models.DateField()
    given_by = models.CharField(max_length=10, default="patient")
    how = models.CharField(max_length=8, choices=How.choices, default=How.ASKED)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="fact_answers", null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reply__in=["stated", "normal", "unknown"]), name="a_reply_is_stated_normal_or_unknown"
            ),
            models.CheckConstraint(
                condition=models.Q(how__in=["asked", "typed", "measured", "seen", "merged"]), name="a_fact_says_how_it_came_to_be_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "fact", "-id"], name="newest_answer_of_a_fact")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.fact} of patient {self.patient_id}"
