"""Proposing dates: pure, deterministic, without database or clock. ``values`` says what goes in and what comes out."""

from clinic.schedule.proposing.asking import alternatives, judged, propose, why_not
from clinic.schedule.proposing.block import Budget, propose_block
from clinic.schedule.proposing.day import replan_day

__all__ = ["Budget", "alternatives", "judged", "propose", "propose_block", "replan_day", "why_not"]
