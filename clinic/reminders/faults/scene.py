"""Who is in the scene of the proof, and when each of them is to hear: plain numbers, so that a reader needs no database to know."""

from datetime import UTC, datetime

PHONE, ADDRESS = "+4915", "@faults.example"


def phone_of(number: int) -> str:
    """The telephone of one patient, which is nobody else's."""
    return f"{PHONE}{number:09}"


def email_of(number: int) -> str:
    """The address of one patient, which is nobody else's."""
    return f"p{number}{ADDRESS}"


def number_of(to: str) -> int:
    """The patient behind a telephone or an address of this scene."""
    return int(to.removeprefix(PHONE)) if to.startswith(PHONE) else int(to.removesuffix(ADDRESS).removeprefix("p"))


def due_of(number: int, reminders: int, begins: float, seconds: float) -> float:
    """When the reminder of this patient is due: spread evenly over so many seconds, but not one patient after the other."""
    return begins + seconds * ((number * 7919) % reminders) / reminders


def zone_where_it_is_noon(now: datetime) -> str:
    """A zone where the clock shows between 12 and 13."""
    ahead = (12 - now.astimezone(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
