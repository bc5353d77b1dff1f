"""The watch over a browser tells what failed, and keeps quiet about a page that was left before its fragment came; pale texts are found."""

import pytest
from playwright.sync_api import Page

from clinic.pictures.contrast import ASKS_ONCE_OF_A_KIND
from tests.journeys.conftest import Watch
from tests.journeys.looks import AXE, faults_of


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


# Texts too pale in each way a text can be: by its own colour, by what is painted behind it, see-through, laid over something else with a
# ground of its own and without one, stuck over something else, and outside of the drawing that it belongs to. Each of those has a neighbour
# of the very same make that is fine, or of which axe never says anything, as it is of no text in a drawing or on a picture.
PALE = """<html lang="en"><title>Texts</title><style>
  body { background: #fff; color: #767676; font: 20px sans-serif } .dark { background: #555 } .faint { opacity: .6 }
  .laid { position: absolute; top: 0; left: 0; height: 90px; width: 300px } .under { height: 100px; position: relative }
  .grey { background: #999 } .white { background: #fff } .black { background: #000 } .veil { opacity: .6; color: #444 }
  .stays { position: sticky; top: 0 } .sinks { position: sticky; bottom: 0 } .tall { height: 3000px }
  svg { overflow: visible; display: block } .picture { background-image: url(data:,) }
  a { color: #767676 } .plain a { text-decoration: none; color: #6e6e6e }
</style><main><h1>Texts</h1>
  <p>fine</p><p>fine</p><p style="color: #ccc" id="colour">pale</p><p>fine</p><div class="dark"><p id="behind">pale</p></div>
  <div class="faint"><div><p id="faint">pale</p></div></div><p>fine</p><p hidden style="color: #aaa">unseen</p>
  <p style="color: #aaa" id="seen">pale</p><p style="color: #aaa" id="seen-too">pale</p>
  <div class="under"><div class="laid white"><p>fine</p></div></div>
  <div class="under"><div class="laid grey"><p id="laid">pale</p></div></div>
  <div class="under"><div class="laid"><p>fine</p></div></div>
  <div class="under"><div class="laid dark"></div><div class="laid"><p id="bare">pale</p></div></div>
  <div class="under"><div class="laid black"></div><div class="laid white veil"><p>fine</p></div></div>
  <div class="under"><div class="laid white veil"><p id="veil">pale</p></div></div>
  <div><div class="stays"><p>fine</p></div></div><div class="dark"><div class="stays"><p id="stays">pale</p></div></div>
  <p>a <a href="#colour">line</a> under it</p><p class="plain">only its <a href="#colour" id="link">colour</a></p>
  <svg width="200" height="40"><text y="25" style="color: #ccc">drawn</text></svg>
  <svg width="20" height="40"><text y="25" x="60" style="color: #ccc" id="outside">pale</text></svg>
  <div class="picture"><p style="color: #ccc">unsure</p></div><div><p style="color: #ccc" id="ground">pale</p></div>
  <div><div class="sinks"><p>fine</p></div></div>
  <div><div class="dark tall"></div><div class="sinks"><p id="sinks">pale</p></div></div>
</main>"""
PALE_ONES = """(found) => found.filter(({id}) => ["color-contrast", "link-in-text-block"].includes(id))
  .flatMap(({nodes}) => nodes.map(({target}) => target[0])).sort()"""
NAMES = ("colour", "behind", "faint", "seen", "seen-too", "laid", "bare", "veil", "stays", "link", "outside", "ground", "sinks")
EACH = sorted(f"#{name}" for name in NAMES)


@pytest.mark.django_db  # the browser comes after the database, which is made only where it is asked for
def test_each_pale_text_among_many_of_its_kind_is_found(page: Page) -> None:
    page.set_content(PALE)
    page.evaluate(AXE.axe_script)
    assert page.evaluate(f"axe.run().then(({{violations}}) => ({PALE_ONES})(violations))") == EACH
    page.evaluate(ASKS_ONCE_OF_A_KIND, "")
    sought = f"axeInThisLook({{}}).then(({{violations, sufficient}}) => [({PALE_ONES})(violations), sufficient])"
    found, sufficient = page.evaluate(sought)
    assert found == EACH
    page.set_content(PALE)
    page.evaluate(AXE.axe_script)
    page.evaluate(ASKS_ONCE_OF_A_KIND, "\n".join(sufficient))
    assert page.evaluate(sought) == [EACH, []], "what was found sufficient on another page hides nothing here, and is not asked again"
    assert sorted(line.split(":")[0] for line in faults_of(page)) == ["color-contrast", "link-in-text-block"]
