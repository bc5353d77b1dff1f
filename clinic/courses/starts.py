"""What is asked about a session that is begun: whose it is, and what its player told so far."""

from datetime import date

from clinic.courses.given import Event
from clinic.courses.models import Course, Session, SessionStart
from clinic.courses.states import SessionState
from clinic.schedule.models import Booking
from clinic.staff.models import User


def seconds_of(start: SessionStart) -> tuple[int, ...]:
    """The planned seconds of each row of the plan that is given, in order."""
    return tuple(row["seconds"] for row in start.plan["rows"])


def events_of(start: SessionStart) -> tuple[Event, ...]:
    """What the player told of this start, along the clock."""
    return tuple(Event(each.key, each.device, each.seq, each.at_ms, each.kind, each.value) for each in start.events.all())


def booking_on(session: Session, on: date) -> Booking | None:
    """The booking in whose place the session is given on that day, if there is one."""
    states = (SessionState.BOOKED, SessionState.IN_PROGRESS)
    booking = session.booking if session.state in states else None
    return booking if booking is not None and booking.day == on else None


def therapists_of_session(course: Course, session: Session, on: date) -> tuple[User, ...]:
    """Whose session it is on that day: first who is booked, then who gives the course; nobody twice."""
    booking = booking_on(session, on)
    named = (booking.therapist if booking else None, course.therapist)
    return tuple(dict.fromkeys(user for user in named if user is not None))


def stood_in_for(course: Course, session: Session, *, on: date, user: User) -> User | None:
    """For whom this person would stand in; None where the session is theirs, or nobody's.

    Who is booked for it gives it: the desk has settled that. Without a booking it is the session of who gives the course.
    """
    whose = therapists_of_session(course, session, on)
    return whose[0] if whose and whose[0].pk != user.pk else None
