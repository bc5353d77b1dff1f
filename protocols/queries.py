"""What was said about the entries of the library. All of it belongs to one clinic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max, QuerySet

from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from protocols.models import EntryReview, Publication
from protocols.reviewing import ReviewEntry
from protocols.shelf import EDITION, REVIEW_BY
from protocols.states import ReviewState

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where the review of an entry stands. ``last`` is the newest row, which ``is_outdated`` when the entry says something else now."""

    state: ReviewState
    last: EntryReview | None
    is_outdated: bool


def newest_reviews(clinic: Clinic) -> Mapping[Key, EntryReview]:
    """The newest row of every entry of this clinic, by kind and code. One query."""
    return {(row.kind, row.code): row for row in _NEWEST.objects(clinic=clinic.pk)}


def _newest(_kind: str, *, clinic: int) -> QuerySet[EntryReview]:
    newest = EntryReview.objects.filter(clinic=clinic).values("kind", "code").annotate(newest=Max("pk")).values("newest")
    return EntryReview.objects.filter(pk__in=newest).select_related("by")


_NEWEST: Final = Prepared(_newest)


def newest_review(clinic: Clinic, key: Key) -> EntryReview | None:
    """The newest row of one entry at this clinic. One query."""
    return history(clinic, key).first()


def history(clinic: Clinic, key: Key) -> QuerySet[EntryReview]:
    """Every row of one entry at this clinic, newest first."""
    return EntryReview.objects.filter(clinic=clinic, kind=key[0], code=key[1]).select_related("by")


def judgement(entry: ReviewEntry, last: EntryReview | None) -> Judgement:
    """Where the review of an entry stands: a row about other content than the present one leaves the entry open."""
    if last is None:
        return Judgement(ReviewState.OPEN, None, is_outdated=False)
    if last.digest != entry.digest:
        return Judgement(ReviewState.OPEN, last, is_outdated=True)
    return Judgement(ReviewState(last.state), last, is_outdated=False)


def judgements(clinic: Clinic, entries: Iterable[ReviewEntry]) -> Mapping[Key, Judgement]:
    """Where the review of each of these entries stands at this clinic. One query."""
    rows = newest_reviews(clinic)
    return {entry.key: judgement(entry, rows.get(entry.key)) for entry in entries}


# What is overdue for review ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ReviewDue:
    """Something that the clinic wanted to look at again by a day that is over: the edition of the release, or a variant of its own."""

    name: str
    subject: str
    review_by: date


def overdue_for_review(clinic: Clinic, on: date) -> tuple[ReviewDue, ...]:
    """What of the edition in force is overdue on this day: of each subject that the clinic changed the newest publication counts.

    One query; none for a clinic that follows the release.
    """
    shipped = (ReviewDue(EDITION, "", REVIEW_BY),) if on > REVIEW_BY else ()
    return (*shipped, *(_own_overdue(clinic, on) if clinic.edition_digest else ()))


def _own_overdue(clinic: Clinic, on: date) -> Iterable[ReviewDue]:
    rows = Publication.objects.filter(clinic=clinic).order_by("pk").values_list("variant__subject", "variant__title", "review_by")
    newest = {subject: ReviewDue(title, subject, review_by) for subject, title, review_by in rows}
    return (due for due in newest.values() if due.review_by < on)
