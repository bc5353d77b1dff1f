"""What is asked of the product and of the floor: for each page the requests of many people, written out as they go over the line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from django.db.models import F

from clinic.benchmark.made import FIRST
from clinic.courses.models import Course
from clinic.courses.states import CourseState
from patients.models import Patient

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
    """One request: who sends it and where to; with ``fields`` it is a form, with ``data`` JSON."""

    who: SignedIn
    path: str
    fields: Mapping[str, Any] | None = None
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is measured. ``floor`` is the same for the floor; ``goal`` the ratio that is wished, ``against`` the floor's page that
    it is wished against where that is another one."""

    name: str
    product: Sequence[Request]
    floor: Sequence[Request] = field(default=())
    goal: float | None = None
    is_sent_once: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One administrator and one doctor."""

    admin: SignedIn
    doctor: SignedIn


def pages(people: Sequence[SignedIn], desk: Desk, today: date) -> Iterator[Page]:
    """All pages of the benchmark in the order of its table."""
    monday = today - timedelta(days=today.weekday())
    cared = _in_care(people)
    yield Page("patient list", [Request(each, "/patients/") for each in people], [Request(each, "/list/") for each in people], 2.0)
    yield from _searches(people)
    yield Page(
        "patient", [Request(who, f"/patients/{pk}/") for who, pk in cared], [Request(who, f"/patient/{pk}/") for who, pk in cared], 2.5
    )
    yield Page("today", [Request(each, "/today/") for each in people], [Request(each, f"/calendar/{today}/1/") for each in people], 1.5)
    yield Page(
        "week",
        [Request(each, f"/calendar/week/?therapist={each.person}") for each in people],
        [Request(each, f"/quick/{monday}/7/") for each in people],
        2.0,
    )
    yield from _more_pages(cared, desk)


def _more_pages(cared: Sequence[tuple[SignedIn, int]], desk: Desk) -> Iterator[Page]:
    """Pages for which the floor has nothing alike: they stand beside a floor's page that shows as much of one patient or as many rows."""
    one = [Request(who, f"/patient/{pk}/") for who, pk in cared]
    lists = [Request(desk.admin, "/list/")]
    yield Page("course", [Request(who, f"/courses/{pk}/") for who, pk in cared], one)
    yield Page("course studio", [Request(who, f"/courses/{pk}/studio/") for who, pk in cared], one)
    yield Page("dates to propose", [Request(desk.admin, f"/calendar/courses/{pk}/dates/") for pk in _undated()], one, 2.0)
    yield Page("sign", [Request(desk.doctor, f"/courses/{pk}/sign-off/") for pk in _to_sign()], one)
    yield Page("outbox", [Request(desk.admin, "/messages/")], lists)


def _undated() -> list[int]:
    """Courses whose dates are to be proposed."""
    found = Course.objects.filter(state=CourseState.DRAFT, pk__gte=FIRST, pk=F("patient"), sessions__number=1, sessions__booking=None)
    return list(found.order_by("pk").values_list("pk", flat=True)[:MANY])


def _to_sign() -> list[int]:
    """Courses that wait for the doctor."""
    return list(Course.objects.filter(state=CourseState.AWAITING).order_by("pk").values_list("pk", flat=True))


def _searches(people: Sequence[SignedIn]) -> Iterator[Page]:
    words: dict[str, tuple[str, ...]] = dict(SEARCHES)
    numbers = Patient.objects.filter(pk__gte=FIRST).order_by("pk").values_list("phone", flat=True)[: 997 * 8 : 997]
    words["phone"] = tuple(number.replace(" ", "")[-9:] for number in numbers)
    for kind, asked in words.items():
        pairs = [(each, asked[turn % len(asked)]) for turn, each in enumerate(people)]
        yield Page(
            f"search, {kind}",
            [Request(who, f"/patients/?q={_quoted(word)}") for who, word in pairs],
            [Request(who, f"/search/?q={_quoted(word)}") for who, word in pairs],
            1.8,
        )


def _quoted(word: str) -> str:
    return "".join(f"%{byte:02X}" for byte in word.encode())


def _in_care(people: Sequence[SignedIn]) -> list[tuple[SignedIn, int]]:
    """People with patients whose course they give now, each in turn."""
    who = {each.person: each for each in people}
    running = Course.objects.filter(state=CourseState.RUNNING, pk__gte=FIRST, therapist__in=who, pk=F("patient")).order_by("pk")
    found = running.values_list("therapist", "patient")
    return [(who[therapist], patient) for therapist, patient in islice(found, MANY)]


def written(request: Request, *, cookie: str, csrf: str = "") -> str:
    """The request as it goes over the line. A form carries the token of its cookie."""
    lines = [f"{'GET' if request.fields is None and request.data is None else 'POST'} {request.path} HTTP/1.0", "Host: 127.0.0.1"]
    lines += [f"Cookie: {cookie}", "Accept: text/html", "User-Agent: benchmark"]
    return "\r\n".join([*lines, "", ""])
