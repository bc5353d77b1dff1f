"""Putting the first steps of a clinic away, and bringing them back."""

from django.db import transaction

from clinic.home.models import GuideAway
from clinic.home.permissions import check_can_guide
from clinic.staff.permissions import Actor
from clinic.staff.recording import record


@transaction.atomic
def put_guide_away(*, actor: Actor) -> None:
    """The first steps no longer stand on the first page of the clinic's administrators. Twice is once.

    Raises ``ActionDenied`` for everybody but an administrator.
    """
    check_can_guide(actor)
    _away, is_new = GuideAway.objects.get_or_create(clinic=actor.clinic, defaults={"by": actor.user})
    if is_new:
        record(actor=actor, verb="guide-put-away", subject=actor.clinic, details={})


@transaction.atomic
def bring_guide_back(*, actor: Actor) -> None:
    """They stand there again. Raises ``ActionDenied`` for everybody but an administrator."""
    check_can_guide(actor)
    count, _kinds = GuideAway.objects.filter(clinic=actor.clinic).delete()
    if count:
        record(actor=actor, verb="guide-brought-back", subject=actor.clinic, details={})
