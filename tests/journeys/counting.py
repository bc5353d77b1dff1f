"""What a person does in a journey, counted by the browser itself, and the keystroke-level model that makes seconds of it.

The model is that of Card, Moran and Newell ("The keystroke-level model for user performance time with interactive systems", CACM 23:7,
1980): 1.35 s to decide, 1.1 s to point, 0.2 s to press and let go, 0.4 s to bring the hands to the keys, 0.28 s a key for somebody who
types sometimes. What is read is read at 238 words a minute (Brysbaert, "How many words do we read per minute?", J. Memory and Language
109, 2019). Each page that has to come is given a whole second. Nothing here looks at a clock: how fast the machine of a test is says
nothing about a person.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self
from weakref import WeakKeyDictionary, WeakSet

from playwright.sync_api import Error, Frame, Locator, Page

from tests.journeys.three_days import hold_to_it

DECIDES, POINTS, PRESSES, TO_THE_KEYS, A_KEY = 1.35, 1.1, 0.2, 0.4, 0.28
A_TAP: Final = DECIDES + POINTS + PRESSES
WORDS_A_SECOND: Final = 238 / 60
A_PAGE: Final = 1.0
# Real events only: what a script of the page does is no work of a person. A field is named so that its keys count once.
LISTENS: Final = """() => {
  if (window.countsForTheTable) return;
  window.countsForTheTable = true;
  let number = 0;
  const names = new WeakMap();
  const nameOf = (element) => names.get(element) || (names.set(element, `${performance.timeOrigin}-${(number += 1)}`), names.get(element));
  const tell = (kind, element, keys) =>
    window.countedByTheHand({ kind, keys, name: nameOf(element), ready: element.autofocus === true });
  document.addEventListener("pointerdown", (event) => event.isTrusted && tell("tap", event.target, 0), true);
  document.addEventListener("keydown", (event) => event.isTrusted && event.key === "Enter" && tell("enter", event.target, 1), true);
  document.addEventListener("input", (event) => {
    const element = event.target;
    if (element.tagName === "SELECT") tell("choice", element, 0);
    else if (!["radio", "checkbox", "range", "file"].includes(element.type)) tell("field", element, String(element.value).length);
  }, true);
}"""

WORDS: Final = """(found) => found.map((element) => {
  const copy = element.cloneNode(true);
  const chosen = [...element.querySelectorAll("select")].map((list) => list.selectedOptions[0]?.textContent || "");
  const unseen = "button, .btn, select, script, [hidden], .visually-hidden, .visually-hidden-word, details:not([open]) > :not(summary)";
  copy.querySelectorAll(unseen).forEach((each) => each.remove());
  return `${copy.textContent} ${chosen.join(" ")}`.match(/\\S*[\\p{L}\\p{N}]\\S*/gu)?.length || 0;
}).reduce((one, other) => one + other, 0)"""


@dataclass
class Hand:
    """Counts between ``with`` and its end, and then compares with the target and with the table of the three days."""

    page: Page
    act: str
    taps: int = 0
    choices: int = 0
    enters: int = 0
    pages: int = 0
    words: int = 0
    fields: dict[str, tuple[int, bool]] = field(default_factory=dict)  # name -> keys, and whether the cursor stood in it

    def __enter__(self) -> Self:
        AT_WORK.setdefault(self.page, []).append(self)
        if self.page not in LISTENING:
            LISTENING.add(self.page)
            self.page.expose_binding("countedByTheHand", _told)
            self.page.add_init_script(f"({LISTENS})()")
        _all_told(self.page, LISTENS)
        self.page.on("framenavigated", self._arrived)
        return self

    def __exit__(self, kind: type[BaseException] | None, _wrong: BaseException | None, _where: TracebackType | None) -> None:
        _all_told(self.page)
        self.page.remove_listener("framenavigated", self._arrived)
        AT_WORK[self.page].remove(self)
        if kind is None:
            hold_to_it(self.act, interactions=self.interactions, hands=self.hands, reading=self.reading)

    def _arrived(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.pages += 1

    def counts(self, told: dict[str, Any]) -> None:
        """One event of the browser."""
        if told["kind"] == "tap":
            self.taps += 1
        elif told["kind"] == "choice":
            self.choices += 1
        elif told["kind"] == "enter":
            self.enters += 1
        else:
            self.fields[told["name"]] = (max(told["keys"], self.fields.get(told["name"], (0, False))[0]), told["ready"])

    @contextmanager
    def rests(self) -> Iterator[None]:
        """What happens inside is no part of the act."""
        AT_WORK[self.page].remove(self)
        before = self.pages
        yield
        _all_told(self.page)
        self.pages = before
        AT_WORK[self.page].append(self)

    def reads(self, *what: Locator, times: int = 1) -> None:
        """Somebody has to read all the words that stand there to go on: of a list what is chosen, of a fold its heading.

        The word on a button is no reading: to find it and decide is in the tap. ``times`` as many of the
        kind, where the journey has one and the day has more.
        """
        self.words += times * sum(each.evaluate_all(WORDS) for each in what)

    @property
    def interactions(self) -> int:
        """Taps, choices out of a list, fields typed into, and the key that sends a form."""
        return self.taps + self.choices + self.enters + len(self.fields)

    @property
    def hands(self) -> float:
        """Seconds for the hands, and for the pages that have to come."""
        typed = sum(TO_THE_KEYS + A_KEY * keys + (0 if ready else A_TAP) for keys, ready in self.fields.values())
        chosen = self.choices * (A_TAP + POINTS + PRESSES)
        return self.taps * A_TAP + chosen + self.enters * A_KEY + typed + self.pages * A_PAGE

    @property
    def reading(self) -> float:
        """Seconds for the words."""
        return self.words / WORDS_A_SECOND


LISTENING: WeakSet[Page] = WeakSet()
AT_WORK: WeakKeyDictionary[Page, list[Hand]] = WeakKeyDictionary()


def _all_told(page: Page, words: str = "() => 0") -> None:
    """Asks the page something: what its events told before is here then. A page that is just leaving is asked again once it has come."""
    try:
        page.evaluate(words)
    except Error:
        page.wait_for_load_state("load")
        page.evaluate(words)


def _told(source: dict[str, Any], told: dict[str, Any]) -> None:
    """An event outside of an act is nobody's."""
    for hand in AT_WORK.get(source["page"], ()):
        hand.counts(told)
