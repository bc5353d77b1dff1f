"""What people do that writes: planning anew, changing a dose, proposing and booking dates, signing. Each act is sent once, to rows of its
own, by the form that the product's own page has for it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from html import unescape
from re import findall
from time import time as seconds_now
from typing import Any, Final
from uuid import uuid4

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db.models import Sum

from clinic.benchmark.browsing import page_of, session_key
from clinic.benchmark.days import SESSIONS
from clinic.benchmark.made import FIRST
from clinic.benchmark.page_forms import changed, fields_of
from clinic.benchmark.pages import MANY, Desk, Floor, Page, Request, SignedIn, in_care, open_ended, to_sign, undated
from clinic.courses.models import Course, Session, StudioDraft
from clinic.courses.states import CourseState
from clinic.schedule.models import Booking
from clinic.staff.sessions import SessionStore

ACTS: Final = 74  # of each kind
FLOOR_ACTS: Final = 900
ONE_LATER, TEN_LATER = timedelta(days=400), timedelta(days=800)  # where the floor books: the product's calendar has ended there
HALF_HOURS: Final = 20


def acts(people: Sequence[SignedIn], desk: Desk, today: date, room_of: dict[int, int], clinic: int) -> Iterator[Page]:
    """All acts in the order of the table: what books is what was proposed by the act before it."""
    cared = in_care(people)[MANY:]
    one = Floor("one booking", _floor_bookings(people, today + ONE_LATER, room_of, clinic, dates=1))
    ten = Floor("ten bookings", _floor_bookings(people, today + TEN_LATER, room_of, clinic, dates=10))
    replanned, changed_by_hand, more = cared[:ACTS], cared[ACTS : 2 * ACTS], undated()[-ACTS:]
    yield Page("plan anew", one, prepare=lambda: _replanned(replanned), done=_versions)
    yield Page("studio: a dose", one, prepare=lambda: _doses(changed_by_hand), done=StudioDraft.objects.count)
    yield Page("propose ten dates", ten, prepare=lambda: _proposals(desk.admin, more), done=_held)
    yield Page("book ten dates", ten, goal=4.0, prepare=lambda: _bookings(desk.admin, more), done=lambda: _dated(more))
    last = open_ended()[:ACTS]
    yield Page("propose one date", one, prepare=lambda: _proposals(desk.admin, last), done=_held)
    yield Page("book one date", one, goal=2.5, prepare=lambda: _bookings(desk.admin, last), done=lambda: _dated(last))
    yield Page("sign", one, prepare=lambda: _signatures(desk.doctor), done=_signed)


# Floor --------------------------------------------------------------------------------------------------------------------------
def _floor_bookings(people: Sequence[SignedIn], begin: date, room_of: dict[int, int], clinic: int, *, dates: int) -> list[Request]:
    """Bookings of one or more half hours on days that nobody has booked, each of another patient."""
    found = []
    for turn in range(FLOOR_ACTS):
        who, (block, half) = people[turn % len(people)], divmod(turn // len(people), HALF_HOURS)
        first = datetime.combine(begin + timedelta(days=block * dates), time(9)) + half * timedelta(minutes=30)
        starts = [(first + timedelta(days=number)).isoformat() for number in range(dates)]
        about = {"clinic": clinic, "patient": FIRST + 1 + turn, "room": room_of[who.person], "starts": starts}
        found.append(Request(who, "/book/", data=about))
    return found


# The product's own forms ----------------------------------------------------------------------------------------------------------
def _replanned(cared: Sequence[tuple[SignedIn, int]]) -> list[Request]:
    """Courses that run get one session more. All are copies of two prototypes, so one page has the form of all."""
    who, first = cared[0]
    fields = changed(fields_of(page_of(who, f"/courses/{first}/edit/")), count=str(SESSIONS + 1))
    return [Request(who, f"/courses/{pk}/edit/", changed(fields, version=version)) for (who, pk), version in _with_versions(cared)]


def _with_versions(cared: Sequence[tuple[SignedIn, int]]) -> Iterator[tuple[tuple[SignedIn, int], str]]:
    versions = dict(Course.objects.filter(pk__in=[pk for _who, pk in cared]).values_list("pk", "version"))
    return ((each, str(versions[each[1]])) for each in cared)


def _doses(cared: Sequence[tuple[SignedIn, int]]) -> list[Request]:
    """Another dose for the last session, as htmx sends it from the studio. Steps would not do: they differ by the patient's age."""
    who, first = cared[0]
    page = page_of(who, f"/courses/{first}/studio/?session={SESSIONS}")
    pressed = unescape(findall(r'name="press"\s+value="(do=curve[^"]*)"', page)[0])
    fields = changed(fields_of(page, action=f"/courses/{first}/studio/acts/"), press=pressed, curve_scope="this")
    return [Request(who, f"/courses/{pk}/studio/acts/", fields, is_part=True) for who, pk in cared]


def _proposals(who: SignedIn, courses: Sequence[int]) -> list[Request]:
    """The wish as the page has it, each with a token of its own."""
    fields = fields_of(page_of(who, f"/calendar/courses/{courses[0]}/dates/"))
    return [Request(who, f"/calendar/courses/{pk}/dates/", changed(fields, once=uuid4().hex)) for pk in courses]


def _bookings(who: SignedIn, courses: Sequence[int]) -> list[Request]:
    """What is held for these courses is booked; the form has nothing but its token."""
    holds = Booking.objects.filter(patient__in=courses, state="held").order_by("pk").values_list("patient", "key")
    keys = {patient: key for patient, key in holds if key}
    return [Request(who, f"/calendar/courses/{pk}/dates/{key}/", []) for pk, key in keys.items()]


def _signatures(doctor: SignedIn) -> list[Request]:
    """The doctor has entered the password again a moment ago; each page brings its own intent."""
    _entered_again(doctor)
    addresses = [f"/courses/{pk}/sign-off/" for pk in to_sign()[:ACTS]]
    return [Request(doctor, address, fields_of(page_of(doctor, address))) for address in addresses]


def _entered_again(who: SignedIn) -> None:
    session: Any = SessionStore(session_key(who))
    session[AUTHENTICATION_METHODS_SESSION_KEY + "_user"] = str(who.person)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": seconds_now(), "reauthenticated": True}]
    session.save()


# What was done --------------------------------------------------------------------------------------------------------------------
def _versions() -> int:
    return int(Course.objects.filter(state=CourseState.RUNNING).aggregate(all=Sum("version"))["all"] or 0)


def _held() -> int:
    return Booking.objects.filter(state="held").values("key").distinct().count()


def _dated(courses: Sequence[int]) -> int:
    """How many of them have all their dates."""
    return len(courses) - Session.objects.filter(course__in=courses, booking=None).values("course").distinct().count()


def _signed() -> int:
    return Course.objects.filter(state=CourseState.SIGNED).count()
