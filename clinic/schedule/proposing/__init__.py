"""Proposing dates: pure, deterministic, without database or clock. ``values`` says what goes in and what comes out."""

from clinic.schedule.proposing.asking import alternatives, judged, propose, why_not
from clinic.schedule.proposing.block import Budget, propose_block

__all__ = ["Budget", "alternatives", "judged", "propose", "propose_block", "why_not"]
