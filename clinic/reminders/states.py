"""The states of a message, the only ways from one to another, and the closed lists of what is sent, by which way, and why not."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a message is about. Those of ``FOR_STAFF`` go to people who work at the clinic, all others to patients."""

    DATES = "dates", _("Dates of a course")  # booked, moved and released dates, told as one message
    REMINDER_DAY = "reminder-day", _("Reminder the day before")
    REMINDER_HOURS = "reminder-hours", _("Reminder some hours before")
    MISSED = "missed", _("Missed session")
    NEXT_MORNING = "next-morning", _("Question the next morning")
    HALFWAY = "halfway", _("Half of the course")
    FINISHED = "finished", _("Course finished")
    HOME = "home", _("Sheet for home")
    TOMORROW = "tomorrow", _("Tomorrow's list")
    REFERRALS = "referrals", _("Referrals that end")
    UNSIGNED = "unsigned", _("Sessions not signed")
    SCREENING = "screening", _("Changed answers")
    REVIEWS = "reviews", _("Reviews to do")
    CANNOT_COME = "cannot-come", _("A patient cannot come")
    UNDELIVERED = "undelivered", _("Messages not delivered")


FOR_STAFF: Final = (
    Kind.TOMORROW, Kind.REFERRALS, Kind.UNSIGNED, Kind.SCREENING, Kind.REVIEWS, Kind.CANNOT_COME, Kind.UNDELIVERED,
)  # fmt: skip
# Somebody must know of these: where no message can bring them, people call.
MUST_ARRIVE: Final = (Kind.DATES,)


class Text(models.TextChoices):
    """The texts there are. The dates of a course have three, and which one is right is known when they are sent."""

    SCHEDULE = "schedule", _("Dates of a new course")
    CHANGE = "change", _("Some dates have changed")
    CANCELLED = "cancelled", _("Dates are cancelled")
    REMINDER_DAY = "reminder-day", _("Reminder the day before")
    REMINDER_HOURS = "reminder-hours", _("Reminder some hours before")
    MISSED = "missed", _("Missed session")
    NEXT_MORNING = "next-morning", _("Question the next morning")
    HALFWAY = "halfway", _("Half of the course")
    FINISHED = "finished", _("Course finished")
    HOME = "home", _("Sheet for home")
    TOMORROW = "tomorrow", _("Tomorrow's list")
    REFERRALS = "referrals", _("Referrals that end")
    UNSIGNED = "unsigned", _("Sessions not signed")
    SCREENING = "screening", _("Changed answers")
    REVIEWS = "reviews", _("Reviews to do")
    CANNOT_COME = "cannot-come", _("A patient cannot come")
    UNDELIVERED = "undelivered", _("Messages not delivered")


TEXTS_OF_DATES: Final = (Text.SCHEDULE, Text.CHANGE, Text.CANCELLED)


class Channel(models.TextChoices):
    """How a message leaves. The codes are those of the consent (``patients.models.MessageConsent.Channel``); nobody is called by us."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class MessageState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")  # claimed by a worker until its lease is over
    SENT = "sent", pgettext_lazy("message", "Sent")
    DROPPED = "dropped", pgettext_lazy("message", "Not needed")  # for a reason of ``DropReason``
    FAILED = "failed", pgettext_lazy("message", "Not delivered")  # a dead letter, until somebody deals with it


MESSAGE_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    MessageState.WAITING: frozenset({MessageState.SENDING, MessageState.DROPPED}),
    MessageState.SENDING: frozenset({MessageState.SENT, MessageState.WAITING, MessageState.DROPPED, MessageState.FAILED}),
    MessageState.SENT: frozenset(),
    MessageState.DROPPED: frozenset(),
    MessageState.FAILED: frozenset({MessageState.WAITING}),  # somebody has mended the cause and sends it again
}
OPEN: Final = (MessageState.WAITING, MessageState.SENDING)


class DropReason(models.TextChoices):
    """Why a message was not sent and need not be; or why it could not be (``UNREACHED``), so that people may call."""

    OVER = "over", _("Its time is over")
    NOTHING_NEW = "nothing-new", _("There is nothing new to say")
    RELEASED = "released", _("The date was given up")
    ANSWERED = "answered", _("It was answered already")
    TURNED_OFF = "turned-off", _("The clinic does not send this")
    NO_CONSENT = "no-consent", _("The patient has not agreed to messages")
    NO_ADDRESS = "no-address", _("There is no address or number")
    NO_CHANNEL = "no-channel", _("This way of sending is not set up")
    DIED = "died", _("The patient has died")
    LEFT = "left", _("The person does not work here any more")
    OTHER_CHANNEL = "other-channel", _("It goes another way")
    QUIET = "quiet", _("It could only have come in the quiet hours")


UNREACHED: Final = (DropReason.NO_CONSENT, DropReason.NO_ADDRESS, DropReason.NO_CHANNEL, DropReason.QUIET)


class Purpose(models.TextChoices):
    """What a link in a message is for. A link of one purpose opens nothing of another."""

    ANSWER = "answer", _("To answer")
    STOP = "stop", _("To end the messages")


class AnswerKind(models.TextChoices):
    CONFIRMED = "confirmed", _("Comes")
    CANNOT_COME = "cannot-come", _("Cannot come")
    PAIN = "pain", _("Pain the next morning")
    STOP = "stop", _("No more messages")


class Handled(models.TextChoices):
    """How somebody dealt with a message that did not arrive, or with a patient who cannot come."""

    CALLED = "called", _("Told by telephone")
    AGAIN = "again", _("Sent again")
    MOVED = "moved", _("Another date was found")
    RELEASED = "released", _("The date was given up")
    STAYS = "stays", _("The date stays")
    NOTHING = "nothing", _("Nothing needs to be done")
