"""One browser, several windows: each opens a page once and turns it to every width and theme."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import CommandError

from clinic.pictures.browsers import chromium
from clinic.pictures.checking import RULES_OF_COLOUR, RULES_OF_LOOK, faults_of
from clinic.pictures.scenes import Step, play
from clinic.pictures.walking import walk

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Route

WINDOWS: Final = 2
HEIGHT: Final = 900
LONGEST: Final = 12_000  # px; a longer page repeats itself
# What the browser is told for each look. Paper is always light.
LOOKS: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "contrast": {"color_scheme": "light", "contrast": "more"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
    "print": {"color_scheme": "light", "media": "print"},
}
# Letters are there, and what sticks to the window stands where the page begins (the calendar opens at this hour).
SETTLE: Final = "async () => { scrollTo(0, 0); await document.fonts.ready }"
# Of a dialog the window is pictured, of any other page the whole; the player is as high as its window, and has more below.
LENGTH: Final = """document.querySelector('dialog:modal') ? 0
  : document.querySelector('.player') ? -1 : document.documentElement.scrollHeight"""
AGAIN: Final = "/reauthenticate/"  # here the password is asked for again
USUAL: Final = {"media": "screen", "contrast": "no-preference", "forced_colors": "none", "reduced_motion": "reduce"}


@dataclass(frozen=True)
class Subject:
    """One page to be pictured: in whose folder, under which name, where it is, and what is done there before."""

    role: str
    name: str
    path: str
    steps: Sequence[Step] = ()


@dataclass
class Checked:
    """What the checks came to: how many there were, and a line for each fault, which is told at once."""

    say: Callable[[str], Any] = print
    times: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, where: str, found: Sequence[str]) -> None:
        """Counts one check of one page, with what was found."""
        self.times += 1
        for line in found:
            self.faults.append(f"{where}: {line}")
            self.say(self.faults[-1])


@dataclass(frozen=True)
class Wanted:
    """How pages are pictured."""

    folder: Path
    turns: tuple[tuple[int, str], ...]  # width in px, look
    unfolded: bool
    password: str  # asked for again before some pages
    checked: Checked | None = None  # each page is checked too, in each width and look


def file_name(kind: str, number: int) -> str:
    """A name for a file, out of a kind of page; ``number`` counts its records from 0."""
    words = re.sub(r"[^a-z0-9]+", "-", kind.lower().replace("?", "-filtered")).strip("-")
    return f"{words}-{number + 1}" if number else words


@asynccontextmanager
async def a_browser() -> AsyncIterator["Browser"]:
    """A Chromium without a window; says what is missing where there is none."""
    try:
        from playwright.async_api import async_playwright
    except ImportError as missing:
        raise CommandError(
            "Playwright is not installed here: pip install --require-hashes -r requirements-test.txt brings it."
        ) from missing
    program = chromium()
    if program is None:
        raise CommandError("No Chromium was found: install chromium or chromium-headless-shell.")
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        await browser.close()


async def a_person(browser: "Browser", base: str, email: str, password: str) -> "BrowserContext":
    """The windows of whoever has this e-mail, signed in; of nobody where it is empty."""
    context = await browser.new_context(base_url=base, locale="en-GB", viewport={"width": 1280, "height": HEIGHT})
    if email:
        page = await context.new_page()
        await page.goto("/accounts/login/")
        await page.fill("input[name=login]", email)
        await page.fill("input[name=password]", password)
        await page.press("input[name=password]", "Enter")
        await page.wait_for_url(lambda url: "/login/" not in url)
        await page.close()
    return context


async def shows(context: "BrowserContext", drawn: Mapping[str, str]) -> None:
    """Lets these pages (name -> page) be opened at the addresses of ``at_drawn``, as if the server had answered them."""

    async def answer(route: "Route") -> None:
        await route.fulfill(body=drawn[route.request.url.rpartition("/")[2]], content_type="text/html; charset=utf-8")

    await context.route(f"**{at_drawn('*')}", answer)


def at_drawn(name: str) -> str:
    """The address of a page that was drawn beforehand."""
    return f"/drawn-beforehand/{name}"


async def pages_of(context: "BrowserContext", starts: Sequence[str] = ("/",)) -> dict[str, list[str]]:
    """What this person reaches by links from these addresses."""

    async def fetch(path: str) -> str:
        answer = await context.request.get(path)
        is_page = answer.ok and answer.headers.get("content-type", "").startswith("text/html")
        return await answer.text() if is_page else ""

    return await walk(starts, fetch)


async def take(context: "BrowserContext", subjects: Sequence[Subject], wanted: Wanted) -> list[str]:
    """Pictures of these pages, all of one person; gives a line for each page that could not be pictured."""
    pages, states = [each for each in subjects if not each.steps], [each for each in subjects if each.steps]
    # What is pressed may change what the next one meets, so states come after the pages and one by one.
    return [*await _take_in(context, pages, wanted, windows=WINDOWS), *await _take_in(context, states, wanted, windows=1)]


async def _take_in(context: "BrowserContext", subjects: Sequence[Subject], wanted: Wanted, *, windows: int) -> list[str]:
    waiting, trouble = list(reversed(subjects)), list[str]()

    async def work() -> None:
        page = await context.new_page()
        while waiting:
            subject = waiting.pop()
            try:
                await _take_one(page, subject, wanted)
            except Exception as wrong:  # the other pages are still wanted
                trouble.append(f"{subject.role} {subject.path}: {str(wrong).splitlines()[0]}")
        await page.close()

    await asyncio.gather(*(work() for _window in range(windows)))
    return trouble


async def _take_one(page: "Page", subject: Subject, wanted: Wanted) -> None:
    await page.set_viewport_size({"width": wanted.turns[0][0], "height": HEIGHT})  # not the last one of the page before
    await page.goto(subject.path, wait_until="load")
    if AGAIN in page.url and AGAIN not in subject.path:
        await page.fill("input[name=password]", wanted.password)
        await page.press("input[name=password]", "Enter")
        await page.wait_for_url(lambda url: AGAIN not in url)
    await _unfold(page, wanted)
    await play(page, subject.steps)
    await _unfold(page, wanted)  # what was sent may have come back as another page
    for at, (width, look) in enumerate(wanted.turns):
        how: dict[str, Any] = {**USUAL, **LOOKS[look]}
        await page.emulate_media(**how)
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        await page.evaluate(SETTLE)
        if wanted.checked:
            found = await faults_of(page, only=_rules(wanted.turns, at))
            wanted.checked.add(f"{subject.role} {subject.name} {subject.path} at {width}, {look}", found)
        # A window as long as the page: what sticks to its foot stands at the end, not across the middle.
        length = await page.evaluate(LENGTH)
        tall = max(HEIGHT, min(length, LONGEST))
        await page.set_viewport_size({"width": width, "height": tall})
        await page.screenshot(path=wanted.folder / subject.role / f"{subject.name}-{width}-{look}.png", full_page=length < 0)


def _rules(turns: Sequence[tuple[int, str]], at: int) -> Sequence[str]:
    """What is asked in this turn: everything in the first; then what a look can change, or only what a theme can where the width stays."""
    is_theme = at > 0 and turns[at][0] == turns[at - 1][0] and {turns[at][1], turns[at - 1][1]} == {"light", "dark"}
    return RULES_OF_COLOUR if is_theme else RULES_OF_LOOK if at else ()


async def _unfold(page: "Page", wanted: Wanted) -> None:
    if wanted.unfolded:
        await page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
