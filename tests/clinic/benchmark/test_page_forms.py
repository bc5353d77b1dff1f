"""A form of a page is sent as a browser would send it."""

import pytest

from clinic.benchmark.page_forms import changed, fields_of

PAGE = """
<form action="/out/" method="post"><input name="csrf" value="no"></form>
<form method="get"><input name="q" value="no"></form>
<form method="post" novalidate>
  <input type="hidden" name="version" value="3">
  <input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
  <input type="checkbox" name="day" value="1" checked><input type="checkbox" name="day" value="2">
  <select name="who"><option value="">nobody</option><option value="7" selected>Seven</option></select>
  <select name="where"><option value="x">X</option><option value="y">Y</option></select>
  <textarea name="note">a &amp; b</textarea>
  <input name="never" value="1" disabled><button name="do" value="save">Save</button>
</form>
<form method="post"><input name="later" value="1"></form>
"""


def test_fields_go_as_they_stand_and_no_button_goes_with_them() -> None:
    sent = [("version", "3"), ("way", "b"), ("day", "1"), ("who", "7"), ("where", "x"), ("note", "a & b")]
    assert fields_of(PAGE) == sent
    assert fields_of(PAGE, action="/out/") == [("csrf", "no")]


def test_another_answer_takes_the_place_of_the_one_that_stood() -> None:
    assert changed([("a", "1"), ("b", "2")], b="3", c="4") == [("a", "1"), ("b", "3"), ("c", "4")]


def test_a_page_without_such_a_form_is_told() -> None:
    with pytest.raises(LookupError, match="no form"):
        fields_of("<form method='get'></form>")
