"""One slip of the finger in a name never hides the person, in either script, and exact finds stand before similar ones."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.models import NameKey
from patients.queries import page_of_patients, similar_spellings
from patients.search import begins_alike, in_latin, is_alike, is_one_slip, name_keys, name_words, same_number, sounded
from tests.factories import a_patient

SignedIn = Callable[[Any], Client]
RUSSIAN, LATIN = "абвгдежзиклмнопрстуфхцчшщыэюя", "abcdefghijklmnopqrstuvwxyz"
NAMES = st.text(RUSSIAN, min_size=4, max_size=12) | st.text(LATIN, min_size=4, max_size=12)


@st.composite
def slips(draw: st.DrawFn, word: str) -> str:
    """The word with one letter missing, too many, wrong, or swapped with its neighbour."""
    place, letters = draw(st.integers(0, len(word) - 1)), RUSSIAN if word[0] in RUSSIAN else LATIN
    letter, kind = draw(st.sampled_from(letters)), draw(st.sampled_from(("missing", "extra", "wrong", "swapped")))
    if kind == "swapped":
        place = min(place, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + {"missing": "", "extra": letter + word[place], "wrong": letter}[kind] + word[place + 1 :]


NAME_AND_SLIP = NAMES.flatmap(lambda name: st.tuples(st.just(name), slips(name)))


@given(NAME_AND_SLIP)
def test_a_name_and_the_same_with_one_slip_share_a_key_and_are_alike(pair: tuple[str, str]) -> None:
    name, typed = pair
    if len(typed) >= 4:
        assert name_keys([name]) & name_keys([typed])
        assert is_alike(typed, name)


@given(NAME_AND_SLIP)
def test_a_name_written_in_latin_with_one_slip_shares_a_key_with_the_cyrillic_one(pair: tuple[str, str]) -> None:
    name, _typed = pair
    latin = in_latin(name)
    for place in range(len(latin)):
        typed = latin[:place] + latin[place + 1 :]
        if len(typed) >= 4:
            assert name_keys([name]) & name_keys([typed])
            assert is_alike(typed, name)


@given(NAMES, NAMES)
def test_a_slip_is_the_same_in_both_directions(one: str, other: str) -> None:
    assert is_one_slip(one, other) == is_one_slip(other, one)
    assert is_one_slip(one, one)


@pytest.mark.parametrize(("one", "other"), [("anna", "nana"), ("anna", "ana"), ("anna", "annna"), ("anna", "anne"), ("ab", "ba")])
def test_these_are_one_slip(one: str, other: str) -> None:
    assert is_one_slip(one, other)


@pytest.mark.parametrize(("one", "other"), [("abc", "cba"), ("anna", "a"), ("anna", "nann"), ("abcd", "badc"), ("", "ab")])
def test_these_are_more_than_one(one: str, other: str) -> None:
    assert not is_one_slip(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Юлия", "Julia"), ("Юлия", "Yuliya"), ("Дмитрий", "Dmitry"), ("Mueller", "Müller"), ("Елена", "Yelena"), ("Щербаков", "Scherbakov")],
)
def test_spellings_of_one_sound_are_alike(one: str, other: str) -> None:
    assert sounded(name_words(one)[0]) == sounded(name_words(other)[0])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+49 30 1234567", "030 1234567", True),
        ("8 (495) 123-45-67", "+7 495 1234567", True),
        ("0555 1234", "+49 555 1234", True),
        ("030 1234567", "030 1234568", False),
        ("", "", False),
        ("12", "12", False),
    ],
)
def test_a_number_is_the_same_with_and_without_its_country_code(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same


def found(clinic: Clinic, query: str) -> tuple[list[str], list[str]]:
    """The family names found exactly, and those of a similar spelling."""
    page = page_of_patients(clinic, query, "1")
    return [one.family_name for one in page.object_list], [one.family_name for one in similar_spellings(clinic, query, page)]


@pytest.mark.parametrize(
    "query",
    [
        "Шевченка", "Шевчнеко", "Шевченкко", "Шевчеко", "шевчеко", "Shevchnko", "Shevcehnko", "Оксана Шевчнеко", "Шевчнеко Оксана",
        "Шевченко Окасна", "Окасна Шевченко", "Shevchenko Oxana", "Степанован Оксана", "Шевчнк", "Шевчнеко 1977", "Шевчнеко 9.4.1977",
    ],
)  # fmt: skip
def test_a_slip_finds_the_person_and_is_marked_as_similar(clinic: Clinic, other_clinic: Clinic, query: str) -> None:
    details: dict[str, Any] = {"family_name": "Шевченко", "given_name": "Оксана", "middle_name": "Степановна", "born_on": date(1977, 4, 9)}
    a_patient(clinic=clinic, **details)
    a_patient(clinic=clinic, family_name="Weber")
    a_patient(clinic=other_clinic, **details)
    assert found(clinic, query) == ([], ["Шевченко"])


@pytest.mark.parametrize("query", ["Шевчнеко Вера", "Шевчнеко 1978", "Шевч", "нко", "ан", "10Ш1"])
def test_what_does_not_fit_is_not_called_similar(clinic: Clinic, query: str) -> None:
    a_patient(clinic=clinic, family_name="Шевченко", given_name="Оксана", born_on=date(1977, 4, 9), card_number="5")
    assert found(clinic, query)[1] == []


def test_exact_finds_stand_first_and_nobody_stands_twice(clinic: Clinic) -> None:
    for family_name in ("Иванова", "Ивонова", "Иванова"):
        a_patient(clinic=clinic, family_name=family_name)
    assert found(clinic, "Иванова") == (["Иванова", "Иванова"], ["Ивонова"])


def test_similar_ones_are_left_out_where_the_exact_ones_fill_pages(clinic: Clinic) -> None:
    for _ in range(26):
        a_patient(clinic=clinic, family_name="Иванова")
    a_patient(clinic=clinic, family_name="Ивонова")
    assert found(clinic, "Иванова")[1] == []


def test_a_corrected_name_loses_the_keys_of_the_old_one(clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic, family_name="Youngblood")
    patient.family_name = "Северная"
    patient.save()
    assert found(clinic, "Севреная")[1] == ["Северная"]
    assert found(clinic, "Youngblod") == ([], [])
    before = set(NameKey.objects.values_list("pk", flat=True))
    patient.notes = "unchanged names"
    patient.save()
    assert set(NameKey.objects.values_list("pk", flat=True)) == before


def test_names_of_older_rows_are_indexed_by_a_command(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    a_patient(clinic=clinic, family_name="Шевченко")
    NameKey.objects.all().delete()
    assert found(clinic, "Шевчнеко")[1] == []
    call_command("index_names")
    assert found(clinic, "Шевчнеко")[1] == ["Шевченко"]
    assert "1" in capsys.readouterr().out


@given(NAMES)
def test_the_beginning_of_a_longer_name_is_alike_while_it_is_typed(name: str) -> None:
    if len(name) >= 6:
        typed = name[1] + name[0] + name[2:5]
        assert begins_alike(typed, name)
        assert name_keys([typed]) & name_keys([name])


def test_a_search_leaves_a_line_of_whom_it_showed(signed_in: SignedIn, therapist: Actor, clinic: Clinic) -> None:
    from clinic.audit.models import Look, ReadLine

    patient = a_patient(clinic=clinic, family_name="Шевченко")
    body = signed_in(therapist).get("/patients/?q=Шевчнеко").content.decode()
    assert "Similar spelling" in body
    line = ReadLine.objects.get(kind=Look.SEARCHED)
    assert line.details == {"found": [patient.pk]}


def test_what_is_fetched_while_one_types_is_the_list_alone(signed_in: SignedIn, therapist: Actor, clinic: Clinic) -> None:
    a_patient(clinic=clinic, family_name="Шевченко")
    body = signed_in(therapist).get("/patients/?q=шев&part=found").content.decode()
    assert "Шевченко" in body
    assert "<html" not in body
    assert body.strip().startswith('<div id="found"')
