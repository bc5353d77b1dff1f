"""``manage.py screenshots DIR``: a picture of every page, for whoever looks after their looks. It needs the tools of the tests."""

import asyncio
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.pictures import house, pages, sheet
from clinic.pictures.shooting import LOOKS, Subject, Wanted, a_browser, a_person, file_name, pages_of, take

WIDTHS = (1280, 820, 390)


class Command(BaseCommand):
    """Makes the demo clinic, walks along all links as each role, and pictures every page it meets."""

    help = "Picture every page of the demo clinic as DIR/ROLE/PAGE-WIDTH-LOOK.png, with all of them on DIR/index.html."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration; no database is needed)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and which of the pictures."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="where the pictures go")
        parser.add_argument("--page", action="append", default=[], help="only pages whose name holds this (may be repeated)")
        parser.add_argument(
            "--role", action="append", default=[], choices=[*pages.PEOPLE, pages.SIGNED_OUT], help="only pages of this role"
        )
        parser.add_argument("--width", action="append", type=int, default=[], help=f"in place of {', '.join(map(str, WIDTHS))}")
        parser.add_argument("--look", action="append", default=[], choices=LOOKS, help="in place of light and dark")
        parser.add_argument("--language", default="en", choices=dict(settings.LANGUAGES), help="of the pages (default en)")
        parser.add_argument("--unfolded", action="store_true", help="with everything unfolded that can be")
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
        """The pictures of the clinic in this folder."""
        self.stdout.write("Preparing the demo clinic ...")
        password = house.prepare(clinic, language=options["language"])
        widths, looks = tuple(options["width"] or WIDTHS), tuple(options["look"] or ("light", "dark"))
        wanted = Wanted(options["folder"].resolve(), widths, looks, options["unfolded"])
        with house.served(clinic) as base:
            subjects, trouble = asyncio.run(self.everybody(clinic, base, password, wanted, options))
        file = sheet.write_sheet(wanted.folder, subjects, widths, looks)
        for line in trouble:
            self.stdout.write(f"not pictured: {line}")
        self.stdout.write(f"{len(subjects)} pages in {len(widths) * len(looks)} looks: {file}")

    async def everybody(
        self, clinic: Path, base: str, password: str, wanted: Wanted, options: dict[str, Any]
    ) -> tuple[list[Subject], list[str]]:
        """One role after another; gives what was pictured and what could not be."""
        found, taken, subjects, trouble = house.kept_pages(clinic), set[str](), list[Subject](), list[str]()
        async with a_browser() as browser:
            for role in [*pages.PEOPLE, pages.SIGNED_OUT]:
                if options["role"] and role not in options["role"]:
                    continue
                context = await a_person(browser, base, role, password)
                if role in pages.PEOPLE and role not in found:
                    self.stdout.write(f"Looking for the pages of the {role} ...")
                    found[role] = await pages_of(context)
                    house.keep_pages(clinic, found)
                chosen = _subjects(role, found.get(role, {}), taken=set() if options["every_role"] else taken, only=options["page"])
                taken |= found.get(role, {}).keys()
                self.stdout.write(f"{len(chosen)} pages of the {role} ...")
                trouble += await take(context, chosen, wanted)
                subjects += chosen
                await context.close()
        return subjects, trouble


def _subjects(role: str, found: dict[str, list[str]], *, taken: set[str], only: list[str]) -> list[Subject]:
    """The pages of this role that are wanted and were not pictured for another one."""
    linked = [(file_name(kind, at), path) for kind, paths in found.items() if kind not in taken for at, path in enumerate(paths)]
    alone = pages.ALONE if role == pages.SIGNED_OUT else pages.UNLINKED.get(role, {})
    named = [Subject(role, name, path) for name, path in [*linked, *alone.items()]]
    return [subject for subject in named if not only or any(word in subject.name for word in only)]
