"""What changes the schedule: one transaction, one audit line for each patient, actor last."""

from clinic.schedule.actions.booking import book_places
from clinic.schedule.actions.expiring import release_expired_holds
from clinic.schedule.actions.holding import HoldOver, confirm_holds, hold_places
from clinic.schedule.actions.locking import lock_for, lock_resources
from clinic.schedule.actions.moving import move_bookings
from clinic.schedule.actions.once import OtherRequest, once
from clinic.schedule.actions.releasing import StaleBooking, release_bookings
from clinic.schedule.actions.taken import SlotTaken
from clinic.schedule.actions.times import NoSuchTime, TimeComesTwice
from clinic.schedule.actions.wanting import Move, Place

__all__ = [
    "HoldOver",
    "Move",
    "NoSuchTime",
    "OtherRequest",
    "Place",
    "SlotTaken",
    "StaleBooking",
    "TimeComesTwice",
    "book_places",
    "confirm_holds",
    "hold_places",
    "lock_for",
    "lock_resources",
    "move_bookings",
    "once",
    "release_bookings",
    "release_expired_holds",
]
