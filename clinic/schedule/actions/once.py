"""A request is carried out once, however often it is sent: by a double click, by a browser that tries again, by two tabs."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
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
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"a key has 1 to {LONGEST_KEY} characters, not {len(key)}")
    digest = digest_of(asked)
    with transaction.atomic():
        kept = kept_result(clinic, key, digest)
        if kept is not None:
            return kept
        placement = _claimed(Placement(clinic=clinic, key=key, digest=digest, made_by=actor.user))
        if placement is None:
            return kept_result(clinic, key, digest)
        result = run()
        Placement.objects.filter(pk=placement.pk).update(result={"made": result})
        return result


def kept_result(clinic: Clinic, key: str, digest: str) -> Any:
    """What the first request with this key made; ``None`` when there was none. Raises ``OtherRequest``."""
    found = Placement.objects.filter(clinic=clinic, key=key).values_list("digest", "result").first()
    if found is None:
        return None
    if found[0] != digest:
        raise OtherRequest(_("This form was sent before with other details. Open the page again."))
    return found[1].get("made")


def digest_of(asked: Any) -> str:
    """SHA-256 (hex) of a request in one fixed spelling."""
    spelled = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def _claimed(placement: Placement) -> Placement | None:
    """The row, written; ``None`` when somebody else has written it at this very moment."""
    try:
        with transaction.atomic():
            placement.save(force_insert=True)
    except IntegrityError:
        if not Placement.objects.filter(clinic=placement.clinic, key=placement.key).exists():
            raise
        return None
    return placement
