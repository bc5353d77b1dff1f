"""The outbox: what is to be sent, what was sent, what the patient knows by it, and what came back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinic.reminders.models.rules import MessageTemplate
from clinic.reminders.states import MUST_ARRIVE, OPEN, UNREACHED, AnswerKind, Channel, DropReason, Handled, Kind, MessageState, Text
from clinic.staff.models import Language

# Not delivered, or of those that must arrive one that could not be sent: until somebody says what came of it.
TO_DEAL_WITH = Q(handled="") & (
    Q(state=MessageState.FAILED) | Q(state=MessageState.DROPPED, kind__in=MUST_ARRIVE, drop_reason__in=UNREACHED)
)


class Message(models.Model):
    """One message to one person by one channel, written in the transaction of what it is about and sent later, once.

    ``about`` names what it is about ("booking:12", "patient:17", "record:5"); with kind, channel and version it exists once. ``due_at``
    is when it was meant to go, ``next_at`` when a worker is to look at it next: then, after a failure, or when the lease of the worker
    that took it (``claim``) is over. It is None exactly where nothing is left to do. After ``not_after`` it is of no use any more.
    ``fields`` (closed set, see ``clinic.reminders.fields``), ``subject`` and ``body`` are what was sent, without the secret of its links.
    """

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    about = models.CharField(max_length=48)
    version = models.PositiveIntegerField(default=0)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="messages", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages", null=True)
    booking = models.ForeignKey("schedule.Booking", on_delete=models.PROTECT, related_name="messages", null=True)
    state = models.CharField(max_length=7, choices=MessageState.choices, default=MessageState.WAITING)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    not_after = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often it was taken, also by workers that died
    failures = models.PositiveSmallIntegerField(default=0)  # how often it was handed over in vain
    last_error = models.CharField(max_length=200, blank=True)
    drop_reason = models.CharField(max_length=13, choices=DropReason.choices, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    text_code = models.CharField(max_length=14, choices=Text.choices, blank=True)
    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, related_name="+", null=True)  # None: as shipped
    language = models.CharField(max_length=2, choices=Language.choices, blank=True)
    sent_to = models.CharField(max_length=120, blank=True)  # "a…@example.org", "…45": enough to recognise it
    fields = models.JSONField(default=dict)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    handled = models.CharField(max_length=8, choices=Handled.choices, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["about", "kind", "channel", "version"], name="a_message_exists_once"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(kind="dates", state="waiting"), name="new_dates_wait_in_one_message_for_a_patient"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_message_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="a_message_goes_by_a_known_channel"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="a_message_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(patient__isnull=False, user=None) | Q(patient=None, user__isnull=False), name="a_message_goes_to_one_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, next_at__isnull=False) | (~Q(state__in=OPEN) & Q(next_at=None)),
                name="an_open_message_is_looked_at_again",
            ),
            models.CheckConstraint(
                condition=Q(state="sending") & ~Q(claim="") | ~Q(state="sending") & Q(claim=""), name="who_sends_a_message_has_claimed_it"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)), name="a_sent_message_says_when"
            ),
            models.CheckConstraint(
                condition=Q(state="dropped") & Q(drop_reason__in=DropReason.values) | ~Q(state="dropped") & Q(drop_reason=""),
                name="a_dropped_message_says_why",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(last_error=""), name="a_failed_message_says_why"),
            models.CheckConstraint(
                condition=Q(handled="", handled_at=None, handled_by=None) | (~Q(handled="") & Q(handled_at__isnull=False)),
                name="what_was_dealt_with_says_when",
            ),
        ]
        indexes: ClassVar = [
            # Every few seconds somebody asks what is due: the answer lies in this index alone, however many were sent before.
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="messages_that_are_due"),
            models.Index(fields=["clinic", "state", "-id"], name="messages_of_a_clinic"),
            models.Index(fields=["patient", "-id"], name="messages_to_a_patient"),
            models.Index(fields=["booking"], name="messages_about_a_booking"),
            models.Index(fields=["clinic", "due_at", "id"], name="messages_by_due_time"),
            # Counted on every page of the section: the few that somebody must deal with, among a million that went well.
            models.Index(fields=["clinic", "-id"], condition=TO_DEAL_WITH, name="messages_to_deal_with"),
            models.Index(fields=["clinic", "-handled_at"], condition=Q(handled_at__isnull=False), name="messages_dealt_with"),
            models.Index(fields=["kind", "patient"], condition=Q(next_at__isnull=False), name="messages_open_to_a_patient"),
            # Counted by the page of numbers: each end on each day is one piece of it. A message enters it once, when it is over.
            models.Index(
                fields=["clinic", "kind", "channel", "state", "drop_reason", "due_at"],
                condition=Q(next_at=None),
                name="messages_that_are_over",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.about} by {self.channel}"

    @property
    def key(self) -> str:
        """The same however often it is tried: by it a gateway knows a second try."""
        return f"{self.about}:{self.kind}:{self.channel}:{self.version}"


class Told(models.Model):
    """What the patient was last told of a booking. What differs from it now is new to the patient, and is what a message says."""

    booking = models.OneToOneField("schedule.Booking", on_delete=models.PROTECT, related_name="told")
    starts_at = models.DateTimeField()
    site = models.ForeignKey("schedule.Site", on_delete=models.PROTECT, related_name="+")
    is_off = models.BooleanField(default=False)  # told that it does not take place
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.pk} of booking {self.booking_id}"


class Answer(models.Model):
    """What somebody answered by the link of a message: once for each purpose. ``handled`` says what came of it where people must act.

    ``starts_at`` is the time that was asked about: a booking that has moved since was not confirmed. ``suits``: times that would suit,
    as [{"day", "clock"}].
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="answers")
    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey("schedule.Booking", on_delete=models.PROTECT, related_name="answers", null=True)
    starts_at = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=6)
    kind = models.CharField(max_length=11, choices=AnswerKind.choices)
    value = models.PositiveSmallIntegerField(null=True)
    suits = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)
    handled = models.CharField(max_length=8, choices=Handled.choices, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "purpose"], name="a_link_is_answered_once"),
            models.CheckConstraint(condition=Q(kind__in=AnswerKind.values), name="an_answer_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(kind="pain", value__isnull=False, value__lte=10) | (~Q(kind="pain") & Q(value=None)),
                name="pain_is_answered_from_0_to_10",
            ),
            models.CheckConstraint(
                condition=Q(handled="", handled_at=None, handled_by=None) | (~Q(handled="") & Q(handled_at__isnull=False)),
                name="an_answer_dealt_with_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["booking", "-id"], name="answers_about_a_booking"),
            models.Index(fields=["clinic"], condition=Q(kind="cannot-come", handled=""), name="those_who_cannot_come"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} to message {self.message_id}"


class Pace(models.Model):
    """How many messages a channel has taken in the present window: the gateway's limit holds for all workers together."""

    channel = models.CharField(max_length=5, choices=Channel.choices, unique=True)
    window_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"#{self.pk} {self.channel}"


class Pulse(models.Model):
    """A sign of life: the clock (beat), each worker, the last look at the outbox."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class MailboxLetter(models.Model):
    """What would have gone out, in the demo and where nothing else is set up. The same key again is the same letter."""

    key = models.CharField(max_length=80, unique=True)
    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    sent_to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    attachment_name = models.CharField(max_length=80, blank=True)
    attachment = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.channel}"
