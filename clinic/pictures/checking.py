"""What axe and a ruler find wrong on an open page: the faults of ``manage.py screenshots --axe``."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import CommandError

from clinic.pictures.contrast import ASKS_ONCE_OF_A_KIND

if TYPE_CHECKING:
    from playwright.async_api import Page

# What another theme of the same page may change, and what another width may: names and roles stay as they are.
RULES_OF_COLOUR: Final = ("color-contrast", "link-in-text-block")
RULES_OF_LOOK: Final = (*RULES_OF_COLOUR, "target-size", "scrollable-region-focusable")
# Every rule is applied, with the one of WCAG 2.2 that axe leaves out unless it is asked (targets of 24 px). What passes is not described.
# Without preload: axe would fetch the style sheets anew.
EVERYTHING: Final[dict[str, Any]] = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
RUN: Final = "options => axeInThisLook(options)"
SUFFICIENT: Final[dict[str, None]] = {}  # the kinds of text that axe found sufficient in this process, in the order in which it met them
OVER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Hands with oil on them: in the player, what can be pressed measures 48 px.
SMALL: Final = """() => [...document.querySelectorAll('.player :is(a, button, input:not([type=hidden]), summary)')].flatMap(each => {
  const box = (each.closest('label') ?? each).getBoundingClientRect();
  const isSeen = box.width > 2 && each.checkVisibility({visibilityProperty: true});
  return isSeen && (box.width < 48 || box.height < 48)
    ? [`${each.tagName.toLowerCase()}.${each.className}: ${Math.round(box.width)} x ${Math.round(box.height)} px`] : [];
})"""
SAID: Final = 300  # letters of what axe says about one element


async def faults_of(page: "Page", *, only: Sequence[str] = ()) -> list[str]:
    """A line for each fault: what axe finds by all its rules or by these only, what runs over the edge, and what is too small to press."""
    if not await page.evaluate("'axeInThisLook' in window"):  # half a megabyte, not read again by a page that is turned to other looks
        await page.evaluate(_script())
        await page.evaluate(ASKS_ONCE_OF_A_KIND, "\n".join(SUFFICIENT))
    options = {"preload": False, "resultTypes": ["violations"], "runOnly": list(only)} if only else EVERYTHING
    told = await page.evaluate(RUN, options)
    SUFFICIENT.update(dict.fromkeys(told["sufficient"]))
    found = [_line(each) for each in told["violations"]]
    over = await page.evaluate(OVER)
    small = [f"smaller than 48 px: {each}" for each in await page.evaluate(SMALL)]
    return [*found, *([f"{over} px wider than the window"] if over > 0 else []), *small]


def _line(found: dict[str, Any]) -> str:
    first, more = found["nodes"][0], len(found["nodes"]) - 1
    places = f"{first['target']}{f' and {more} more' if more else ''}"
    return f"{found['id']}: {places} {' '.join((first.get('failureSummary') or '').split())[:SAID]}"


@cache
def _script() -> str:
    try:
        from axe_playwright_python.base import AXE_SCRIPT
    except ImportError as missing:
        raise CommandError("axe is not installed here: pip install --require-hashes -r requirements-test.txt brings it.") from missing
    return str(AXE_SCRIPT)
