"""The rows on which conflicts are settled: who, when, what can be done, and what the patient must be told. Never a diagnosis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.calendar.queries.affected import Conflict, Trouble
from clinic.courses.calendar.queries.choosing import Names
from clinic.courses.calendar.queries.rehoming_cases import Rehoming
from clinic.courses.calendar.queries.sessions import counter_of
from clinic.courses.calendar.reason_words import ReasonWords
from clinic.courses.calendar.rehoming import Case, Choice, Step, Way, clashes
from clinic.schedule.cells import clock_of
from patients.models import Patient

FIELD_BEGINS = "case-"


@dataclass(frozen=True, slots=True)
class Line:
    """One session as it is booked."""

    day: date
    clock: time
    counter: str
    therapist: str
    room: str
    closure: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    code: str
    way: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One case on the page. ``fault`` says why what was chosen cannot be; ``told`` is what the patient hears, one line a session."""

    name: str
    patient: Patient
    lines: tuple[Line, ...]
    groups: tuple[tuple[str, tuple[Option, ...]], ...]
    chosen: Choice
    told: tuple[str, ...]
    fault: str = ""

    @property
    def way(self) -> str:
        return self.chosen.way.value


@dataclass(frozen=True, slots=True)
class Picked:
    """One choice for each case, and the cases (by place) whose sent choice cannot be taken, with the reason."""

    choices: tuple[Choice, ...]
    faults: Mapping[int, str]


def field_of(case: Case) -> str:
    """The name of the case's field on the form."""
    return f"{FIELD_BEGINS}{case.sessions[0].booking}"


def picked_from(rehoming: Rehoming, sent: Mapping[str, str]) -> Picked:
    """What was chosen on the form, as far as it can still be had; what is proposed where nothing was sent."""
    if not sent:
        return Picked(rehoming.proposal(), {})
    chosen: list[Choice] = []
    faults: dict[int, str] = {}
    for place, case in enumerate(rehoming.cases):
        found = case.choice(sent.get(field_of(case), ""))
        if found is None:
            faults[place] = _("What was chosen here cannot be had any more. Choose again.")
        chosen.append(found or case.choices[-1])
    for place in clashes(chosen, rehoming.left):
        faults.setdefault(place, _("This place, or the last of this day's load, goes to another patient of this list. Choose another."))
    return Picked(tuple(chosen), faults)


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts cases into words. ``names`` are of therapists and rooms."""

    rehoming: Rehoming
    names: Names

    def rows(self, picked: Picked) -> tuple[Row, ...]:
        """One row for each case, in the order of time."""
        both = zip(self.rehoming.cases, picked.choices, strict=True)
        return tuple(self._row(case, choice, picked.faults.get(place, "")) for place, (case, choice) in enumerate(both))

    def _row(self, case: Case, chosen: Choice, fault: str) -> Row:
        hit = [self._conflict(step) for step in case.choices[-1].steps]
        told = tuple(self.told(chosen, step) for step in chosen.steps if chosen.way == Way.CALL or not step.stays)
        return Row(field_of(case), hit[0].booking.patient, tuple(map(line_of, hit)), self._groups(case, chosen), chosen, told, fault)

    def _conflict(self, step: Step) -> Conflict:
        return self.rehoming.conflicts[step.session.booking]

    def _groups(self, case: Case, chosen: Choice) -> tuple[tuple[str, tuple[Option, ...]], ...]:
        titles = {Way.COLLEAGUE: _("Same time, with a colleague"), Way.MOVED: _("Another time"), Way.CALL: _("Not yet")}
        found = {way: tuple(self._option(each, chosen) for each in case.choices if each.way == way) for way in titles}
        return tuple((titles[way], options) for way, options in found.items() if options)

    def _option(self, choice: Choice, chosen: Choice) -> Option:
        return Option(choice.code, choice.way.value, self._words(choice), choice.code == chosen.code)

    def _words(self, choice: Choice) -> str:
        if choice.way == Way.CALL:
            return _("Call first; the booking stays")
        shown = self._short(choice, choice.moves[0], len(choice.moves) - 1)
        missed = ReasonWords(self.names.therapists).say_all(each for each in choice.reasons if each.code != "other-therapist")
        return f"{shown} ({' '.join(missed).rstrip('.')})" if missed else shown

    def _short(self, choice: Choice, step: Step, more: int) -> str:
        """The first date, and how many more of the course move with it; the preview has them all."""
        slot, who = step.slot, self._name(step.slot.therapist)
        if choice.way == Way.COLLEAGUE and len(choice.steps) == 1:
            moved = "" if slot.room == step.session.slot.room else f", {self.names.rooms.get(slot.room, '')}"
            return f"{clock_of(slot.cell):%H:%M}, {who}{moved}"
        shown = f"{day_words(slot.day)} {clock_of(slot.cell):%H:%M}, {who}"
        with_it = ngettext("%(count)s later session moves too", "%(count)s later sessions move too", more) % {"count": more}
        return f"{shown}, {with_it}" if more else shown

    def told(self, choice: Choice, step: Step) -> str:
        """What the patient must be told about one session."""
        conflict = self.rehoming.conflicts.get(step.session.booking)
        if choice.way == Way.CALL and conflict is not None:
            return call_words(conflict)
        old, new = step.session.slot, step.slot
        room = self.names.rooms.get(new.room, "")
        return change_words(
            Told(old.day, clock_of(old.cell), self._name(old.therapist), ""),
            Told(new.day, clock_of(new.cell), self._name(new.therapist), room),
        )

    def _name(self, therapist: int) -> str:
        """Who has left the clinic is only known by the booking."""
        left = (each.therapist.full_name for each in self.rehoming.bookings.values() if each.therapist_id == therapist)
        return self.names.therapists.get(therapist) or next(left, "")


@dataclass(frozen=True, slots=True)
class Told:
    """A place as a patient knows it."""

    day: date
    clock: time
    therapist: str
    room: str


def change_words(before: Told, after: Told) -> str:
    """What a patient is told of a session that was moved."""
    said = {
        "day": day_words(after.day), "time": f"{after.clock:%H:%M}", "name": after.therapist, "room": after.room,
        "old_day": day_words(before.day), "old_time": f"{before.clock:%H:%M}", "old_name": before.therapist,
    }  # fmt: skip
    if (before.day, before.clock, before.therapist) == (after.day, after.clock, after.therapist):
        return _("As agreed on %(day)s at %(time)s with %(name)s, only the room is another one: %(room)s.") % said
    if (before.day, before.clock) == (after.day, after.clock):
        return _("As agreed on %(day)s at %(time)s, with %(name)s instead of %(old_name)s; %(room)s.") % said
    return _("New date: %(day)s at %(time)s with %(name)s, %(room)s, instead of %(old_day)s at %(old_time)s.") % said


def call_words(conflict: Conflict) -> str:
    """What a patient is asked whose session has no new place yet. Why a therapist is away is nobody's business."""
    booking = conflict.booking
    said = {"day": day_words(booking.day), "time": f"{booking.clock:%H:%M}", "name": booking.therapist.full_name, "why": conflict.name}
    if conflict.trouble == Trouble.CLOSED:
        return _("Ask for another date: on %(day)s at %(time)s the clinic is closed (%(why)s).") % said
    if conflict.trouble == Trouble.GONE:
        return _("Ask for another date: on %(day)s at %(time)s %(name)s does not treat here any more.") % said
    return _("Ask for another date: %(name)s is away on %(day)s at %(time)s.") % said


def day_words(day: date) -> str:
    """A day of the week and the date, as short as can be."""
    return str(date_format(day, "D j E"))


def line_of(conflict: Conflict) -> Line:
    """A booking as it stands, and what closes its day."""
    booking = conflict.booking
    session = getattr(booking, "session", None)
    counter = booking.label if session is None else counter_of(session)
    return Line(booking.day, booking.clock, counter, booking.therapist.full_name, booking.room.name, conflict.name)


def counts_of(choices: Iterable[Choice]) -> list[tuple[str, int, str]]:
    """(way, how many patients, words) in the order in which they are read."""
    found = list(choices)
    words = {Way.COLLEAGUE: _("same time, with a colleague"), Way.MOVED: _("another time"), Way.CALL: _("wait for a call")}
    return [(way.value, sum(each.way == way for each in found), said) for way, said in words.items()]


def by_way(rows: Sequence[Row]) -> list[tuple[str, str, list[Row]]]:
    """(way, title, rows) of the ways that somebody goes."""
    titles = {Way.COLLEAGUE: _("Same time, with a colleague"), Way.MOVED: _("Another time"), Way.CALL: _("To be called")}
    found = [(way.value, title, [row for row in rows if row.chosen.way == way]) for way, title in titles.items()]
    return [each for each in found if each[2]]
