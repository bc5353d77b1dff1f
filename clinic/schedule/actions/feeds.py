"""Calendar addresses made, renewed and taken back. One transaction and one audit line each; the secret itself is kept nowhere."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.audit.actions import record, search_seen
from clinic.schedule.models import Booking, Feed
from clinic.schedule.permissions import check_can_book
from clinic.schedule.queries.feeds import feeds_of_patient, feeds_of_user
from clinic.staff.models import User
from clinic.staff.permissions import Actor
from clinic.web.links import new_token, token_digest
from patients.models import Patient
from patients.permissions import check_can_register
from patients.queries import check_takes_news

NOTED_EVERY: Final = timedelta(hours=1)


@transaction.atomic
def make_own_feed(*, shows_initials: bool, actor: Actor) -> tuple[Feed, str]:
    """A calendar address of the actor's own and its secret, which is kept nowhere. One that was open opens nothing any more.

    Raises ``ActionDenied`` for a role that has no calendar.
    """
    check_can_book(actor)
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    feed = Feed(clinic=actor.clinic, user=actor.user, shows_initials=shows_initials, created_by=actor.user)
    return _made(feed, feeds_of_user(actor.user, actor.clinic), actor)


@transaction.atomic
def make_patient_feed(*, patient: Patient, actor: Actor) -> tuple[Feed, str]:
    """The same for a patient, to be handed over. Raises ``ActionDenied`` for a role that may not, ``SecondRecord`` for a merged record."""
    check_can_register(actor)
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    made = _made(Feed(clinic=patient.clinic, patient=patient, created_by=actor.user), feeds_of_patient(patient), actor)
    check_takes_news(patient)
    return made


@transaction.atomic
def revoke_own_feed(*, actor: Actor) -> None:
    """The actor's address opens nothing any more. Without one nothing happens. Raises ``ActionDenied``."""
    check_can_book(actor)
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    _revoke(feeds_of_user(actor.user, actor.clinic), actor)


@transaction.atomic
def revoke_patient_feed(*, patient: Patient, actor: Actor) -> None:
    """The same for a patient's address. Raises ``ActionDenied``."""
    check_can_register(actor)
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    _revoke(feeds_of_patient(patient), actor)


def note_read(*, feed: Feed, shown: Iterable[Booking]) -> None:
    """Notes that the calendar was fetched with these bookings, at most once an hour.

    The first time on each of the clinic's days, a therapist's calendar with initials leaves a look that lists whose appointments it
    showed. One that says "Busy" shows nobody, and a patient's own calendar is read by the patient: neither is a look of the staff.
    """
    now = timezone.now()
    if feed.read_at is not None and feed.read_at > now - NOTED_EVERY:
        return
    due = Q(read_at=None) | Q(read_at__lte=now - NOTED_EVERY)
    if not Feed.objects.filter(due, pk=feed.pk).update(read_at=now):
        return  # another fetch of the same moment has noted it
    zone = feed.clinic.zone
    is_first = feed.read_at is None or feed.read_at.astimezone(zone).date() < now.astimezone(zone).date()
    if is_first and feed.user is not None and feed.shows_initials:
        roles = feed.clinic.staff_roles.filter(user=feed.user).values_list("role", flat=True)
        reader = Actor(feed.user, feed.clinic, frozenset(roles), page="feeds:calendar")
        search_seen(actor=reader, found={booking.patient_id: booking.patient for booking in shown}.values())


def _made(feed: Feed, open_ones: QuerySet[Feed], actor: Actor) -> tuple[Feed, str]:
    verb = "renewed-feed" if _end(open_ones, actor) else "made-feed"
    token = new_token()
    feed.token_digest = token_digest(token)
    feed.save()
    record(actor=actor, verb=verb, subject=feed, details=_whose(feed) | {"initials": feed.shows_initials})
    return feed, token


def _revoke(open_ones: QuerySet[Feed], actor: Actor) -> None:
    newest = open_ones.first()
    if newest and _end(open_ones, actor):
        record(actor=actor, verb="revoked-feed", subject=newest, details=_whose(newest))


def _end(open_ones: QuerySet[Feed], actor: Actor) -> int:
    return open_ones.select_related(None).update(revoked_at=timezone.now(), revoked_by=actor.user)


def _whose(feed: Feed) -> dict[str, int]:
    return {"patient": feed.patient_id} if feed.patient_id else {"person": feed.user_id or 0}
