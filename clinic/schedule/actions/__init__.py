"""What changes the schedule: one transaction, one audit line each, actor last."""

from clinic.schedule.actions.wanting import Move, Place

__all__ = ["Move", "Place"]
