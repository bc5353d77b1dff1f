"""What axe and a ruler find wrong on an open page: the faults of ``manage.py screenshots --axe``."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import CommandError

if TYPE_CHECKING:
    from playwright.async_api import Page

# What another width or theme of the same page may change; names and roles stay as they are.
RULES_OF_LOOK: Final = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
# Every rule is applied, with the one of WCAG 2.2 that axe leaves out unless it is asked (targets of 24 px). What passes is not described.
# Without preload: axe would fetch the style sheets anew.
EVERYTHING: Final[dict[str, Any]] = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
RUN: Final = "options => axe.run(options).then(found => found.violations)"
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
    if not await page.evaluate("'axe' in window"):  # half a megabyte, which a page that is turned to other looks need not read again
        await page.evaluate(_script())
    options = {"preload": False, "resultTypes": ["violations"], "runOnly": list(only)} if only else EVERYTHING
    found = [_line(each) for each in await page.evaluate(RUN, options)]
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
