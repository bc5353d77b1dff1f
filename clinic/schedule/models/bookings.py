"""Bookings: who treats whom, where and when. The database refuses two at one time for a therapist, a room, a device and a patient."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from clinic.schedule.models.places import Device, Room
from clinic.schedule.no_overlap import NoOverlap
from clinic.schedule.states import TAKEN, BookingReason, BookingState


class Booking(models.Model):
    """One place in the calendar. It knows no course; a course's session points to its booking.

    ``day`` and ``clock`` are what was agreed, by the clock on the clinic's wall; ``starts_at`` and ``ends_at`` are the moments that
    follow from it. The patient is busy until ``ends_at``, therapist, room and device until ``free_at`` (the turnover after it).
    A hold (``state`` held) blocks its place until ``held_until``; ``key`` names the proposal or the offer that it belongs to.
    """

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="bookings")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="bookings")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="bookings", null=True, blank=True)
    day = models.DateField()
    clock = models.TimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    free_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=BookingState.choices, default=BookingState.BOOKED)
    is_taken = models.BooleanField(default=True)
    held_until = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=60, blank=True)  # what it is, where no session points to it
    hands_on_minutes = models.PositiveSmallIntegerField(default=0)
    units = models.DecimalField(max_digits=3, decimal_places=1, default=Decimal(0))
    is_heavy = models.BooleanField(default=False)
    needs = models.JSONField(default=list, blank=True)  # codes of Qualification
    sequence = models.PositiveIntegerField(default=0)  # grows with each change, as calendars want it
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=14, choices=BookingReason.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            NoOverlap(
                resource="therapist", start="starts_at", end="free_at", active="is_taken", name="a_therapist_treats_one_at_a_time",
                violation_error_message=_("This therapist already has a session at that time."),
            ),
            NoOverlap(
                resource="room", start="starts_at", end="free_at", active="is_taken", name="a_room_holds_one_at_a_time",
                violation_error_message=_("This room is already in use at that time."),
            ),
            NoOverlap(
                resource="device", start="starts_at", end="free_at", active="is_taken", name="a_device_serves_one_at_a_time",
                violation_error_message=_("This device is already in use at that time."),
            ),
            NoOverlap(
                resource="patient", start="starts_at", end="ends_at", active="is_taken", name="a_patient_is_in_one_place_at_a_time",
                violation_error_message=_("This patient already has a session at that time."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), free_at__gte=F("ends_at")), name="a_booking_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TAKEN, is_taken=True, released_at=None, release_reason="")
                | Q(state=BookingState.RELEASED, is_taken=False, released_at__isnull=False, release_reason__in=BookingReason.values),
                name="what_is_released_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state=BookingState.HELD, held_until__isnull=False) | (~Q(state=BookingState.HELD) & Q(held_until=None)),
                name="a_hold_ends",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["clinic", "day"], name="bookings_of_a_day"),
            models.Index(fields=["therapist", "starts_at"], name="bookings_of_a_therapist"),
            models.Index(fields=["room", "starts_at"], name="bookings_of_a_room"),
            models.Index(fields=["device", "starts_at"], name="bookings_of_a_device"),
            models.Index(fields=["patient", "starts_at"], name="bookings_of_a_patient"),
            models.Index(fields=["clinic", "key"], name="bookings_by_their_key"),
            models.Index(fields=["held_until"], condition=Q(state="held"), name="holds_by_their_end"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.day} {self.clock:%H:%M} patient {self.patient_id}"

    @property
    def minutes(self) -> int:
        """From beginning to end, without the turnover."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def is_over_at(self, moment: datetime) -> bool:
        return self.ends_at <= moment


class BookingChange(models.Model):
    """What happened to a booking: made, moved, confirmed or released; where it was before and after; by whom and why."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=9)  # held | booked | moved | released
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=14, choices=BookingReason.choices, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_change_of_a_booking_is_never_changed", goes=True),
            models.CheckConstraint(
                condition=Q(kind__in=("held", "booked", "moved", "released")), name="a_change_of_a_booking_is_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} booking {self.booking_id} {self.kind}"


class Placement(models.Model):
    """One request that booked, moved or released something. The same key again gets the same answer and does nothing."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of what was asked: the same key with another request is refused
    result = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "key"], name="a_request_is_carried_out_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.key}"


class Feed(models.Model):
    """A calendar address for a therapist or a patient, kept as a digest, revocable. ``shows_initials``: otherwise only "busy"."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="feeds")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feeds", null=True, blank=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="feeds", null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    shows_initials = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, patient=None) | Q(user=None, patient__isnull=False), name="a_feed_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_feed_taken_back_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} feed of clinic {self.clinic_id}"
