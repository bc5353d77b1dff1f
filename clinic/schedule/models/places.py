"""Where sessions are given: sites, rooms, devices, and what one clinic has set about its calendar."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Site(models.Model):
    """One house of a clinic. A clinic has at least one as soon as it has a room."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "name"], name="a_site_name_is_used_once_per_clinic"),
            models.CheckConstraint(condition=~Q(name=""), name="a_site_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class Room(models.Model):
    """One place in which one patient is treated at a time."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="rooms")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering: ClassVar = ["site", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="a_room_name_is_used_once_per_site"),
            models.CheckConstraint(condition=~Q(name=""), name="a_room_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class Device(models.Model):
    """A device for massage by apparatus. It stands in one room (``room``) or can be carried through its site."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="devices")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="devices")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="devices", null=True, blank=True)
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering: ClassVar = ["site", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="a_device_name_is_used_once_per_site"),
            models.CheckConstraint(condition=~Q(name=""), name="a_device_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class ScheduleRules(models.Model):
    """What one clinic has set about its calendar. Where there is no row, these defaults hold."""

    clinic = models.OneToOneField("staff.Clinic", on_delete=models.PROTECT, related_name="schedule_rules")
    subdivision = models.CharField(_("state or region"), max_length=10, blank=True)  # as the holidays library codes it
    keeps_public_holidays = models.BooleanField(_("closed on public holidays"), default=True)
    grid_minutes = models.PositiveSmallIntegerField(_("sessions begin every … minutes"), default=15)
    preparation_minutes = models.PositiveSmallIntegerField(_("minutes to undress and ask, before the hands-on time"), default=10)
    turnover_minutes = models.PositiveSmallIntegerField(_("minutes after a session to air and lay the couch"), default=5)
    # 30 units of ten minutes in a shift of 6.5 hours: order No. 817 of 1987 (library: course-rules.toml, capacity).
    units_per_day = models.DecimalField(_("massage units a day"), max_digits=4, decimal_places=1, default=Decimal(30))
    hands_on_minutes_per_day = models.PositiveSmallIntegerField(_("hands-on minutes a day"), default=300)
    hold_minutes = models.PositiveSmallIntegerField(_("minutes for which proposed dates are held"), default=10)
    offer_minutes = models.PositiveSmallIntegerField(_("minutes for which an offer is held"), default=15)
    late_cancellation_hours = models.PositiveSmallIntegerField(_("hours before a session from which a cancellation is late"), default=24)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(grid_minutes__in=(5, 10, 15, 20, 30)), name="a_grid_divides_the_hour"),
            models.CheckConstraint(condition=Q(units_per_day__gt=0), name="a_day_has_room_for_some_units"),
            models.CheckConstraint(condition=Q(hold_minutes__gte=1, offer_minutes__gte=1), name="a_hold_lasts_a_minute_at_least"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} rules of clinic {self.clinic_id}"


class AreaNorm(models.Model):
    """What one clinic counts for a procedure area of the library instead of the library's own figure."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="area_norms")
    area = models.CharField(max_length=60)  # code of procedure-areas.toml
    units = models.DecimalField(_("massage units"), max_digits=3, decimal_places=1, null=True, blank=True)
    turnover_minutes = models.PositiveSmallIntegerField(_("minutes after the session"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["area"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "area"], name="an_area_has_one_norm_per_clinic"),
            models.CheckConstraint(condition=Q(units__gt=0) | Q(units=None), name="units_are_more_than_none"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.area} at clinic {self.clinic_id}"
