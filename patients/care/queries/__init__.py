"""What the pages about care read. Every query starts at a clinic or at a patient."""

from patients.care.queries.members import (
    InCare,
    care_by_hand,
    colleagues_to_put_in,
    in_care_by_now,
    member_or_404,
    people_in_care,
    treats_here,
)
from patients.care.queries.opened import (
    looks_while_open,
    opened_of_patient,
    opened_page,
    opening_or_404,
    own_opening_or_404,
    waiting_count,
)

__all__ = [
    "InCare",
    "care_by_hand",
    "colleagues_to_put_in",
    "in_care_by_now",
    "looks_while_open",
    "member_or_404",
    "opened_of_patient",
    "opened_page",
    "opening_or_404",
    "own_opening_or_404",
    "people_in_care",
    "treats_here",
    "waiting_count",
]
