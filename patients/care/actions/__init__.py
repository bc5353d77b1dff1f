"""What is done about who may open a record: opening it from outside and judging that, care by hand, the clinic's rule."""

from patients.care.actions.members import put_into_care, restore_to_care, take_off_care
from patients.care.actions.opening import close_record, judge_opening, open_record
from patients.care.actions.rule import set_record_access

__all__ = [
    "close_record",
    "judge_opening",
    "open_record",
    "put_into_care",
    "restore_to_care",
    "set_record_access",
    "take_off_care",
]
