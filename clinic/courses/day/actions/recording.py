"""What is typed into a closing sheet is kept until it is signed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.models import SessionStart
from clinic.courses.permissions import check_can_plan
from clinic.staff.permissions import ActionDenied, Actor


def keep_draft(*, start: SessionStart, draft: Mapping[str, Any], actor: Actor) -> None:
    """Keeps what is typed so far in the place of what was kept before. No record yet: nothing of it counts until it is signed.

    Raises ``ActionDenied`` for a start that is closed.
    """
    check_can_plan(actor)
    if not SessionStart.objects.filter(pk=start.pk, closed_at=None).update(draft=dict(draft)):
        raise ActionDenied(_("This session is over already: it was recorded, or its start was taken back."))
