"""The watch over a browser tells what failed, and keeps quiet about a page that was left before its fragment came; pale texts are found."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Watch
from tests.journeys.looks import ASKS_ONCE_OF_A_KIND, AXE, faults_of


class _NoPage:
    def on(self, _event: str, _told: object) -> None:
        """Nobody calls: the test says itself what the browser said."""


def _trouble(*lines: str) -> list[str]:
    watch = Watch(_NoPage())  # type: ignore[arg-type]  # a page that says nothing of its own
    for line in lines:
        watch._said("error", line)
    return watch.trouble


def test_a_page_left_before_its_fragment_came_is_no_trouble() -> None:
    assert _trouble("htmx:afterRequest, [object HTMLDivElement]", "htmx:sendAbort, [object HTMLDivElement]") == []


@pytest.mark.parametrize("reason", ["htmx:sendError", "htmx:timeout", "htmx:swapError", "htmx:onLoadError"])
def test_a_fragment_that_failed_is_told(reason: str) -> None:
    assert _trouble("htmx:afterRequest, [object HTMLDivElement]", f"{reason}, [object HTMLDivElement]") == [
        f"console: {reason}, [object HTMLDivElement]"
    ]


# Texts too pale in each way a text can be: by its own colour, by what is painted behind it, see-through, and laid over something else.
PALE = """<html lang="en"><title>Texts</title><style>
  body { background: #fff; color: #767676; font: 20px sans-serif } .dark { background: #555 } .faint { opacity: .6 }
  .laid { position: absolute; top: 0; left: 0; height: 90px; width: 300px; background: #999 } .under { height: 100px; position: relative }
</style><main><h1>Texts</h1>
  <p>fine</p><p>fine</p><p style="color: #ccc" id="colour">pale</p><p>fine</p><div class="dark"><p id="behind">pale</p></div>
  <div class="faint"><div><p id="faint">pale</p></div></div><p>fine</p><p hidden style="color: #aaa">unseen</p>
  <p style="color: #aaa" id="seen">pale</p><p style="color: #aaa" id="seen-too">pale</p>
  <div class="under"><div class="laid"><p id="laid">pale</p></div></div><p>fine</p>
</main>"""
PALE_ONES = "(found) => found.filter(({id}) => id === 'color-contrast').flatMap(({nodes}) => nodes.map(({target}) => target[0])).sort()"


def test_each_pale_text_among_many_of_its_kind_is_found(page: Page) -> None:
    page.set_content(PALE)
    page.evaluate(AXE.axe_script)
    wanted = page.evaluate(f"axe.run().then(({{violations}}) => ({PALE_ONES})(violations))")
    page.evaluate(ASKS_ONCE_OF_A_KIND)
    assert page.evaluate(f"axeInThisLook({{}}).then({PALE_ONES})") == wanted
    assert wanted == ["#behind", "#colour", "#faint", "#laid", "#seen", "#seen-too"]
    assert [line.split(":")[0] for line in faults_of(page)] == ["color-contrast"]
