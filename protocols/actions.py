"""What changes the review of the library: one transaction, one audit line, actor last."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.models import EntryReview
from protocols.permissions import check_can_review
from protocols.queries import newest_review
from protocols.reviewing import ReviewEntry
from protocols.states import ReviewState


class StaleReview(ActionDenied):
    """The entry, or what was said about it, is no longer what the person read."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the person had in front of them: the number of the newest review (0 for none) and the digest of the entry."""

    review: int
    digest: str


@transaction.atomic
def review_entry(*, entry: ReviewEntry, state: ReviewState, note: str, seen: Seen, actor: Actor) -> EntryReview:
    """Writes down where the review of an entry stands at the actor's clinic.

    Raises ``ActionDenied`` for a role that may not and for a wish for change that says nothing, ``StaleReview`` when the entry or
    its review is no longer what the person saw.
    """
    check_can_review(actor)
    Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)  # of two at the same moment the second sees what the first wrote
    last = newest_review(actor.clinic, entry.key)
    if seen != Seen(last.pk if last else 0, entry.digest):
        raise StaleReview(_("This entry, or its review, has changed since you opened the page. Read it again, then decide."))
    if state is ReviewState.TO_CHANGE and not note:
        raise ActionDenied(_("Write what must be changed."))
    review = EntryReview.objects.create(
        clinic=actor.clinic,
        kind=entry.kind,
        code=entry.code,
        state=state,
        note=note,
        edition=entry.edition,
        digest=entry.digest,
        by=actor.user,
    )
    details = {"entry": f"{entry.kind} {entry.code}", "state": str(state), "edition": entry.edition}
    record(actor=actor, verb="reviewed", subject=review, details=details)
    return review
