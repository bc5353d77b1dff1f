"""What the patient agreed to: the sheet made from the plan, as it was read, and what was taken back of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from clinic.courses.models.courses import Course


class Consent(models.Model):
    """One sheet. ``scope`` is what it covers, ``sections`` the exact words read. Written once; a plan that grows asks for a new one."""

    class Way(models.TextChoices):
        SCREEN = "screen", _("signed on the screen")
        PAPER = "paper", _("signed on paper")

    class As(models.TextChoices):
        PATIENT = "patient", _("the patient")
        GUARDIAN = "guardian", _("a parent or guardian")
        REPRESENTATIVE = "representative", _("a legal representative")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="consents")
    course_version = models.PositiveIntegerField()
    course_digest = models.CharField(max_length=64)
    scope = models.JSONField()  # {"places": [[zone, side]…], "families": […], "techniques": […], "supplements": […]}
    sections = models.JSONField()  # [{"heading": …, "lines": […]}…]
    language = models.CharField(max_length=2)
    way = models.CharField(max_length=6, choices=Way.choices)
    given_by_name = models.CharField(max_length=160)
    given_as = models.CharField(max_length=14, choices=As.choices)
    drawing = models.TextField(blank=True)  # the signature drawn on the screen: the d of an SVG path, digits and M L only
    given_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_consent_is_never_changed", goes=True),
            models.CheckConstraint(condition=~Q(given_by_name=""), name="a_consent_names_who_gave_it"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} consent to course {self.course_id}"


class ConsentWithdrawal(models.Model):
    """The patient took back a consent: for these zones, or, with none named, for all of it."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="withdrawals")
    zones = models.JSONField(default=list)  # [zone, side]; empty = everything
    note = models.TextField(blank=True)
    withdrawn_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [AppendOnly(name="a_withdrawal_is_never_changed", goes=True)]

    def __str__(self) -> str:
        return f"#{self.pk} withdrawal of consent {self.consent_id}"
