"""``manage.py screenshots DIR``: a picture of every page, for whoever looks after their looks. It needs the tools of the tests."""

import asyncio
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.courses.demo import address
from clinic.pictures import house, pages, sheet
from clinic.pictures.scenes import SCENES
from clinic.pictures.shooting import LOOKS, Checked, Subject, Wanted, a_browser, a_person, at_drawn, file_name, pages_of, shows, take
from clinic.pictures.walking import kind_of

WIDTHS = (1280, 820, 390)
Pictured = tuple[list[Subject], list[str]]  # what was pictured, and a line for what could not be


@dataclass(frozen=True)
class House:
    """A clinic that is served: its folder, its address, the password of its people, and what was made in it for the pictures."""

    folder: Path
    base: str
    password: str
    made: dict[str, Any]


class Command(BaseCommand):
    """Makes the demo clinic, walks along all links as each role, and pictures every page it meets."""

    help = "Picture every page of the demo clinic as DIR/ROLE/PAGE-WIDTH-LOOK.png, with all of them on DIR/index.html."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; no database is needed)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and which of the pictures."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="where the pictures go")
        parser.add_argument("--page", action="append", default=[], help="only pages whose name holds this (may be repeated)")
        parser.add_argument(
            "--role",
            action="append",
            default=[],
            choices=[*pages.PEOPLE, pages.SIGNED_OUT, pages.NEW_CLINIC],
            help="only pages of this role",
        )
        parser.add_argument("--width", action="append", type=int, default=[], help=f"in place of {', '.join(map(str, WIDTHS))}")
        parser.add_argument("--look", action="append", default=[], choices=LOOKS, help="in place of light and dark")
        parser.add_argument(
            "--as", action="append", type=_turn, default=[], metavar="WIDTH-LOOK", help="only so, in place of all pairs of them"
        )
        parser.add_argument("--language", default="en", choices=dict(settings.LANGUAGES), help="of the pages (default en)")
        parser.add_argument("--unfolded", action="store_true", help="with everything unfolded that can be")
        parser.add_argument("--axe", action="store_true", help="and let axe check each page in each look and width; faults end it with 1")
        parser.add_argument("--every-role", action="store_true", help="a page for each role that may open it, not for the first only")
        parser.add_argument("--clinic", type=Path, help="a folder to keep the demo clinic in, so that the next pictures need not make it")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Pictures, and says how many there are and what could not be pictured."""
        if options["clinic"]:
            self.picture(options["clinic"].resolve(), options)
            return
        with tempfile.TemporaryDirectory(prefix="tactus-pictures-") as folder:
            self.picture(Path(folder), options)

    def picture(self, clinic: Path, options: dict[str, Any]) -> None:
        """The pictures of the clinic in this folder, and of one on its first day beside it."""
        self.stdout.write("Preparing the demo clinic ...")
        password = house.prepare(clinic, language=options["language"])
        turns = tuple(options["as"] or product(options["width"] or WIDTHS, options["look"] or ("light", "dark")))
        wanted = Wanted(
            options["folder"].resolve(), turns, options["unfolded"], password, Checked(self.stdout.write) if options["axe"] else None
        )
        made = house.made(clinic)
        with house.served(clinic) as base:
            subjects, trouble = asyncio.run(self.everybody(House(clinic, base, password, made), wanted, options))
        if not options["role"] or pages.NEW_CLINIC in options["role"]:
            self.stdout.write("Opening a clinic with nothing in it ...")
            house.prepare_new(clinic / "new", language=options["language"], password=password)
            with house.served(clinic / "new") as base:
                new, more = asyncio.run(self.first_day(House(clinic / "new", base, password, {}), wanted, options))
            subjects, trouble = [*subjects, *new], [*trouble, *more]
        file = sheet.write_sheet(wanted.folder, subjects, turns)
        for line in trouble:
            self.stdout.write(f"not pictured: {line}")
        self.stdout.write(f"{len(subjects)} pages in {len(turns)} looks: {file}")
        if wanted.checked:
            self.say_checked(subjects, turns, wanted.checked)

    def say_checked(self, subjects: list[Subject], turns: Sequence[tuple[int, str]], checked: Checked) -> None:
        """The figure of the checks; with a fault, the command has failed."""
        roles = ", ".join(f"{role} {number}" for role, number in Counter(each.role for each in subjects).items())
        shown = ", ".join(f"{width} px {look}" for width, look in turns)
        self.stdout.write(f"axe: {len(subjects)} pages and states ({roles}), each at {shown}")
        figure = f"axe: {checked.times} checks, {len(checked.faults)} faults"
        if checked.faults:
            raise CommandError(figure)
        self.stdout.write(figure)

    async def everybody(self, here: House, wanted: Wanted, options: dict[str, Any]) -> Pictured:
        """One role after another; gives what was pictured and what could not be."""
        found, taken, subjects, trouble = house.kept_pages(here.folder), set[str](), list[Subject](), list[str]()
        async with a_browser() as browser:
            for role in [*pages.PEOPLE, pages.SIGNED_OUT]:
                if options["role"] and role not in options["role"]:
                    continue
                context = await a_person(browser, here.base, address(pages.PEOPLE[role]) if role in pages.PEOPLE else "", here.password)
                await shows(context, here.made["drawn"])
                if role in pages.PEOPLE and role not in found:
                    self.stdout.write(f"Looking for the pages of the {role} ...")
                    found[role] = await pages_of(context, ["/", *here.made["starts"].get(role, [])])
                    house.keep_pages(here.folder, found)
                for start in here.made["starts"].get(role, []):
                    if (kind := kind_of(start)) in pages.ANEW:
                        found[role][kind] = [start]
                known = set[str]() if options["every_role"] else taken
                chosen = _wanted(_subjects(role, found.get(role, {}), known, here.made), options)
                taken |= found.get(role, {}).keys()
                self.stdout.write(f"{len(chosen)} pages of the {role} ...")
                trouble += await take(context, chosen, wanted)
                subjects += chosen
                await context.close()
        return subjects, trouble

    async def first_day(self, here: House, wanted: Wanted, options: dict[str, Any]) -> Pictured:
        """What the administrator of a new clinic sees: lists and queues with nothing in them."""
        async with a_browser() as browser:
            context = await a_person(browser, here.base, house.FIRST_ADMIN, here.password)
            found = await pages_of(context, ["/", "/first-steps/"])
            empty = {kind: paths for kind, paths in found.items() if pages.may_be_empty(kind, paths[0])}
            chosen = _wanted([Subject(pages.NEW_CLINIC, file_name(kind, 0), paths[0]) for kind, paths in empty.items()], options)
            self.stdout.write(f"{len(chosen)} pages of a clinic with nothing in it ...")
            return chosen, await take(context, chosen, wanted)


def _turn(words: str) -> tuple[int, str]:
    """What ``--as`` names: 390-dark is 390 px wide and dark."""
    width, _, look = words.partition("-")
    if not width.isdigit() or look not in LOOKS:
        raise ArgumentTypeError(f"Write a width and one of {', '.join(LOOKS)}, such as 390-dark.")
    return int(width), look


def _subjects(role: str, found: dict[str, list[str]], taken: Collection[str], made: dict[str, Any]) -> list[Subject]:
    """The pages of this role that were not pictured for another one, and the states that come by pressing."""
    linked = [(file_name(kind, at), path) for kind, paths in found.items() if kind not in taken for at, path in enumerate(paths)]
    drawn = {name: at_drawn(name) for name in made["drawn"]}
    alone = {**pages.ALONE, **made["links"], **drawn} if role == pages.SIGNED_OUT else pages.UNLINKED.get(role, {})
    begun = {**{kind: paths[0] for kind, paths in found.items()}, **alone}
    played = [Subject(role, file_name(each.name, 0), begun[each.at], each.steps) for each in SCENES.get(role, ()) if each.at in begun]
    return [*(Subject(role, name, path) for name, path in [*linked, *alone.items()]), *played]


def _wanted(subjects: list[Subject], options: dict[str, Any]) -> list[Subject]:
    """Those whose name holds a word that was asked for."""
    return [subject for subject in subjects if not options["page"] or any(word in subject.name for word in options["page"])]
