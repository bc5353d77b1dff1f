"""What is only done more gently, because it hurt. Less pressure often means another technique of the family: each has its own range.

Neither a doctor nor the patient is asked again for that: the family, the place and more pressure than this are signed and agreed to.
A technique that a referral or a finding bars is never chosen, whoever asks for less pressure. Percussion is never gentler.
"""

from collections.abc import Iterable
from typing import Final

from protocols.method.plans import Row, SessionPlan

# Reasons of records that took pressure off a row.
TAKE_PRESSURE_OFF: Final = frozenset({"marked-zone", "low-comfort", "next-day-pain", "decided-less"})


def is_gentler(row: Row) -> bool:
    """Whether earlier sessions took pressure off this row."""
    return row.family != "percussion" and any(reason.code in TAKE_PRESSURE_OFF for reason in row.because)


def gentler_techniques(plans: Iterable[SessionPlan], families: frozenset[str]) -> frozenset[str]:
    """The techniques that stand in these sessions only in rows that are gentler, of these families."""
    rows = [row for plan in plans for row in plan.rows]
    return frozenset(row.technique for row in rows) - {row.technique for row in rows if not is_gentler(row) or row.family not in families}
