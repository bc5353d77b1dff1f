"""A request is carried out once, however often it is sent: by a double click, by a browser that tries again, by two tabs."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.schedule.models import Placement
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor

LONGEST_KEY = 40


class OtherRequest(ActionDenied):
    """This key was used before for something else."""


def once(*, clinic: Clinic, key: str, asked: Any, run: Callable[[], Any], actor: Actor) -> Any:
    """What ``run`` made, by the first request with this key at this clinic; ``run`` is not called for any other one.

    ``asked`` (JSON) is the whole request and what ``run`` gives back is kept as JSON. Of two at the same moment the second waits for
    the first, unless the first fails. Raises ``OtherRequest`` when the key was used for something else, ``ValueError`` for a key that
    is empty or too long. What ``run`` locks must not be waited for by somebody who locked it before a request of the same key.
    """
    request = the_request(clinic, key, asked, actor)
    with transaction.atomic():
        # Somebody who writes the same key at this moment is waited for here.
        Placement.objects.bulk_create([request], ignore_conflicts=True)
        kept = kept_result(request)
        if kept is None:
            kept = {"made": run()}
            Placement.objects.filter(clinic=clinic, key=key).update(result=kept)
        return kept["made"]


def the_request(clinic: Clinic, key: str, asked: Any, actor: Actor) -> Placement:
    """The row that says that this was asked, not yet written. Raises ``ValueError`` for a key that is empty or too long."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"a key has 1 to {LONGEST_KEY} characters, not {len(key)}")
    return Placement(clinic=clinic, key=key, digest=digest_of(asked), made_by=actor.user)


def kept_result(request: Placement) -> dict[str, Any] | None:
    """What the first request with this key made, under ``made``; ``None`` when there was none, or it is being carried out.

    Raises ``OtherRequest`` when that was another request.
    """
    found = Placement.objects.filter(clinic=request.clinic, key=request.key).values_list("digest", "result").first()
    if found is None:
        return None
    if found[0] != request.digest:
        raise OtherRequest(_("This form was sent before with other details. Open the page again."))
    return found[1] or None


def digest_of(asked: Any) -> str:
    """SHA-256 (hex) of a request in one fixed spelling."""
    spelled = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()
