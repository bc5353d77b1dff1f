"""What the worker does so that the page can say whether the chains hold."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from clinic.audit import proving_audit
from clinic.health.actions import note_verified
from clinic.health.queries import AUDIT, SIGNATURES
from clinic.signing import proving_signoff

logger = logging.getLogger(__name__)
Proof = Callable[[Mapping[str, Any], Callable[[str], object]], bool]


@shared_task
def verify_signatures() -> bool:
    """Whether all signatures hold, every hour. Changes nothing but what the page says."""
    return _verified(SIGNATURES, proving_signoff.run, {"head": []})


@shared_task
def verify_audit() -> bool:
    """Whether no line of the audit was changed, removed or put in, every night."""
    return _verified(AUDIT, proving_audit.run, {})


def _verified(name: str, proof: Proof, options: Mapping[str, Any]) -> bool:
    said: list[str] = []
    holds = proof(options, said.append)
    note_verified(name=name, holds=holds, said=said[-1] if said else "", now=timezone.now())
    if not holds:
        logger.error("%s do not hold: %s", name, " ".join(said))
    return holds
