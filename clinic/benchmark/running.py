"""The run on one clinic: product and floor served on it side by side, each page under each load, one table."""

import json
import platform
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from clinic.benchmark import made, measuring, starting, table
from clinic.benchmark.acts import acts
from clinic.benchmark.kept import Wanted
from clinic.benchmark.measuring import Figures
from clinic.benchmark.pages import Desk, Page, Request, pages
from clinic.benchmark.serving import FLOOR, PRODUCT, Served, served
from clinic.benchmark.signing_in import signed_in
from clinic.benchmark.table import Line
from clinic.schedule.models import Room
from clinic.staff.models import Clinic, Role

OLD_AFTER: Final = 8  # days; the calendar reaches no further
PEOPLE: Final = 48
WARM: Final = 6  # acts that are sent before any is measured
LOADS: Final = 3  # into which acts are parted at least: a smaller clinic is measured under one of them
WARM_SECONDS: Final = 0.8
Say = Callable[[str], object]


def run(wanted: Wanted, say: Say) -> None:
    """Measures the clinic of this process and says its tables."""
    people, desk = signed_in(Role.THERAPIST, PEOPLE), Desk(signed_in(Role.ADMIN, 1)[0], signed_in(Role.DOCTOR, 1)[0])
    rooms = dict(zip((each.person for each in people), Room.objects.order_by("pk").values_list("pk", flat=True), strict=False))
    every = [*pages(people, desk, _today()), *acts(people, desk, _today(), rooms, Clinic.objects.values_list("pk", flat=True)[0])]
    chosen = [page for page in every if wanted.includes(page.name)]
    with served(FLOOR, path="/list/") as floor, served(PRODUCT, path=starting.FIRST_PAGE) as product:
        both = _Run(wanted, floor, product)
        lines = [line for page in chosen if (line := both.line_or_none(page, say))]
    Path(wanted.figures).write_text(json.dumps({line.page.name: line.product[1].cpu_ms for line in lines if 1 in line.product}))
    say("\n".join(table.written(lines, json.loads(Path(wanted.beside).read_text()) if wanted.beside else {})))
    if wanted.is_whole:
        say("\n".join(table.whole(starting.figures(chosen, people[0]))))
    say(_machine())


class _Run:
    """Measures pages on both servers; what the floor needs for a page is measured once."""

    def __init__(self, wanted: Wanted, floor: Served, product: Served) -> None:
        self.wanted, self.floor, self.product = wanted, floor, product
        self.of_floor: dict[str, dict[int, Figures]] = {}

    def line_or_none(self, page: Page, say: Say) -> Line | None:
        """One line of the table; a page that is refused is told and left out, since the others took minutes."""
        try:
            return self._line(page, say)
        except (RuntimeError, LookupError) as trouble:
            say(f"{page.name} is left out: {trouble}")
            return None

    def _line(self, page: Page, say: Say) -> Line:
        began = perf_counter()
        requests, counted = list(page.prepare() if page.prepare else page.product), 0
        if page.prepare:  # the first warms this process
            measuring.statements(requests.pop(0))
        counted = len(measuring.statements(requests.pop(0) if page.prepare else requests[0]))
        if page.floor.name not in self.of_floor:
            self.of_floor[page.floor.name] = self._loads(self.floor, page.floor.requests, is_floor=True)
        before = page.done() if page.done else 0
        found = self._loads(self.product, requests, is_floor=False)
        sent = WARM + sum(each.count for each in found.values())
        lost = before + sent - page.done() if page.done else 0
        line = Line(page, counted, found, self.of_floor[page.floor.name], lost)
        say(f"{table.row_of(line, {})} {perf_counter() - began:.0f} s")
        return line

    def _loads(self, server: Served, requests: Sequence[Request], *, is_floor: bool) -> dict[int, Figures]:
        """The requests under each load: acts in equal parts, each once; pages again and again."""
        lines = measuring.lines(requests, floor=is_floor)
        if not requests[0].is_act:
            measuring.load(server, lines, connections=2, seconds=min(WARM_SECONDS, self.wanted.seconds))
            return {each: measuring.load(server, lines, connections=each, seconds=self.wanted.seconds) for each in self.wanted.connections}
        measuring.load(server, lines[:WARM], connections=2, seconds=0, once=True)
        parts = _parts(lines[WARM:], len(self.wanted.connections))
        return {
            each: measuring.load(server, part, connections=each, seconds=0, once=True)
            for each, part in zip(self.wanted.connections, parts, strict=True)
        }


def _parts(lines: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    """Equal parts, one for each load; of the floor's quick acts more, since processor time is told in hundredths of a second."""
    size = len(lines) // max(count, LOADS)
    for number in range(count):
        yield lines[number * size : (number + 1) * size]


def _machine() -> str:
    """What it was measured on, without any name."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        version = str(cursor.fetchone()[0]).split()[0]
    processors = Path("/proc/cpuinfo").read_text(encoding="utf-8").count("processor\t")
    size = made.size_in_bytes() / 1e9
    about = (
        f"{connection.display_name} {version}, {size:.1f} GB; Python {platform.python_version()}; {processors} cores of a virtual machine"
    )
    return f"{about}; {timezone.now():%Y-%m-%d %H:%M} UTC"


def ready(patients: int, say: Say) -> None:
    """The clinic as it is kept, or made now where there is none, or one whose calendar has run out."""
    age = _age()
    if age is not None and age > OLD_AFTER:
        say("the kept clinic is too old: its calendar has run out; it is made anew")
        _empty()
        age = None
    began = perf_counter()
    call_command("migrate", verbosity=0)
    if age is None:
        call_command("createcachetable", verbosity=0)
        made.make_clinic(patients, say)
        say(f"made in {perf_counter() - began:.0f} s; {made.size_in_bytes() / 1e6:.0f} MB")


def _age() -> int | None:
    """For how many days the clinic has been there; None where it is not."""
    if Clinic._meta.db_table not in connection.introspection.table_names():
        return None
    day = made.made_on()
    return (_today() - day).days if day else None


def _empty() -> None:
    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0)
        return
    connection.close()
    for file in Path(settings.DATABASES["default"]["NAME"]).parent.glob("large.sqlite3*"):
        file.unlink()


def _today() -> date:
    return timezone.now().date()
