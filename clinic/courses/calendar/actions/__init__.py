"""What changes dates of courses: one transaction, actor last. Each module has its own part; the schedule keeps the audit."""

from clinic.courses.calendar.actions.attendance import answer_booking, go_on_with, undo_answer
from clinic.courses.calendar.actions.dates import (
    Held,
    change_held_date,
    confirm_dates,
    drop_held_date,
    hold_dates,
    hold_longer,
    let_dates_go,
    release_sessions,
)
from clinic.courses.calendar.actions.moving import Wish, move_session

__all__ = [
    "Held",
    "Wish",
    "answer_booking",
    "change_held_date",
    "confirm_dates",
    "drop_held_date",
    "go_on_with",
    "hold_dates",
    "hold_longer",
    "let_dates_go",
    "move_session",
    "release_sessions",
    "undo_answer",
]
