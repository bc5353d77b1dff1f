"""How a page looks: the widths and themes in which it is seen, what axe finds there, and how far it runs over its edge."""

from collections.abc import Sequence
from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from clinic.pictures.contrast import ASKS_ONCE_OF_A_KIND

Colours = Literal["light", "dark"]
AXE: Final = Axe()
# Every rule is applied; what passes is not described element by element, which takes longer than finding out. Without preload: axe
# would fetch the style sheets anew, from wrong addresses.
ONLY_FAULTS: Final = {"preload": False, "resultTypes": ["violations"]}
RULES_OF_COLOUR: Final = ("color-contrast", "link-in-text-block")
# Colours do not depend on the width, so each width and each theme is seen, not every pair of them.
LOOKS: Final[tuple[tuple[int, Colours], ...]] = ((1360, "light"), (1360, "dark"), (820, "light"), (390, "dark"))
# Pages made of parts that other pages show: the widest in light and the narrowest in dark tell as much, and half of the time is spent.
ENDS: Final = (LOOKS[0], LOOKS[-1])

SUFFICIENT: Final[dict[str, None]] = {}  # the kinds of text that axe found sufficient in this process, in the order in which it met them
TOLD: Final = """async (options) => {
  if (!("axeInThisLook" in window)) return null;
  const told = await axeInThisLook(options), { scrollWidth, clientWidth } = document.documentElement;
  return { ...told, over: scrollWidth - clientWidth };
}"""


def turn(page: Page, width: int, colours: Colours) -> None:
    """The open page in another look. Only style sheets ask for it (a test sees to that), so that it is what opening it anew would show."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # no colour half-way between two


def unfold(page: Page) -> None:
    """Opens all that can be folded."""
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")


def faults_of(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """What axe finds by all its rules, or by these only, and how far the page runs over its edge."""
    page.wait_for_load_state()
    options = ONLY_FAULTS | ({"runOnly": list(only)} if only else {})
    told = page.evaluate(TOLD, options)
    if told is None:  # half a megabyte, which a page that is turned to other looks need not read again
        page.evaluate(AXE.axe_script)
        page.evaluate(ASKS_ONCE_OF_A_KIND, "\n".join(SUFFICIENT))
        told = page.evaluate(TOLD, options)
    SUFFICIENT.update(dict.fromkeys(told["sufficient"]))
    found = [
        f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0].get('failureSummary', '')[:300]}" for each in told["violations"]
    ]
    return [*found, *([f"{told['over']} px wider than the window"] if told["over"] > 0 else [])]


def faults_in(page: Page, looks: Sequence[tuple[int, Colours]] = ENDS) -> list[str]:
    """Turns the open page to each of these looks, and gathers what is wrong there."""
    trouble, before = list[str](), 0
    for width, colours in looks:
        turn(page, width, colours)
        # The same page at the same width differs in nothing but its colours.
        found = faults_of(page, only=RULES_OF_COLOUR if width == before else ())
        trouble += [f"{page.url} at {width}, {colours}: {line}" for line in found]
        before = width
    return trouble
