"""Editions and publications read from where they are kept, all of one clinic; and what a variant needs before it can be one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404

from clinic.staff.models import Clinic
from protocols.editions.content import EditionContent, shipped_content
from protocols.editions.queries import content_of, edition_in_force
from protocols.models import Edition, Publication, Variant
from protocols.publishing.counting import courses_by_edition
from protocols.shelf import REVIEW_BY
from protocols.states import VariantState
from protocols.variants.changes import changes_of, content_with


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition that a clinic works or has worked with. ``publication`` is None for one that came with the software.

    ``courses`` counts those that are not over and keep to it.
    """

    digest: str
    name: str
    since: datetime | None
    publication: Publication | None
    review_by: date | None
    is_overdue: bool
    is_in_force: bool
    courses: int


# Editions of a clinic ---------------------------------------------------------------------------------------------------------
def publications_of(clinic: Clinic) -> QuerySet[Publication]:
    """Every publication of this clinic, the newest first, with its edition, its variant and its signature."""
    return Publication.objects.filter(clinic=clinic).select_related("edition", "before", "variant", "signature", "by")


def editions_of(clinic: Clinic, on: date) -> tuple[EditionRow, ...]:
    """The editions that this clinic published, the newest first, then those that came with the software. Three queries at most."""
    published, courses, now = tuple(publications_of(clinic)), courses_by_edition(clinic), edition_in_force(clinic)
    newest = {each.variant.subject: each.pk for each in reversed(published)}  # of each subject the newest one is to be looked at again
    rows = [_published(each, courses, now, is_overdue=each.pk in newest.values() and each.review_by < on) for each in published]
    own = {row.digest for row in rows}
    came = dict.fromkeys((shipped_content().digest, *(each.before_id for each in published), *courses))
    others = [digest for digest in came if digest not in own]
    names = dict(Edition.objects.filter(pk__in=others).values_list("pk", "name"))
    return (*rows, *(_came(digest, names, courses, (now, on)) for digest in others))


def _published(publication: Publication, courses: dict[str, int], now: str, *, is_overdue: bool) -> EditionRow:
    digest = publication.edition_id
    return EditionRow(
        digest=digest,
        name=publication.edition.name,
        since=publication.at,
        publication=publication,
        review_by=publication.review_by,
        is_overdue=is_overdue,
        is_in_force=digest == now,
        courses=courses.get(digest, 0),
    )


def _came(digest: str, names: dict[str, str], courses: dict[str, int], now_on: tuple[str, date]) -> EditionRow:
    now, on = now_on
    is_shipped = digest == shipped_content().digest
    review_by = REVIEW_BY if is_shipped else None
    return EditionRow(
        digest=digest,
        name=shipped_content().name if is_shipped else names.get(digest, digest[:12]),
        since=None,
        publication=None,
        review_by=review_by,
        is_overdue=review_by is not None and review_by < on,
        is_in_force=digest == now,
        courses=courses.get(digest, 0),
    )


def edition_or_404(clinic: Clinic, digest: str, on: date) -> EditionRow:
    """The edition of this digest, if the clinic works or has worked with it. Raises ``Http404``."""
    found = next((row for row in editions_of(clinic, on) if row.digest == digest), None)
    if found is None:
        raise Http404
    return found


# A variant on its way ---------------------------------------------------------------------------------------------------------
def next_number(clinic: Clinic) -> int:
    """The number of the next publication of this clinic. Asked under the lock of the clinic's row where it is used."""
    newest = Publication.objects.filter(clinic=clinic).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def edition_name(number: int) -> str:
    """The name of a clinic's own edition: that of the release and the number of the publication."""
    return f"{shipped_content().name}.{number}"


def becoming(variant: Variant, number: int) -> EditionContent:
    """The edition that this variant becomes under this number: what its clinic works with now, and the variant's changes."""
    return content_with(content_of(edition_in_force(variant.clinic)), changes_of(variant), edition_name(number))


def writers_of(variant: Variant) -> frozenset[int]:
    """Everybody who wrote at this variant or sent it to the doctor, by number: none of them may sign it. Two queries."""
    wrote = variant.versions.values_list("by_id", flat=True)
    sent = variant.moves.filter(after=VariantState.AWAITING).values_list("by_id", flat=True)
    return frozenset((variant.begun_by_id, *wrote, *sent))
