"""Pictures of every page: what is listed exists, and the walk along the links finds each kind of page once. No browser is started."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from clinic.courses.demo import PEOPLE as DEMO_PEOPLE
from clinic.pictures import pages
from clinic.pictures.scenes import SCENES
from clinic.pictures.sheet import write_sheet
from clinic.pictures.shooting import Subject, file_name
from clinic.pictures.walking import kind_of, links_in, walk

pytestmark = pytest.mark.same_everywhere


def url_names(resolver: URLResolver, spaces: str = "") -> set[str]:
    """Every URL name of the project, with its name spaces."""
    found = set[str]()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found |= url_names(pattern, f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces)
        else:
            found.add(f"{spaces}{pattern.name}")
    return found


def test_every_listed_name_is_a_url_of_the_project() -> None:
    listed = {name.removesuffix("?") for name in (*pages.SEVERAL, *pages.NO_FILTERS, *pages.NO_PAGES)}
    assert listed - url_names(get_resolver()) == set()


def test_every_listed_address_leads_somewhere_but_the_one_that_must_not() -> None:
    addresses = {**pages.ALONE, **{name: path for named in pages.UNLINKED.values() for name, path in named.items()}}
    assert [name for name, path in addresses.items() if not leads_somewhere(path)] == ["404"]


def test_every_state_begins_on_a_page_of_the_project_or_behind_a_link_that_is_made() -> None:
    made = {"answer-date", "answer-question", "answer-stop", "intake-link", "invitation", "new-password"}
    begun = {scene.at.removesuffix("?") for scenes in SCENES.values() for scene in scenes}
    assert begun - url_names(get_resolver()) - made == set()
    assert SCENES.keys() <= {*pages.PEOPLE, pages.SIGNED_OUT}


def test_no_state_has_the_picture_of_another() -> None:
    names = [(role, file_name(scene.name, 0)) for role, scenes in SCENES.items() for scene in scenes]
    assert len(names) == len(set(names))


def test_what_may_be_empty_is_no_record_and_comes_with_no_program() -> None:
    assert pages.may_be_empty("patients:list", "/patients/")
    assert not pages.may_be_empty("patients:list?q", "/patients/?q=a")
    assert not pages.may_be_empty("patients:detail", "/patients/1/")
    assert not pages.may_be_empty("library:overview", "/library/")


def leads_somewhere(path: str) -> bool:
    try:
        return bool(resolve(path.partition("?")[0]))
    except Resolver404:
        return False


def test_every_role_signs_in_as_somebody_of_the_demo() -> None:
    roles = {name: str(role) for name, _full_name, role in DEMO_PEOPLE}
    assert [roles[name].endswith(role) for role, name in pages.PEOPLE.items()] == [True] * len(set(roles.values()))


def test_the_walk_takes_each_kind_of_page_as_often_as_it_differs() -> None:
    site = {
        "/patients/": '<a href="/patients/1/">a</a> <a href="/patients/1/#top">again</a> <a href="/courses/?on=1&amp;sort=day">b</a>',
        "/patients/1/": " ".join(f'<a href="/patients/{pk}/">next</a>' for pk in range(2, 9)) + '<a href="/courses/1/plan.pdf">print</a>',
        "/courses/?on=1&sort=day": '<a href="/courses/?on=2&amp;sort=name">the same</a> <a href="/courses/">all</a> <a href="/none/">-</a>',
    }

    async def fetch(address: str) -> str:
        return site.get(address, "a page" if address != "/patients/2/" else "")

    with ThreadPoolExecutor(1) as thread:  # tests in a browser may have left a loop running in this one
        found = thread.submit(asyncio.run, walk(["/patients/"], fetch)).result()
    assert found["patients:detail"] == ["/patients/1/", "/patients/3/", "/patients/4/", "/patients/5/"]
    assert found["courses:list?"] == ["/courses/?on=1&sort=day"]
    assert set(found) == {"patients:list", "patients:detail", "courses:list", "courses:list?"}


def test_a_filter_is_another_kind_of_page_and_a_file_is_none() -> None:
    assert (kind_of("/courses/?on=1"), kind_of("/courses/"), kind_of("/courses/1/plan.pdf")) == ("courses:list?", "courses:list", "")
    assert links_in('<a href="/a/?x=1&amp;y=2#z"> <link href="https://elsewhere.test/">') == ["/a/?x=1&y=2"]


def test_the_sheet_shows_the_pictures_that_are_there(tmp_path: Path) -> None:
    page = Subject("therapist", file_name("courses:list?", 1), "/courses/?on=1&sort=<day>")
    (tmp_path / "therapist").mkdir()
    (tmp_path / f"therapist/{page.name}-390-dark.png").touch()
    words = write_sheet(tmp_path, [page], ((1280, "dark"), (390, "dark"))).read_text(encoding="utf-8")
    assert page.name == "courses-list-filtered-2"
    assert words.count("<img") == 1
    assert "&lt;day&gt;" in words
