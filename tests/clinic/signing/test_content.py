"""What is signed has one spelling, and every part of it counts."""

import dataclasses
import hashlib
import json
from datetime import date
from typing import Any

import pytest
import rfc8785
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from clinic.signing.content import Content, Section, body_digest, canonical, digest, shown_text
from tests.clinic.signing.making import a_content
from tests.each import of_each

KEPT = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "é"]), inner, max_size=3),
    max_leaves=8,
)
CHANGED: dict[str, Any] = {
    "kind": "referral",
    "subject": "courses.course:2",
    "version": 2,
    "body": {"patient": "Anna Weber", "count": 11, "side": None, "zones": ["neck", "back"], "sparing": True},
    "sections": (Section("Plan", ("Ten sessions",)),),
}


def test_every_field_of_the_content_can_be_changed_below() -> None:
    assert set(CHANGED) == {field.name for field in dataclasses.fields(Content)}


@pytest.mark.parametrize("name", CHANGED)
def test_another_value_of_any_field_is_another_digest(name: str) -> None:
    assert digest(a_content(**{name: CHANGED[name]})) != digest(a_content())


@pytest.mark.parametrize(
    "sections",
    [
        (Section("Plan", ("Ten sessions", "Neck and back")), Section("Warnings", ("None.",))),
        (Section("Plan.", ("Ten sessions", "Neck and back")), Section("Warnings", ("None",))),
        (Section("Plan", ("Neck and back", "Ten sessions")), Section("Warnings", ("None",))),
        (Section("Warnings", ("None",)), Section("Plan", ("Ten sessions", "Neck and back"))),
        (Section("Plan", ("Ten sessions\nNeck and back",)), Section("Warnings", ("None",))),
        (Section("Plan", ("Ten sessions", "Neck and back\n\nWarnings", "None")),),
    ],
)
def test_a_word_of_what_was_shown_counts(sections: tuple[Section, ...]) -> None:
    assert digest(a_content(sections=sections)) != digest(a_content())


@pytest.mark.parametrize(
    "body",
    [{"count": "10"}, {"count": True}, {"count": None}, {"count": [10]}, {"count": {"count": 10}}, {"Count": 10}, {}, {"count": -10}],
)
def test_another_kind_of_value_is_another_digest(body: dict[str, Any]) -> None:
    assert digest(a_content(body=body)) != digest(a_content(body={"count": 10}))


@given(KEPT)
def test_what_is_spelled_is_what_was_given(value: Any) -> None:
    once = canonical(a_content(body={"value": value}))
    held = json.loads(once)
    assert rfc8785.dumps(held) == once
    assert canonical(a_content(body=held["body"])) == once


@given(KEPT, KEPT)
def test_two_bodies_have_one_digest_only_when_they_are_one(one: Any, two: Any) -> None:
    spelled = [json.loads(canonical(a_content(body={"value": value})))["body"] for value in (one, two)]
    is_one = json.dumps(spelled[0], sort_keys=True) == json.dumps(spelled[1], sort_keys=True)
    assert (body_digest({"value": one}) == body_digest({"value": two})) == is_one


@pytest.mark.parametrize("value", [1.0, 0.1, float("nan"), date(2026, 1, 1), b"x", {1, 2}, object(), gettext_lazy("Plan"), {1: "x"}])
def test_what_json_does_not_keep_exactly_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(a_content(body={"value": [value]}))


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"é": 1, "e\u0301": 2}])
def test_what_has_no_one_spelling_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(a_content(body={"value": value}))


def test_a_lazy_heading_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical(a_content(sections=(Section(gettext_lazy("Plan"), ("x",)),)))  # type: ignore[arg-type]


def test_letters_that_look_the_same_are_the_same() -> None:
    assert canonical(a_content(body={"name": "Ren\u00e9"})) == canonical(a_content(body={"name": "Rene\u0301"}))


def test_the_order_of_names_does_not_count() -> None:
    assert canonical(a_content(body={"a": 1, "b": 2})) == canonical(a_content(body={"b": 2, "a": 1}))


def test_names_stand_in_the_order_of_their_utf_16() -> None:
    body = {name: number for number, name in enumerate(("\uff21", "\U0001f600", "\u20ac", "\r", "1", "\x80", "\u00f6", "a", ""))}
    once = canonical(a_content(body=body))
    assert rfc8785.dumps(json.loads(once)) == once
    assert list(json.loads(once)["body"]) == ["", "\r", "1", "a", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\uff21"]


@of_each("letter", [*map(chr, range(0x20)), '"', "\\", "/", "\x7f", "\u2028", "\U0010ffff"])
def test_every_letter_is_spelled_as_the_standard_says(letter: str) -> None:
    once = canonical(a_content(body={f"a{letter}": letter}))
    assert rfc8785.dumps(json.loads(once)) == once


def test_the_content_holds_the_digest_of_the_text_shown() -> None:
    content = a_content()
    assert json.loads(canonical(content))["shown_sha256"] == hashlib.sha256(shown_text(content).encode()).hexdigest()
    assert shown_text(content) == "Plan\nTen sessions\nNeck and back\n\nWarnings\nNone"
