import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.each import of_each
from tests.journeys.looks import faults_of

ROOT = Path(__file__).parents[3]
COMPONENTS = sorted(file.name for file in (ROOT / "templates" / "_components").glob("*.html"))
# What base.html or another component already puts around the gallery.
AROUND = {"logo.html", "messages.html", "navigation.html", "person_menu.html", "preferences.html", "search_everywhere.html"}
# One small script per behaviour; the session player is the one exception: a clock, what is written to the device and what is drawn
# have to agree with each other there, and are read together.
LONGEST_SCRIPT = 60
LONGEST_PLAYER_SCRIPT = 400


@pytest.fixture
def _in_debug(settings):
    settings.DEBUG = True


@pytest.mark.django_db
def test_the_gallery_exists_only_for_those_who_build(client, settings):
    settings.DEBUG = False
    assert client.get(reverse("styleguide")).status_code == 404


@of_each("name", COMPONENTS)
def test_each_component_is_in_the_gallery(name):
    gallery = (ROOT / "templates" / "web" / "styleguide.html").read_text(encoding="utf-8")
    toolbar = (ROOT / "templates" / "_components" / "toolbar.html").read_text(encoding="utf-8")
    assert name in AROUND or f'"_components/{name}"' in gallery + toolbar


@of_each("name", COMPONENTS)
def test_each_component_begins_with_its_parameters(name):
    first = (ROOT / "templates" / "_components" / name).read_text(encoding="utf-8").lstrip()
    assert re.match(r"\{# .*(Parameters:|No parameters)", first) or first.startswith("{% comment")


@of_each("file", sorted((ROOT / "templates").rglob("*.html")), ids=lambda file: file.name)
def test_no_template_needs_inline_style_or_script(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)


@of_each("file", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda file: file.name)
def test_scripts_are_small(file):
    longest = LONGEST_PLAYER_SCRIPT if file.name.startswith("player") else LONGEST_SCRIPT
    assert len(file.read_text(encoding="utf-8").splitlines()) <= longest


@of_each("file", sorted((ROOT / "static" / "css").rglob("*.css")), ids=lambda file: file.name)
def test_stylesheets_load_nothing_from_elsewhere(file):
    assert not re.search(r"https?://|url\(['\"]?(//|data:)", file.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("_in_debug")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_is_usable_by_everybody_in_both_themes(live_server, page, theme):
    failed: list[str] = []
    page.on("response", lambda response: failed.extend([response.url] if response.status >= 400 else []))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(live_server.url + reverse("styleguide"))
    assert failed == []
    assert page.evaluate("document.fonts.check('16px \"Tactus Sans\"')")
    for width in (1360, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []


@pytest.mark.usefixtures("_in_debug")
@pytest.mark.django_db(transaction=True)
def test_a_slash_goes_to_the_search_but_not_while_somebody_types(live_server, page):
    page.goto(live_server.url + reverse("styleguide"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("/")
    assert page.locator("input[type=search]").input_value() == "/"


@pytest.mark.django_db(transaction=True)
def test_the_frame_around_a_signed_in_person_is_usable_at_every_width(live_server, page, client, clinic_admin):
    client.force_login(clinic_admin.user)
    session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    page.context.add_cookies([session])
    page.goto(live_server.url + reverse("staff-list"))
    for width in (1360, 820, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("nav a[aria-current=page]:visible").count() == 1
        page.locator("summary.menu-button").click()
        assert page.get_by_role("button", name="Sign out").is_visible()
        assert faults_of(page) == []
        page.keyboard.press("Escape")
        assert not page.get_by_role("button", name="Sign out").is_visible()
