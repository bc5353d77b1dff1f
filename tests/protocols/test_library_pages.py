"""Everything in the library can be read by everybody who works at a clinic, in both languages, without a patient."""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from protocols import cases
from protocols.editions.content import shipped_digest
from protocols.method.entries import AllOf, AnyOf, Comparison, Not, Tree
from protocols.presentation import words as said
from protocols.presentation.addresses import IN_LIST, address
from protocols.presentation.cases import EXPECTED, cases_of
from protocols.presentation.reader import reader_in
from protocols.presentation.rule_cases import SAID
from protocols.presentation.search import codes_found
from protocols.presentation.sources import citations, entry_name
from protocols.presentation.truths import ANSWERS
from protocols.reviewing import shipped_entries
from protocols.rule_cases import WORDS, rule_cases
from protocols.shelf import shipped_library
from tests.factories import a_member, a_user

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
Budget = Callable[[int], AbstractContextManager[list[str]]]
LIBRARY = shipped_library()
LISTS = ("overview", "conditions", "rules", "techniques", "zones", "supplements", "measures", "documents", "sources", "review")
PAGES: dict[str, Any] = {
    "condition": LIBRARY.conditions,
    "rule": LIBRARY.rules,
    "technique": LIBRARY.techniques,
    "zone": LIBRARY.zones,
    "supplement": LIBRARY.supplements,
    "source": LIBRARY.sources,
}
IN_LISTS: dict[str, Any] = {
    "profile": LIBRARY.profiles,
    "family": LIBRARY.families,
    "point": LIBRARY.points,
    "danger": LIBRARY.dangers,
    "position": LIBRARY.positions,
    "area": LIBRARY.areas,
    "sheet": LIBRARY.sheets,
    "measure": LIBRARY.measures,
    "document": LIBRARY.documents,
}
LEFT_OVER = re.compile(r"%\(\w|[:(–] ?None\b|\bNone (?:minutes|days|at)\b|\{\{|object at 0x|\bTrue\b|\bFalse\b")


@pytest.fixture
def readers(signed_in: SignedIn, auditor: Actor) -> dict[str, Client]:
    """The browsers of two auditors, an English and a Russian one: they see nothing of patients and everything here."""
    russian = a_user(language="ru")
    a_member(clinic=auditor.clinic, roles=(Role.AUDITOR,), user=russian)
    return {"en": signed_in(auditor), "ru": signed_in(russian)}


def body_of(client: Client, url: str) -> str:
    """The content of a page, with its letters as people see them."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return html.unescape(answer.content.decode().partition("<main")[2].partition("</main>")[0])


DRAWN: dict[tuple[str, str], str] = {}


def page_of(readers: dict[str, Client], language: str, kind: str, code: str) -> str:
    """The content of the page of an entry, which is the same for all auditors, and drawn once."""
    key = language, address(kind, code)
    if key not in DRAWN:
        DRAWN[key] = body_of(readers[language], key[1])
    return DRAWN[key]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", PAGES)
def test_every_entry_has_its_page(readers: dict[str, Client], kind: str, language: str) -> None:
    speaker, trouble = reader_in(language), []
    for code in PAGES[kind]:
        body = page_of(readers, language, kind, code)
        seen = re.sub(r"<[^>]+>", " ", body)
        if LEFT_OVER.search(seen) or entry_name(kind, code, speaker).casefold() not in body.casefold():
            trouble.append(f"{code}: {LEFT_OVER.findall(seen)}")
    assert not trouble, "\n".join(trouble)


def test_every_entry_that_stands_in_a_list_has_its_place_there(readers: dict[str, Client]) -> None:
    assert set(IN_LISTS) == set(IN_LIST)
    pages = {name: body_of(readers["en"], reverse(name)) for name in set(IN_LIST.values())}
    missing = [f"{kind} {code}" for kind, table in IN_LISTS.items() for code in table if f'id="{kind}-{code}"' not in pages[IN_LIST[kind]]]
    assert not missing


def test_every_stage_has_its_place_on_the_page_of_its_condition(readers: dict[str, Client]) -> None:
    for condition in LIBRARY.conditions.values():
        body = page_of(readers, "en", "condition", condition.code)
        assert [stage for stage in condition.stages if f'id="stage-{stage}"' not in body] == []


@pytest.mark.parametrize("kind", PAGES)
def test_an_entry_that_is_not_there_is_not_found(readers: dict[str, Client], kind: str) -> None:
    assert readers["en"].get(address(kind, "no-such-entry")).status_code == 404


def test_a_review_of_something_that_is_not_on_the_list_is_not_found(readers: dict[str, Client]) -> None:
    for kind, code in (("rule", "no-such-rule"), ("source", "m-27"), ("nothing", "em-01")):
        assert readers["en"].get(reverse("library:review-entry", args=[kind, code])).status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_once_and_says_everything(readers: dict[str, Client], name: str, max_queries: Budget) -> None:
    for client in readers.values():
        with max_queries(1):
            body = body_of(client, reverse(f"library:{name}"))
        assert not LEFT_OVER.search(re.sub(r"<[^>]+>", " ", body))


def test_no_page_of_the_library_shows_a_patient_or_needs_one(readers: dict[str, Client]) -> None:
    assert "/patients/" not in body_of(readers["en"], reverse("library:overview"))


def test_the_overview_names_the_edition_and_says_that_a_clinician_must_review_it(readers: dict[str, Client]) -> None:
    body = body_of(readers["en"], reverse("library:overview"))
    assert LIBRARY.edition in body
    assert LIBRARY.digest in body
    assert "A clinician must review every protocol and every rule" in body


# Words ------------------------------------------------------------------------------------------------------------------------
def test_every_code_of_the_library_has_its_word() -> None:
    facts = LIBRARY.facts.values()
    assert {fact.unknown for fact in facts} <= set(said.UNKNOWN)
    assert {zone.percussion for zone in LIBRARY.zones.values()} <= set(said.PERCUSSION)
    assert {row.tone for row in LIBRARY.techniques.values()} <= set(said.TONES)
    assert {rule.clearance.lifts for rule in LIBRARY.rules.values() if rule.clearance} <= set(said.LIFTS)
    assert {op for rule in LIBRARY.rules.values() for op in operators(rule.when)} <= set(ANSWERS)
    assert {entry.ground.code for entry in shipped_entries().values()} == set(said.GROUND_WORDS)


def operators(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Comparison):
        yield tree.op
    elif isinstance(tree, Not):
        yield from operators(tree.branch)
    elif isinstance(tree, AllOf | AnyOf):
        for branch in tree.branches:
            yield from operators(branch)


def test_every_expectation_of_a_worked_case_can_be_said() -> None:
    assert set(cases.EXPECTATIONS) - {"outcome"} <= set(EXPECTED)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_worked_case_is_shown_and_holds(readers: dict[str, Client], language: str) -> None:
    with translation.override(language):
        shown = [case for condition in LIBRARY.conditions.values() for case in cases_of(condition, reader_in(language), shipped_digest())]
    assert {case.code for case in shown} == {case.code for case in cases.worked_cases()}
    assert [case.code for case in shown if case.faults] == []
    for condition in LIBRARY.conditions.values():
        body = page_of(readers, language, "condition", condition.code)
        assert [
            case.code for case in cases.worked_cases() if case.condition == condition.code and f'id="case-{case.code}"' not in body
        ] == []


def test_every_expectation_of_a_rule_s_case_can_be_said() -> None:
    assert set(WORDS) - {"outcome", "advice"} <= set(SAID) | set(EXPECTED)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_of_a_rule_shows_its_cases(readers: dict[str, Client], language: str) -> None:
    body = body_of(readers[language], address("rule", "bl-03"))
    assert body.count('<details class="case">') == len(rule_cases()["bl-03"].all)


# Search -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("query", "kind", "code"),
    [
        ("scoliosis", "condition", "scoliosis"),
        ("Сколиоза", "condition", "scoliosis"),
        ("остеохондроз поясничного", "condition", "osteochondrosis-lumbar"),
        ("M54.5", "condition", "osteochondrosis-lumbar"),
        ("blood thinner", "rule", "bl-03"),
        ("варфарин", "rule", "bl-03"),
        ("разминание", "technique", "kneading-longitudinal"),
        ("KNEADING", "technique", "kneading-longitudinal"),
        ("поясница", "zone", "lumbar"),
        ("m-27", "source", "m-27"),
    ],
)
def test_english_and_russian_words_find_the_same_whatever_the_page_speaks(
    readers: dict[str, Client], language: str, query: str, kind: str, code: str
) -> None:
    assert code in (codes_found(query, kind, shipped_digest()) or ())
    answer = readers[language].get(reverse("library:overview"), {"q": query})
    assert address(kind, code) in answer.content.decode() or "?q=" in answer.content.decode()


def test_a_search_that_finds_nothing_says_so_and_leads_back(readers: dict[str, Client]) -> None:
    for name in LISTS[:-1]:
        answer = readers["en"].get(reverse(f"library:{name}"), {"q": "zzzz qqqq"})
        assert "Nothing holds these words" in answer.content.decode(), name


def test_a_list_of_rules_is_narrowed_by_outcome_and_group(readers: dict[str, Client]) -> None:
    body = readers["en"].get(reverse("library:rules"), {"outcome": "emergency", "group": "emergency"}).content.decode()
    assert address("rule", "em-01") in body
    assert address("rule", "bl-03") not in body


# Sources ----------------------------------------------------------------------------------------------------------------------
def test_a_source_that_nobody_cites_is_marked(readers: dict[str, Client]) -> None:
    uncited = [code for code in LIBRARY.sources if code not in citations(LIBRARY)]
    body = body_of(readers["en"], reverse("library:sources"))
    assert body.count("nobody") == len(uncited)
    for code in uncited[:3]:
        assert "No entry cites it" in body_of(readers["en"], address("source", code))


def test_an_address_of_the_web_is_left_without_a_trace(readers: dict[str, Client]) -> None:
    body = body_of(readers["en"], reverse("library:sources"))
    outside = re.findall(r'<a href="https?://[^"]*"([^>]*)>', body)
    assert outside
    assert {more.strip() for more in outside} == {'rel="noreferrer"'}
