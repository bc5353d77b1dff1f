"""What moves courses from one edition to another, and what a publication that forbids more does to them."""

from clinic.courses.editions.actions.moving import move_back, move_course, move_unaffected
from clinic.courses.editions.actions.tightening import suspend_what_is_forbidden

__all__ = ["move_back", "move_course", "move_unaffected", "suspend_what_is_forbidden"]
