"""The states of an intake form and of a referral, and the only ways from one to another."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IntakeState(models.TextChoices):
    DRAFT = "draft", _("Being filled in")
    SUBMITTED = "submitted", _("Filled in by the patient, to be read")
    COMPLETED = "completed", _("Completed")
    DISCARDED = "discarded", _("Discarded")


TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    IntakeState.DRAFT: frozenset({IntakeState.SUBMITTED, IntakeState.COMPLETED, IntakeState.DISCARDED}),
    IntakeState.SUBMITTED: frozenset({IntakeState.COMPLETED, IntakeState.DISCARDED}),
    IntakeState.COMPLETED: frozenset(),
    IntakeState.DISCARDED: frozenset(),
}


class ReferralState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("referral", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("referral", "With the doctor")
    RETURNED = "returned", pgettext_lazy("referral", "Returned with a question")
    SIGNED = "signed", pgettext_lazy("referral", "Signed")
    REFUSED = "refused", pgettext_lazy("referral", "Refused")
    SUPERSEDED = "superseded", pgettext_lazy("referral", "Replaced by a newer one")
    REVOKED = "revoked", pgettext_lazy("referral", "Revoked")
    EXPIRED = "expired", pgettext_lazy("referral", "Expired")
    EXHAUSTED = "exhausted", pgettext_lazy("referral", "All sessions given")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Withdrawn")


REFERRAL_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    # A paper that came signed is signed as soon as it is recorded.
    ReferralState.DRAFT: frozenset({ReferralState.SUBMITTED, ReferralState.SIGNED, ReferralState.WITHDRAWN}),
    ReferralState.SUBMITTED: frozenset({ReferralState.SIGNED, ReferralState.RETURNED, ReferralState.REFUSED, ReferralState.WITHDRAWN}),
    ReferralState.RETURNED: frozenset({ReferralState.SUBMITTED, ReferralState.WITHDRAWN}),
    ReferralState.SIGNED: frozenset({ReferralState.SUPERSEDED, ReferralState.REVOKED, ReferralState.EXPIRED, ReferralState.EXHAUSTED}),
    # More sessions than were given can still be taken back from a record that was wrong, so the count may open it again.
    ReferralState.EXHAUSTED: frozenset({ReferralState.SIGNED, ReferralState.SUPERSEDED, ReferralState.REVOKED}),
    ReferralState.EXPIRED: frozenset({ReferralState.SUPERSEDED}),
    ReferralState.REFUSED: frozenset(),
    ReferralState.SUPERSEDED: frozenset(),
    ReferralState.REVOKED: frozenset(),
    ReferralState.WITHDRAWN: frozenset(),
}
