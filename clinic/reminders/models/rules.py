"""What a clinic has set about its messages, its own texts, and what a patient wishes."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from clinic.reminders.states import Channel, Text
from clinic.staff.models import Language


class MessageRules(models.Model):
    """What one clinic has set about its messages. Where there is no row, these defaults hold."""

    clinic = models.OneToOneField("staff.Clinic", on_delete=models.PROTECT, related_name="message_rules")
    short_name = models.CharField(
        _("name in messages"), max_length=40, blank=True,
        help_text=_("Neighbours may read it: no illness and no treatment in it. Empty: the clinic's own name, where that tells nothing."),
    )  # fmt: skip
    phone = models.CharField(_("telephone in messages"), max_length=40, blank=True)
    day_before_at = models.TimeField(_("the day before, at"), default=time(18, 0), null=True, blank=True)  # None: not sent
    hours_before = models.PositiveSmallIntegerField(
        _("hours before"), default=2, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )  # None: not sent
    next_morning_at = models.TimeField(_("the next morning, at"), default=time(9, 30))
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes to wait for further changes"), default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    quiet_from = models.TimeField(_("quiet hours from"), default=time(21, 0))
    quiet_until = models.TimeField(_("quiet hours until"), default=time(8, 0))
    staff_at = models.TimeField(_("tomorrow's list, at"), default=time(17, 0))
    kinds_off = models.JSONField(default=list, blank=True)  # codes of Kind that this clinic does not send
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hours_before=None) | Q(hours_before__gte=1, hours_before__lte=12), name="a_reminder_comes_hours_before"
            ),
            models.CheckConstraint(condition=Q(grace_minutes__gte=1, grace_minutes__lte=60), name="changes_are_waited_for_up_to_an_hour"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} message rules of clinic {self.clinic_id}"


class MessageTemplate(models.Model):
    """One version of a clinic's own text. Never changed: a new version takes its place. An empty body goes back to the shipped text."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="message_templates")
    code = models.CharField(max_length=14, choices=Text.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    language = models.CharField(max_length=2, choices=Language.choices)
    version = models.PositiveIntegerField()
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    body = models.TextField(_("text"), blank=True, max_length=4000)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["clinic", "code", "channel", "language", "-version"]
        constraints: ClassVar = [
            AppendOnly(name="a_text_of_messages_is_never_changed"),
            models.UniqueConstraint(fields=["clinic", "code", "channel", "language", "version"], name="a_version_of_a_text_exists_once"),
            models.CheckConstraint(condition=Q(code__in=Text.values), name="a_text_is_one_of_the_list"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="a_text_is_for_a_known_channel"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="a_text_is_in_a_known_language"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.code} {self.channel} {self.language} version {self.version}"


class MessageWishes(models.Model):
    """How one patient would like to be written to, beside what the consent allows. Where there is no row, the clinic's rules hold."""

    patient = models.OneToOneField("patients.Patient", on_delete=models.PROTECT, related_name="message_wishes")
    preferred = models.CharField(_("rather by"), max_length=5, choices=Channel.choices, blank=True)
    quiet_from = models.TimeField(_("quiet hours from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet hours until"), null=True, blank=True)
    said_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(preferred__in=("", *Channel.values)), name="a_preferred_channel_is_known"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} of patient {self.patient_id}"
