"""When people work, when they are away, and when a patient would like to come."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.schedule.models.places import Site
from clinic.schedule.states import AbsenceReason


class WorkingHours(models.Model):
    """One line of a therapist's weekly pattern: on this weekday (Monday is 0), from when to when, at which site, while it is valid.

    Several lines on one weekday make several shifts; what lies between two of them is the break (lunch).
    """

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="working_hours")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="working_hours")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # its last day

    class Meta:
        ordering: ClassVar = ["therapist", "weekday", "starts", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="a_shift_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="a_pattern_is_valid_for_a_day_at_least"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "therapist", "weekday"], name="hours_of_a_therapist")]

    def __str__(self) -> str:
        return f"#{self.pk} hours of {self.therapist_id} on weekday {self.weekday}"


class DayHours(models.Model):
    """On this one day the therapist works like this and not by the weekly pattern. No ``starts``: not at all."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="day_hours")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="day_hours")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="day_hours", null=True, blank=True)
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["day", "therapist", "starts", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(site__isnull=False, starts__isnull=False, ends__gt=F("starts")),
                name="hours_of_a_day_are_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "day"], name="hours_of_a_day")]

    def __str__(self) -> str:
        return f"#{self.pk} hours of {self.therapist_id} on {self.day}"


class Absence(models.Model):
    """A therapist is away on these whole days, or between two times of one day. Taken back, it keeps who did that."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="absences")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=AbsenceReason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-first_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="an_absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(first_on=F("last_on"), ends__gt=F("starts")), name="part_of_a_day_is_of_one_day"
            ),
            models.CheckConstraint(condition=Q(reason__in=AbsenceReason.values), name="an_absence_has_a_known_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="an_absence_taken_back_says_by_whom",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "last_on"], name="absences_of_a_clinic")]

    def __str__(self) -> str:
        return f"#{self.pk} absence of {self.therapist_id} from {self.first_on}"


class Wishes(models.Model):
    """When and by whom a patient would like to be treated. Proposals keep days, hours and a wished sex; the therapist is preferred."""

    patient = models.OneToOneField("patients.Patient", on_delete=models.PROTECT, related_name="wishes")
    weekdays = models.JSONField(_("days"), default=list, blank=True)  # numbers, Monday is 0; empty: any
    earliest = models.TimeField(_("not before"), null=True, blank=True)
    latest = models.TimeField(_("over by"), null=True, blank=True)
    preferred = models.TimeField(_("best at"), null=True, blank=True)
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    therapist_sex = models.CharField(_("therapist"), max_length=6, blank=True)  # "" (either), female, male
    note = models.CharField(_("note"), max_length=200, blank=True)
    said_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(therapist_sex__in=("", "female", "male")), name="a_wished_sex_is_known"),
            models.CheckConstraint(
                condition=Q(earliest=None) | Q(latest=None) | Q(latest__gt=F("earliest")), name="wished_hours_end_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} wishes of patient {self.patient_id}"


class Closure(models.Model):
    """The clinic, or one site, is closed on these days. ``is_open`` turns it round: open although it is a public holiday."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="closures")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="closures", null=True, blank=True)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    name = models.CharField(_("name"), max_length=80)
    is_open = models.BooleanField(_("open on these days although they are public holidays"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["first_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_closure_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(name=""), name="a_closure_has_a_name"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_closure_taken_back_says_by_whom",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "last_on"], name="closures_of_a_clinic")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"
