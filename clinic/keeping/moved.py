"""What was asked about a record goes over when two records are merged."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.keeping.models import Erasure
from patients.merging import register_moved
from patients.models import Patient


def erasures_move() -> None:
    """Says it once, when the app is ready."""
    register_moved(Erasure, _("Erasing the record"), changed_since=_decided, going=_one_question)


def _one_question(rows: QuerySet[Any], target: Patient) -> QuerySet[Any]:
    """All of them. Where somebody decides about the kept record already, the other question stays behind: it asks for the same."""
    asked = {"state": Erasure.State.ASKED}
    return rows.exclude(**asked) if Erasure.objects.filter(patient=target, **asked).exists() else rows


def _decided(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(decided_at__gt=at)
