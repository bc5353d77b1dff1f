"""Style sheets are written small and many, and loaded as one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from clinic.benchmark.first_load import first_load
from clinic.web import sheets
from clinic.web.sheet_finder import SheetFinder

pytestmark = pytest.mark.same_everywhere

CSS = settings.BASE_DIR / "static" / "css"
KILOBYTE = 1000
FACE = re.compile(r"tactus-regular-([a-z-]+)\.woff2.*?unicode-range: ([^;]+);", re.DOTALL)
IN_SCRIPT = re.compile(r'"([a-z-]+)": ((?:"[U+0-9A-F, -]+"\s*)+),')

SMALL = {
    "css/app.css": '/* why */ @layer low, high;\n@import url("../lib.css") layer(low);\n@import url("parts/a.css") layer(high);\n'
    '@import url("print.css") layer(high) print;\nb { color: red; }',
    "lib.css": '@charset "UTF-8";/*! MIT */:root{--x: 1px}.used,.never{top:0}@media print{.never{top:0}}',
    "css/parts/a.css": 'a :hover,\na::after { content: "/* ; } */ a  b"; background: url("../../img/x.svg"); inset: calc(1px + 2px) }',
    "css/print.css": "i { display: none; }",
}


def read(name: str) -> str:
    return SMALL[name]


def test_a_joined_sheet_says_what_the_many_said():
    assert sheets.joined("css/app.css", read) == (
        "@layer low,high;@layer low{/*! MIT */:root{--x:1px}.used,.never{top:0}@media print{.never{top:0}}}"
        '@layer high{a :hover,a::after{content:"/* ; } */ a  b";background:url("../img/x.svg");inset:calc(1px + 2px)}}'
        "@media print{@layer high{i{display:none}}}b{color:red}"
    )


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (".used{top:0}", ".used{top:0}"),
        (".never{top:0}", ""),
        (".used,.never{top:0}", ".used{top:0}"),
        (".used .never{top:0}", ""),
        (".btn-dark{top:0}", ".btn-dark{top:0}"),
        ("p,[type=a]{top:0}", "p,[type=a]{top:0}"),
        (".used:not(.never){top:0}", ".used:not(.never){top:0}"),
        ("p:is(.used,.never){top:0}", ""),
        ("@media print{.never{top:0}}", ""),
        ("@keyframes never{0%{top:0}}", "@keyframes never{0%{top:0}}"),
    ],
)
def test_of_a_library_only_rules_stay_that_a_page_can_need(rule, kept):
    assert sheets.only_used(rule, {"used", "btn-"}) == kept


@pytest.mark.parametrize("name", ["css/app.css", "css/pages/calendar.css", "css/pages/messages.css"])
def test_what_is_served_imports_nothing_and_every_address_in_it_leads_to_a_file(name):
    text = Path(str(finders.find(name))).read_text(encoding="utf-8")
    assert "@import" not in text
    for address in re.findall(r'url\("(\.[^"]+)"\)', text):
        assert (CSS.parent / name).parent.joinpath(address).resolve().is_file(), address


def test_every_class_of_the_library_that_a_page_names_is_served():
    whole = Path(str(finders.find("bootstrap/css/bootstrap.min.css"))).read_text(encoding="utf-8")
    served = Path(str(finders.find("css/app.css"))).read_text(encoding="utf-8")
    classes = set(re.findall(r"\.([a-z][\w-]*)", whole))
    texts = (file.read_text(encoding="utf-8") for file in (settings.BASE_DIR / "templates").rglob("*.html"))
    named = {word for text in texts for value in re.findall(r'class="([^"{]*)"', text) for word in value.split()}
    assert [name for name in sorted(named & classes) if f".{name}" not in served] == []


def test_a_changed_sheet_is_composed_anew(tmp_path, settings):
    (tmp_path / "static" / "css").mkdir(parents=True)
    settings.STATICFILES_DIRS, settings.MADE_SHEETS, settings.DEBUG = [tmp_path / "static"], tmp_path / "made", True
    part, whole = (tmp_path / "static" / "css" / name for name in ("part.css", "whole.css"))
    whole.write_text('@import url("part.css");')
    part.write_text("a { top: 0 }")
    found = SheetFinder().find("css/whole.css")
    assert Path(found).read_text() == "a{top:0}"
    whole.write_text('@import url("part.css");b { top: 0 }')
    assert Path(SheetFinder().find("css/whole.css")).read_text() == "a{top:0}b{top:0}"


def test_the_pieces_of_the_font_are_those_that_the_script_makes():
    named = dict(FACE.findall((CSS / "tokens.css").read_text(encoding="utf-8")))
    script = (settings.BASE_DIR / "docs" / "fonts" / "make_pieces.py").read_text(encoding="utf-8")
    made = {name: "".join(re.findall(r'"([^"]+)"', ranges)) for name, ranges in IN_SCRIPT.findall(script)}
    assert {name: " ".join(ranges.split()) for name, ranges in named.items()} == made
    assert set(made) == {"latin", "latin-ext", "cyrillic"}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "most"), [("en", 130 * KILOBYTE), ("ru", 145 * KILOBYTE)])
def test_the_first_page_is_light(client: Client, language, most):
    loaded = first_load(client.get("/accounts/login/", headers={"accept-language": language}).content)
    assert sum(loaded.values()) <= most, loaded
    assert len(loaded) <= 22
    assert any("cyrillic" in name for name in loaded) == (language == "ru")


@pytest.mark.django_db
def test_home_is_light(signed_in, therapist):
    loaded = first_load(signed_in(therapist).get("/", follow=True).content)
    assert sum(loaded.values()) <= 150 * KILOBYTE, loaded
