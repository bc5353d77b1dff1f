"""People are found however their name, number or birth date is typed, and only at their own clinic."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.staff.models import Clinic
from clinic.web.folding import folded
from patients.queries import patients_of
from patients.search import in_latin, search_key, search_terms
from tests.factories import a_patient


@pytest.fixture
def register(clinic: Clinic, other_clinic: Clinic) -> Clinic:
    """Four people here, and one of the same name elsewhere."""
    a_patient(
        clinic=clinic, family_name="Иванова", given_name="Мария", middle_name="Петровна", card_number="1001", guardian_phone="030-9876543"
    )
    a_patient(clinic=clinic, family_name="Müller", given_name="José", phone="+49 (30) 123-45-67", card_number="A-77")
    a_patient(clinic=clinic, family_name="Семёнов", given_name="Андрей", sex="male", born_on=date(1961, 3, 9), card_number="1003")
    a_patient(clinic=clinic, family_name="Youngblood", given_name="Ann", card_number="1004")
    a_patient(clinic=other_clinic, family_name="Иванова", given_name="Мария", card_number="1001", phone="+49 30 1234567")
    return clinic


@pytest.mark.parametrize(
    ("query", "family_name"),
    [
        ("Иванова", "Иванова"),
        ("иВАНоВа", "Иванова"),
        ("Ivanova", "Иванова"),
        ("ivan", "Иванова"),
        ("Мария Иванова", "Иванова"),
        ("Petrovna  Mariia", "Иванова"),
        ("1001", "Иванова"),
        ("muller", "Müller"),
        ("MÜLLER", "Müller"),
        ("mu\u0308ller", "Müller"),
        ("jose muller", "Müller"),
        ("a-77", "Müller"),
        ("+49 30 123 45 67", "Müller"),
        ("(30) 1234567", "Müller"),
        ("030 1234567", "Müller"),
        ("0049 30 1234567", "Müller"),
        ("Семенов", "Семёнов"),
        ("семёнов", "Семёнов"),
        ("Semenov", "Семёнов"),
        ("Андрей", "Семёнов"),
        ("1961-03-09", "Семёнов"),
        ("09.03.1961", "Семёнов"),
        ("9.3.1961", "Семёнов"),
        ("9.3.61", "Семёнов"),
        ("09/03/1961", "Семёнов"),
        ("3/9/1961", "Семёнов"),
        ("Андрей 9.3.1961", "Семёнов"),
        ("Müller +49 30 1234567", "Müller"),
        ("+49 (30) 123", "Müller"),
        ("+49 30 987 65 43", "Иванова"),
        ("Youngblood", "Youngblood"),
    ],
)
def test_a_person_is_found_however_they_are_typed(register: Clinic, query: str, family_name: str) -> None:
    assert [patient.family_name for patient in patients_of(register, query)] == [family_name]


@pytest.mark.parametrize("query", ["Иванова Müller", "zzz", "9999999", "%", "_", "'; --", "1001 1003"])
def test_every_word_of_a_query_must_fit_one_person(register: Clinic, query: str) -> None:
    assert not patients_of(register, query)


def test_without_a_query_everybody_of_the_clinic_is_listed_by_name(register: Clinic) -> None:
    assert patients_of(register).count() == 4
    assert patients_of(register, "   ").count() == 4


def test_a_corrected_name_is_found_and_the_old_one_is_not(register: Clinic) -> None:
    patient = patients_of(register, "Youngblood").get()
    patient.family_name = "Северная"
    patient.save()
    assert patients_of(register, "severnaia").get() == patient
    assert not patients_of(register, "Youngblood")


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_words_of_a_name_are_in_its_key(family: str, given_name: str) -> None:
    key = search_key(names=(family, given_name), card_number="1", phones=("", ""), born="1980-01-02")
    assert folded(family) in key
    assert in_latin(given_name) in key


@given(st.text(max_size=60))
def test_folding_is_settled_after_one_pass_and_no_query_breaks_it(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert all(word and word == folded(word) for term in search_terms(text) for word in term.spellings)


@given(st.text())
def test_no_control_character_is_left_in_what_is_searched(text: str) -> None:
    assert not any(unicodedata.category(letter) == "Cc" for letter in folded(text))
    assert "\x00" not in folded("We\x00ber")
