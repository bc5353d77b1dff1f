"""What people do at the desk, in the words of the pages: sign in, register, take the intake, plan, read the plan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.test import Client
from playwright.sync_api import Locator, Page, expect

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from tests.factories import PASSWORD, a_user, an_actor
from tests.journeys.counting import Hand

if TYPE_CHECKING:
    from tests.journeys.conftest import Watch

# Milliseconds that a page is waited for. Patience proves nothing: a machine that runs everything else too answers slowly and is not wrong.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

Where = Mapping[str, tuple[str, str, str]]  # question -> part of the body, side, zone
NOTHING_YES: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenRow:
    """One row of a session as the page shows it."""

    zone: str
    side: str
    technique: str
    pressure: str
    tempo: str
    seconds: int


@dataclass(frozen=True)
class SeenSession:
    """One session as the page shows it."""

    rows: tuple[SeenRow, ...]
    seconds: int

    @property
    def techniques(self) -> set[str]:
        return {row.technique for row in self.rows}

    @property
    def tempos(self) -> set[str]:
        return {row.tempo for row in self.rows}

    def of(self, zone: str, side: str = "") -> tuple[SeenRow, ...]:
        """The rows on a zone, of one side when it is named."""
        return tuple(row for row in self.rows if row.zone == zone and side in ("", row.side))


def people_of_the_clinic(clinic: Clinic, role: str, full_name: str) -> Actor:
    """Somebody of that role, with the password of the tests."""
    email = full_name.split(maxsplit=1)[0].lower() + "@lindenhof.test"
    return an_actor(clinic=clinic, roles=(role,), user=a_user(email=email, full_name=full_name))


class Desk:
    """A browser window and the hands in front of it."""

    def __init__(self, page: Page, base: str, watch: "Watch") -> None:
        self.page, self.base, self.watch = page, base, watch

    # Given ---------------------------------------------------------------------------------------------------------------
    def open(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.check_style()

    def check_style(self) -> None:
        """The style sheet really came: without it axe passes on a naked page."""
        padding = self.page.locator(".page").first.evaluate("element => getComputedStyle(element).paddingLeft")
        assert padding != "0px", f"{self.page.url} came without its style"

    def is_signed_in(self, somebody: Actor, path: str | None = "/") -> None:
        """Signed in without the form, which has journeys of its own. Without a path no page is opened yet."""
        client = Client()
        client.force_login(somebody.user)
        cookie = client.cookies["sessionid"]
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": self.base}])
        if path:
            self.open(path)

    def does(self, act: str) -> Hand:
        """What is done from here to the end of ``with`` is that act of ``three_days``: counted, and held to its target."""
        return Hand(self.page, act)

    # When ----------------------------------------------------------------------------------------------------------------
    def sign_in(self, somebody: Actor) -> None:
        self.open("/accounts/login/")
        self.page.get_by_role("textbox", name="Email").fill(somebody.user.email)
        self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        self.press("Sign in")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def press_and_arrive(self, words: str) -> None:
        """Presses and waits for the next page: what reads a page at once must not read the one that is going."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(words)

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()

    def fill(self, fields: Mapping[str, str]) -> None:
        for label, text in fields.items():
            self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, question: str, answer: str) -> None:
        """Answers a question drawn as a bar of choices."""
        self.group(question).get_by_role("radio", name=answer, exact=True).check()

    def group(self, question: str) -> Locator:
        return self.page.get_by_role("group", name=question)

    def register(self, family_name: str, given_name: str, born_on: str, sex: str, **more: str) -> None:
        """Fills in the registration form and sends it. ``born_on`` as the date field wants it, ``more`` by label with spaces."""
        self.fill({"Family name*": family_name, "Given name*": given_name, "Date of birth*": born_on})
        self.page.get_by_label(sex, exact=True).check()
        self.fill({label.replace("_", " "): text for label, text in more.items()})
        self.press("Register")

    def questions(self) -> list[tuple[str, Locator]]:
        """Each question of the page that is a bar of choices, with its words."""
        found = self.page.locator("fieldset.choice")
        return list(zip(found.locator("legend").all_inner_texts(), found.all(), strict=True))

    def answer_gate(self, yes: Sequence[str] = NOTHING_YES) -> None:
        """No to every question of the first page but those that begin with one of these words."""
        expect(self.page.locator("form[data-page=gate]")).to_be_visible()
        for legend, question in self.questions():
            answer = "Yes" if any(legend.startswith(words) for words in yes) else "No"
            question.get_by_role("radio", name=answer, exact=True).check()
        self.press_and_arrive("Go on")

    def answer_details(self, yes: Sequence[str] = NOTHING_YES, where: Where | None = None) -> None:
        """The details: ``yes`` by the beginning of the question; ``where`` by the question: part of the body, side and zone."""
        for legend, question in self.questions():
            marked = any(legend.startswith(words) for words in (*yes, *(where or {})))
            question.get_by_role("radio", name="Yes" if marked else "No", exact=True).check()
        for words, (part, *box) in (where or {}).items():
            fact = self.page.locator(".fact").filter(has=self.page.get_by_role("group", name=words))
            fact.locator("summary").filter(has_text=part).click()
            side, zone = box
            fact.get_by_role("checkbox", name=re.compile(rf"^{side}\s*, {zone}$")).check()
        self.press_and_arrive("Go on")

    def declare(self) -> None:
        self.page.get_by_label("These answers are true").check()
        self.press("Complete the intake")

    def choose_condition(self, search: str, condition: str, stage: str) -> None:
        """From the patient's page to the form of a course."""
        self.follow("New course")
        self.page.get_by_role("searchbox").fill(search)
        self.press("Search")
        self.page.get_by_role("link", name=condition).click()
        self.page.get_by_role("link", name=re.compile(rf"^{re.escape(stage)}\b")).click()

    def plan(self, inputs: Mapping[str, str], count: int, button: str = "Plan the course") -> None:
        """Answers what the condition asks (choices by their word, the rest typed) and plans."""
        sessions = self.page.get_by_label("Number of sessions")
        expect(sessions).to_be_visible()  # so that what follows is read off the form, not off the page before it
        for question, answer in inputs.items():
            group = self.group(question)
            if group.count():
                group.get_by_role("radio", name=answer, exact=True).check()
            else:
                self.page.get_by_label(question).fill(answer)
        sessions.fill(str(count))
        self.press(button)

    def answer_today(self, readings: Mapping[str, str], yes: Sequence[str] = NOTHING_YES) -> None:
        """Today's questions: readings by the beginning of their label, yes to consent and to ``yes``, no to all else."""
        for label, value in readings.items():
            self.page.get_by_label(re.compile("^" + re.escape(label))).first.fill(value)
        for question in ("Do you agree to today's session", *yes):
            self.choose(question, "Yes")
        self.page.get_by_role("button", name="to everything still open").click()
        self.press("Keep the answers and plan again")

    # Then ----------------------------------------------------------------------------------------------------------------
    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def sees_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()

    def sees_no(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_have_count(0)

    def section(self, heading: str) -> Locator:
        """The part of the page under that heading."""
        return self.page.get_by_role("region", name=heading)

    def sees_draft(self) -> None:
        """The session on the page is marked as one that may not start."""
        expect(self.session()).to_contain_text("Draft: may not start")

    def session(self) -> Locator:
        return self.page.get_by_role("region", name=re.compile(r"^Session \d+ of \d+"))

    def show_session(self, number: int) -> SeenSession:
        """Turns to a session of the plan and reads it."""
        self.page.get_by_role("navigation", name="Sessions").get_by_role("link").nth(number - 1).click()
        expect(self.page.get_by_role("heading", name=f"Session {number} of")).to_be_visible()
        return self.read_session()

    def read_session(self) -> SeenSession:
        """The rows on the page once all of it is there."""
        expect(self.section("How this plan was made")).to_be_visible()
        rows = [_row(*each) for each in self.steps().evaluate_all(READS)]
        return SeenSession(tuple(rows), sum(row.seconds for row in rows))

    def steps(self) -> Locator:
        """The groups of rows of the session on the page, one a step."""
        return self.page.locator("tbody.step")

    def findings(self) -> list[str]:
        return self.section("Findings").locator("summary .finding-title").all_inner_texts()

    def open_finding(self, title: str) -> str:
        """Opens a finding, unless it is so grave that it stands open, and gives all that it says."""
        finding = self.page.locator("details.finding").filter(has_text=title).first
        if finding.get_attribute("open") is None:
            finding.locator("summary").click()
        return finding.inner_text()


# All rows at once: a browser that is asked for each word by itself is asked some hundred times a session.
READS: Final = """steps => steps.flatMap(step => {
  const only = (within, part) => {
    const [found, ...more] = within.querySelectorAll(part);
    if (!found || more.length) throw new Error(`${more.length ? 'many' : 'no'} ${part} in a step`);
    return found.innerText;
  };
  return [...step.querySelectorAll('.plan-row')].map(row => [only(step, '.step-zone'), only(step, '.side > span'),
    ...['.row-technique', '.pressure', '.tempo', '.minutes b'].map(part => row.querySelector(part).innerText.trim())]);
})"""


def _row(zone: str, side: str, technique: str, pressure: str, tempo: str, clock: str) -> SeenRow:
    return SeenRow(zone, side, technique, _last(pressure), _last(tempo), seconds_of(clock))


def _last(text: str) -> str:
    return text.rsplit(":", 1)[-1].strip()


def seconds_of(clock: str) -> int:
    """Minutes as the page writes them, such as 6 or 6:30."""
    minutes, _, rest = clock.partition(":")
    return int(minutes) * 60 + int(rest or 0)
