"""Proposing dates: pure, deterministic, without database or clock. ``values`` says what goes in and what comes out."""

from clinic.schedule.proposing.asking import alternatives, judged, propose, why_not

__all__ = ["alternatives", "judged", "propose", "why_not"]
