"""A day's plan while it is being changed: who is free when, what has which place, and what would be in the way."""

from clinic.schedule.proposing.day_values import Day, DayPlace, DaySession, possible_cells, price
from clinic.schedule.proposing.masks import nearest, span, starts


class Board:
    """Places of a day that can be taken and given back. Sessions are named by their place in ``day.sessions``."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.sessions = day.sessions
        self.people = {person.therapist: person for person in day.therapists}
        self.free = {person.therapist: person.free for person in day.therapists}
        self.minutes = {person.therapist: person.minutes_left for person in day.therapists}
        self.units = {person.therapist: person.units_left for person in day.therapists}
        self.rooms = {room.room: room.free for room in day.rooms}
        self.rooms_at: dict[int, list[int]] = {}
        for room in day.rooms:
            self.rooms_at.setdefault(room.site, []).append(room.room)
        self.patients = {session.patient: -1 for session in day.sessions}  # every bit set: the patient is nowhere
        self.with_patient: dict[int, list[int]] = {}
        for at, session in enumerate(day.sessions):
            self.with_patient.setdefault(session.patient, []).append(at)
        self.alone = [self._alone(session) for session in day.sessions]
        self.places: dict[int, DayPlace] = {}
        self.with_therapist: dict[int, set[int]] = {person: set() for person in self.people}
        self.in_room: dict[int, set[int]] = {room: set() for room in self.rooms}
        self._room_starts: dict[tuple[int, int], int] = {}

    def _alone(self, session: DaySession) -> list[tuple[int, int]]:
        """(therapist, cells) that are possible while nothing else is placed."""
        able = ((each, possible_cells(self.day, session, self.people[each])) for each in session.therapists if each in self.people)
        return [(therapist, mask) for therapist, mask in able if mask]

    def best(self, at: int) -> tuple[int, int, int] | None:
        """(cost, therapist, cell) of the cheapest free place of a session."""
        session, found = self.sessions[at], None
        length = session.cells + session.turnover
        patient = starts(self.patients[session.patient], session.cells)
        for therapist, mask in self.alone[at]:
            free = mask & patient & starts(self.free[therapist], length)
            if not free or self.minutes[therapist] < session.minutes or self.units[therapist] < session.units:
                continue
            if self.rooms:
                free &= self.room_starts(self.people[therapist].site, length)
            if free:
                cell = nearest(free, session.wished)
                cost = price(session, therapist, cell)
                if found is None or cost < found[0]:
                    found = (cost, therapist, cell)
        return found

    def room_starts(self, site: int, length: int) -> int:
        """Where some room of a site is free for ``length`` cells."""
        known = self._room_starts.get((site, length))
        if known is None:
            known = 0
            for room in self.rooms_at.get(site, ()):
                known |= starts(self.rooms[room], length)
            self._room_starts[site, length] = known
        return known

    def room_for(self, at: int, therapist: int, cell: int) -> int | None:
        """The first free room for a place; None where the day has no rooms, or none is free."""
        session = self.sessions[at]
        cells = span(cell, cell + session.cells + session.turnover)
        return next((room for room in self.rooms_at.get(self.people[therapist].site, ()) if self.rooms[room] & cells == cells), None)

    def rooms_possible(self, at: int, therapist: int, cell: int) -> list[int]:
        """The rooms that would be free for a place if nothing else had to be placed."""
        cells = span(cell, cell + self.sessions[at].cells + self.sessions[at].turnover)
        site = self.people[therapist].site
        return [room.room for room in self.day.rooms if room.site == site and room.free & cells == cells]

    def place(self, at: int, therapist: int, cell: int, room: int | None) -> None:
        """Puts a session there."""
        self.places[at] = DayPlace(cell, therapist, room)
        self._mark(at, self.places[at], taken=True)

    def take_off(self, at: int) -> DayPlace | None:
        """Takes a session off the board; what it had, if it had a place."""
        place = self.places.pop(at, None)
        if place is not None:
            self._mark(at, place, taken=False)
        return place

    def _mark(self, at: int, place: DayPlace, *, taken: bool) -> None:
        session, sign = self.sessions[at], -1 if taken else 1
        used = span(place.cell, place.cell + session.cells + session.turnover)
        treated = span(place.cell, place.cell + session.cells)
        change = set.add if taken else set.discard
        self.free[place.therapist] ^= used
        self.patients[session.patient] ^= treated
        self.minutes[place.therapist] += sign * session.minutes
        self.units[place.therapist] += sign * session.units
        change(self.with_therapist[place.therapist], at)
        if place.room is not None:
            self.rooms[place.room] ^= used
            change(self.in_room[place.room], at)
            self._room_starts.clear()

    def in_the_way(self, at: int, therapist: int, cell: int, room: int | None) -> list[int]:
        """The sessions that would have to leave so that this one can be there."""
        session = self.sessions[at]
        first, end = cell, cell + session.cells + session.turnover
        near = self.with_therapist[therapist] | (self.in_room[room] if room is not None else set())
        found = [other for other in near if other != at and self._overlaps(other, first, end, with_turnover=True)]
        treated = first + session.cells
        for other in self.with_patient[session.patient]:
            if other != at and other not in found and other in self.places and self._overlaps(other, first, treated, with_turnover=False):
                found.append(other)
        return sorted(found)

    def _overlaps(self, other: int, first: int, end: int, *, with_turnover: bool) -> bool:
        session, place = self.sessions[other], self.places[other]
        until = place.cell + session.cells + (session.turnover if with_turnover else 0)
        return place.cell < end and first < until

    def cost(self, at: int) -> int | None:
        """What a session's place costs; None without one."""
        place = self.places.get(at)
        return None if place is None else price(self.sessions[at], place.therapist, place.cell)

    def by_key(self) -> dict[int, DayPlace]:
        """The places by key of session, in the order of the sessions."""
        return {session.key: self.places[at] for at, session in enumerate(self.sessions) if at in self.places}
