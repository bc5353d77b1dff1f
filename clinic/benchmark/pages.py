"""What is asked of the product and of the floor: for each page the requests of many people, written out as they go over the line."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import F

from clinic.benchmark.days import SESSIONS
from clinic.benchmark.made import FIRST
from clinic.courses.models import Course
from clinic.courses.states import CourseState
from patients.models import Patient

TOKEN: Final = "benchmarkbenchmarkbenchmark12345"  # noqa: S105  # as the cookie has it, so has the form: any 32 letters will do
MANY: Final = 400  # different requests of a page, where there are as many
SEARCHES: Final = {
    "latin": ("berg", "hart", "wolf", "mann", "zimmer", "rosen", "stein", "vogel"),
    "cyrillic": ("петр", "иван", "соколов", "лебед", "мороз", "федор", "никит", "тарас"),
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with the cookies of product and floor."""

    person: int
    product: str
    floor: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request: who sends it and where to; with ``fields`` it is a form, with ``data`` JSON. ``is_part`` asks for a part of a page."""

    who: SignedIn
    path: str
    fields: Sequence[tuple[str, str]] | None = None
    data: Mapping[str, Any] | None = None
    is_part: bool = False

    @property
    def is_act(self) -> bool:
        return self.fields is not None or self.data is not None


@dataclass(frozen=True, slots=True)
class Floor:
    """A page of the floor that pages of the product are compared with."""

    name: str
    requests: Sequence[Request]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is measured, beside one of the floor; ``goal`` is the ratio that is wished.

    An act has ``prepare`` instead, which makes its forms when its turn comes: each is sent once. ``done`` says how many such acts the
    database holds, so that an answer which looks right and wrote nothing counts as an error.
    """

    name: str
    floor: Floor
    product: Sequence[Request] = ()
    goal: float | None = None
    prepare: Callable[[], Sequence[Request]] | None = None
    done: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """One administrator and one doctor."""

    admin: SignedIn
    doctor: SignedIn


def pages(people: Sequence[SignedIn], desk: Desk, today: date) -> Iterator[Page]:
    """All pages of the benchmark that are read, in the order of its table."""
    monday = today - timedelta(days=today.weekday())
    cared = in_care(people)[:MANY]
    lists, free = _each(people, "list", "/list/"), _each(people, "free", f"/free/{today}/")
    one = Floor("patient", [Request(who, f"/patient/{pk}/") for who, pk in cared])
    yield Page("patient list", lists, [Request(each, "/patients/") for each in people], 2.0)
    yield from _searches(people)
    yield Page("patient", one, [Request(who, f"/patients/{pk}/") for who, pk in cared], 2.5)
    yield Page("today", _each(people, "day", f"/calendar/{today}/1/"), [Request(each, "/today/") for each in people], 1.5)
    weeks = [Request(each, f"/calendar/week/?therapist={each.person}") for each in people]
    yield Page("week", _each(people, "week", f"/quick/{monday}/7/"), weeks, 2.0)
    yield Page("course", one, [Request(who, f"/courses/{pk}/") for who, pk in cared])
    yield Page("course studio", one, [Request(who, f"/courses/{pk}/studio/") for who, pk in cared])
    yield Page("dates, the form", one, [Request(desk.admin, f"/calendar/courses/{pk}/dates/") for pk in undated()])
    yield Page("free places", free, [Request(desk.admin, f"/calendar/bookings/{pk}/move/") for pk in _to_come()], 2.0)
    yield Page("plan to sign", one, [Request(desk.doctor, f"/courses/{pk}/sign-off/") for pk in to_sign()])
    yield Page("outbox", lists, [Request(desk.admin, "/messages/")])


def _each(people: Sequence[SignedIn], name: str, address: str) -> Floor:
    return Floor(name, [Request(each, address) for each in people])


def _to_come() -> list[int]:
    """Booked sessions of courses that begin later."""
    found = Course.objects.filter(state=CourseState.DRAFT, pk__gte=FIRST, pk=F("patient"), sessions__number=5)
    found = found.exclude(sessions__booking=None).order_by("pk")
    return list(found.values_list("sessions__booking", flat=True)[:MANY])


def undated() -> list[int]:
    """Courses without any date."""
    found = Course.objects.filter(state=CourseState.DRAFT, pk__gte=FIRST, pk=F("patient"), sessions__number=1, sessions__booking=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


def open_ended() -> list[int]:
    """Courses to come whose last session alone has no date."""
    found = Course.objects.filter(
        state=CourseState.DRAFT, pk__gte=FIRST, pk=F("patient"), sessions__number=SESSIONS, sessions__booking=None
    )
    return list(found.exclude(pk__in=undated()).order_by("pk").values_list("pk", flat=True))


def to_sign() -> list[int]:
    """Courses that wait for the doctor."""
    return list(Course.objects.filter(state=CourseState.AWAITING).order_by("pk").values_list("pk", flat=True))


def _searches(people: Sequence[SignedIn]) -> Iterator[Page]:
    words: dict[str, tuple[str, ...]] = dict(SEARCHES)
    numbers = Patient.objects.filter(pk__gte=FIRST).order_by("pk").values_list("phone", flat=True)[: 997 * 8 : 997]
    words["phone"] = tuple(number.replace(" ", "")[-9:] for number in numbers)
    for kind, asked in words.items():
        pairs = [(each, asked[turn % len(asked)]) for turn, each in enumerate(people)]
        floor = Floor(f"search, {kind}", [Request(who, f"/search/?q={_quoted(word)}") for who, word in pairs])
        yield Page(f"search, {kind}", floor, [Request(who, f"/patients/?q={_quoted(word)}") for who, word in pairs], 1.8)


def _quoted(word: str) -> str:
    return "".join(f"%{byte:02X}" for byte in word.encode())


def in_care(people: Sequence[SignedIn]) -> list[tuple[SignedIn, int]]:
    """People with all patients whose course they give now, each in turn."""
    who = {each.person: each for each in people}
    running = Course.objects.filter(state=CourseState.RUNNING, pk__gte=FIRST, therapist__in=who, pk=F("patient")).order_by("pk")
    found = running.values_list("therapist", "patient")
    return [(who[therapist], patient) for therapist, patient in found]


def body_of(request: Request) -> tuple[str, str]:
    """What is sent with the request, and of which kind it is; both empty where it only reads."""
    if request.fields is not None:
        return urlencode(request.fields), "application/x-www-form-urlencoded"
    return (json.dumps(request.data), "application/json") if request.data is not None else ("", "")


def written(request: Request, *, cookie: str, csrf: str) -> str:
    """The request as it goes over the line. What is sent carries the token of the cookie that is named ``csrf``."""
    fields = None if request.fields is None else [*request.fields, ("csrfmiddlewaretoken", TOKEN)]
    body, kind = body_of(replace(request, fields=fields))
    lines = [f"{'POST' if request.is_act else 'GET'} {request.path} HTTP/1.0", "Host: 127.0.0.1"]
    lines += [f"Cookie: {cookie}; {csrf}={TOKEN}", "Accept: text/html", "User-Agent: benchmark"]
    lines += ["HX-Request: true"] if request.is_part else []
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}", f"X-CSRFToken: {TOKEN}"] if request.is_act else []
    return "\r\n".join([*lines, "", body])
