"""States of pages that come by pressing, not by an address: a form with mistakes in it, a session that is given, a patient's own form.

Buttons are found by what they do, never by their words, so that a scene plays in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.async_api import Page

# What is done: press (CSS of it) | key (its name) | wait (for this CSS) | fill (CSS of a field, its text) | send (CSS of a form: without
# what the browser would refuse).
Step = tuple[str, ...]
FORM: Final = "main form[method=post]:not([action*='/appearance/'])"
EMPTY: Final[Step] = ("empty", FORM)
SEND: Final[Step] = ("send", FORM)
NO_TO_ALL: Final[Step] = ("press-all", "main .choice-bar > :nth-child(2) input")
TAKE_OVER: Final[Step] = ("press", "[data-take-over] button:visible")  # where the window that pictured the player before still plays
BORN: Final[tuple[Step, ...]] = (("fill", "[name=day]", "2"), ("fill", "[name=month]", "1"), ("fill", "[name=year]", "1980"))


@dataclass(frozen=True)
class Scene:
    """A state: the name of its picture, where it begins (a kind of page that is pictured, or the name of a link), and what is done."""

    name: str
    at: str
    steps: Sequence[Step]


def _mistakes(*kinds: str) -> tuple[Scene, ...]:
    return tuple(Scene(f"{kind} with mistakes", kind, (EMPTY, SEND)) for kind in kinds)


def _player(**pressed: str) -> tuple[Scene, ...]:
    """What the player shows once this is pressed: name of the picture -> CSS."""
    return tuple(Scene(f"day:player {name.replace('_', ' ')}", "day:player", (TAKE_OVER, ("press", css))) for name, css in pressed.items())


# In the order of the folder. A form that is sent empty changes nothing; what changes something stands at the end.
SCENES: Final[dict[str, tuple[Scene, ...]]] = {
    "therapist": (
        *_mistakes("patients:new", "patients:edit", "patients:referral-new"),
        Scene("patients:document-new with mistakes", "patients:document-new", (("press", "main a[href^='?kind=']"), EMPTY, SEND)),
        *_mistakes("patients:referral-paper", "patients:intake-details", "patients:intake-declaration", "patients:document-file-new"),
        *_mistakes("courses:new-plan", "courses:lose-session", "courses:pause", "courses:transfer", "courses:ask-doctor", "courses:end"),
        *_mistakes("courses:record", "courses:consent", "calendar:waiting-new", "care:put-in", "patients:died"),
        *_mistakes("outcomes:measure", "day:outage", "account_change_password", "pin"),
        *_player(skip="[data-sheet=skip]", hurts_here="[data-sheet=hurt]", stop="[data-sheet=stop]", signals="[data-sheet=cues]"),
        *_player(keys="[data-sheet=help]", paused="[data-do=pause] button"),
        Scene("keys", "home", (("key", "?"), ("wait", "dialog[open]"))),
        Scene("person-menu", "home", (("press", ".menu summary"),)),
        Scene("search-found", "courses:list", (("fill", "[data-search-box]", "ne"), ("wait", "#everywhere-found a"))),
        Scene("studio:keys", "studio:plan", (("press", "[data-keys-help]"),)),
        Scene("day:finish signed", "day:finish", (EMPTY, SEND)),  # nothing of it has to be said, and the session is over
    ),
    "admin": (
        *_mistakes("staff-new", "schedule:absence-new", "schedule:closure-new", "schedule:place-new", "schedule:week", "schedule:day"),
        *_mistakes("reminders:text", "exchange:imports", "keeping:ask", "calendar:absent-new", "calendar:move", "calendar:release"),
        *_mistakes("calendar:propose"),
        Scene(
            "exchange:import", "exchange:imports", (("file", "[type=file]", "Family name,Given name,Born\nPicture,Paul,1971-02-03\n"), SEND)
        ),
        Scene("calendar:absent", "calendar:absent-new", (SEND,)),
        Scene("calendar:held", "calendar:propose", (SEND,)),
    ),
    "doctor": (
        *_mistakes("patients:referral-sign", "courses:sign-off", "courses:revoke", "patients:referral-revoke", "patients:facts-new?"),
    ),
    "lead": (*_mistakes("packs:import", "rulebook:own-new", "testbench:case?", "variants:texts", "library:review-entry"),),
    "signed-out": (
        *_mistakes("account_login", "account_reset_password", "new-password", "invitation", "intake-link"),
        Scene("answer-date-confirmed", "answer-date", (("press", "main button[value=confirmed]"),)),
        Scene("answer-question-over", "answer-question", (("press", "main button[value='3']"),)),
        Scene("answer-stopped", "answer-stop", (("press", "main button[type=submit]"),)),
        # One after the other: the browser that has said the birth date is led on.
        Scene("intake-link-questions", "intake-link", (*BORN, SEND)),
        Scene("intake-link-questions-with-mistakes", "intake-link", (EMPTY, SEND)),
        Scene("intake-link-details", "intake-link", (NO_TO_ALL, SEND)),
        Scene("intake-link-declaration", "intake-link", (NO_TO_ALL, SEND)),
    ),
}

# A form with nothing in it, as far as a person can empty it.
EMPTIED: Final = """form => { for (const field of form.elements) {
  if (field.type === 'hidden' || field.type === 'submit') continue;
  if (field.type === 'checkbox' || field.type === 'radio') field.checked = false; else field.value = '';
} }"""
# The last button sends, where a form has several: those before it serve a part of it.
SENT: Final = """form => { form.noValidate = true; for (const field of form.elements) field.disabled &&= field.type === 'fieldset';
  form.requestSubmit([...form.querySelectorAll('[type=submit]')].filter(each => !each.formAction.includes('?')).at(-1) ?? null) }"""


async def play(page: "Page", steps: Sequence[Step]) -> None:
    """Does these steps on the open page, one after the other."""
    for does, what, *words in steps:
        if does == "key":
            await page.keyboard.press(what)
        elif does in {"empty", "send"}:
            await _with_form(page, what, EMPTIED if does == "empty" else SENT)
        else:
            await _with_part(page, does, what, words)


async def _with_part(page: "Page", does: str, css: str, words: Sequence[str]) -> None:
    part = page.locator(css)
    if does == "wait":
        await part.first.wait_for()
    elif does == "press-all":
        await part.evaluate_all("all => all.forEach(each => { each.checked = true })")
    elif does == "file":
        await part.first.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": words[0].encode()})
    elif does == "fill":
        await part.first.fill(words[0])
    elif await part.count():  # in a clinic that was kept it may have been pressed before
        await part.first.click()
        await page.wait_for_load_state("load")


async def _with_form(page: "Page", css: str, script: str) -> None:
    """Runs this on the longest form of the page: the others are buttons. What is sent has answered when this ends."""
    forms = page.locator(css)
    longest = await forms.evaluate_all(
        "all => all.map(each => each.elements.length).reduce((best, n, at, l) => n > l[best] ? at : best, 0)"
    )
    if script is EMPTIED:
        await forms.nth(longest).evaluate(script)
        return
    async with page.expect_navigation(wait_until="load"):
        await forms.nth(longest).evaluate(script)
