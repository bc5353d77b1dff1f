"""Time: hours, absences, rooms, bookings that cannot collide, and the search for the best dates."""
