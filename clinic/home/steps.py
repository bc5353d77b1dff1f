"""The first steps of a new clinic: what there is already, told from the data themselves, and where each step is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.home.queries import Standing

# A step: its name in ``Standing``, title, why it matters, words of its button, the page where it is taken, and a note
_STEPS: Final = (
    (
        "staff",
        _("Invite your staff"),
        _("At least one therapist. Each sets a password by a link; a second person who administers saves the day when you are away."),
        _("Invite a person"),
        "staff-new",
    ),
    (
        "doctor",
        _("Invite a doctor"),
        _("A doctor signs plans and referrals. Without one, signed papers can be uploaded instead."),
        _("Invite a person"),
        "staff-new",
    ),
    (
        "rooms",
        _("Houses and rooms"),
        _("A session needs a room. Say what stands in it where a device is shared."),
        _("Add rooms"),
        "schedule:places",
    ),
    (
        "hours",
        _("Hours of the therapists"),
        _("A week for each therapist. Nobody without hours is offered a date."),
        _("Write the hours"),
        "schedule:hours",
    ),
    (
        "closures",
        _("Country, holidays and rules of the calendar"),
        _("Public holidays are kept by themselves once the country is known; gaps, turnover and limits of load have sensible beginnings."),
        _("Look at the rules"),
        "schedule:rules",
    ),
    (
        "messages",
        _("Rules of messages"),
        _("What patients are told, by which channel, and when it is quiet. The first message goes out once a date is booked."),
        _("Look at the rules"),
        "reminders:rules",
    ),
    (
        "edition",
        _("The edition of the library"),
        _("Your clinic works with the shipped edition. A clinician reads it and says what is accepted here, before anybody relies on it."),
        _("Open the review list"),
        "library:review",
    ),
    (
        "patient",
        _("The first patient"),
        _("Register one by hand, or take a list over from a file of another program."),
        _("Register a patient"),
        "patients:new",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the page shows it."""

    code: str
    title: str | Promise
    why: str | Promise
    button: str | Promise
    url: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """All the steps in their order, and whether an administrator put them away."""

    steps: Sequence[Step]
    is_away: bool

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is open; None when all are done."""
        return next((step for step in self.steps if not step.is_done), None)


def guide_of(standing: Standing) -> Guide:
    """The steps of a clinic as it stands."""
    steps = [Step(code, title, why, button, reverse(page), getattr(standing, code)) for code, title, why, button, page in _STEPS]
    return Guide(steps, standing.is_away)
