"""A list of patients: seen before anybody is registered, taken over once and whole, taken back as long as nobody has worked with it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine
from clinic.exchange.importing.actions import InUse, StaleImport, choose_lines, put_away, put_away_old_lists, take_back, take_over
from clinic.exchange.importing.checked import check, check_again, columns_of, rows_of
from clinic.exchange.importing.queries import _relations, blockers_of, names_of_rows
from clinic.exchange.importing.reading import read_list
from clinic.exchange.importing.wrong_lines import empty_list
from clinic.exchange.models import ImportedPatient, PatientImport
from clinic.exchange.tasks import put_away_lists
from clinic.staff.models import Clinic, RecordAccess
from clinic.staff.permissions import Actor
from patients.actions import correct_patient, register_patient
from patients.care.relation import may_open_record
from patients.models import MessageConsent, NameKey, Patient
from patients.queries import look_alikes
from patients.queries.many_alike import look_alikes_of_many
from tests.clinic.exchange.lists import HEAD, a_csv, a_read_list, a_taken_list
from tests.factories import a_begun_intake, a_clinic, a_patient, an_actor

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
Browser = Callable[[Any], Client]


def wrong_of(clinic: Clinic, line: str, head: str = HEAD) -> dict[str, str]:
    """What is wrong with one line."""
    listed = read_list(f"{head}\n{line}\n".encode())
    [row] = check(listed.lines, columns_of(listed), clinic).rows
    return dict(row.wrong)


def details(**changed: Any) -> dict[str, Any]:
    """Cleaned fields of the registration form."""
    plain = {"family_name": "Weber", "given_name": "Anna", "middle_name": "", "born_on": date(1980, 5, 17), "phone": "", "sex": "female"}
    return plain | changed


# Lines ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Weber;;17.05.1980;f;", "given_name"),
        ("Weber;Anna;17.05.80;f;", "born_on"),
        ("Weber;Anna;17.05.2180;f;", "born_on"),
        ("Weber;Anna;;f;", "born_on"),
        ("Weber;Anna;17.05.1980;x;", "sex"),
        ("Weber;Anna;17.05.1980;;", "sex"),
        ("Weber;Anna;17.05.1980;f;12", "phone"),
        ("=1+1;Anna;17.05.1980;f;", "family_name"),
        ("We\u202eber;Anna;17.05.1980;f;", "family_name"),
        ("We\x00ber;Anna;17.05.1980;f;", "family_name"),
        ("Weber;Anna;17.05.2020;f;", "guardian_name"),
        ("Weber;Anna;17.05.1980;f;;too many", ""),
        (f"{'W' * 81};Anna;17.05.1980;f;", "family_name"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_its_cell(clinic: Clinic, line: str, field: str) -> None:
    wrong = wrong_of(clinic, line)
    assert field in wrong
    assert wrong[field]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (("17.05.1980", "5/17/1980"), ["the other way round", "the other way round"]),
        (("17.05.1980", "29.02.1981"), ["", "“29.02.1981” is no day of the calendar"]),
        (("17.05.1980", "17.05.80"), ["", "a year of four figures, like 17.05.1980"]),
    ],
)
def test_a_date_is_not_told_to_be_written_as_it_is(clinic: Clinic, dates: tuple[str, ...], words: list[str]) -> None:
    listed = read_list("\n".join([HEAD, *(f"Weber;Anna;{each};f;" for each in dates)]).encode())
    rows = check(listed.lines, columns_of(listed), clinic).rows
    for row, said in zip(rows, words, strict=True):
        assert said in row.wrong.get("born_on", "")
        assert bool(said) == ("born_on" in row.wrong)


def test_card_numbers_and_languages_are_asked_of_the_register_and_the_file(clinic: Clinic) -> None:
    a_patient(clinic=clinic, card_number="7", family_name="Kuhn")
    content = f"{HEAD};Card;Language\nA;Anna;1.1.1950;f;;7;en\nB;Olga;2.2.1951;f;;8;ru\nC;Ida;3.3.1952;f;;8;\nD;Uta;4.4.1953;f;;;de\n"
    rows = rows_of(a_read_list(clinic, content=content.encode()))
    assert "Kuhn" in rows[0].wrong["card_number"]
    assert not rows[1].wrong
    assert "Line 3" in rows[2].wrong["card_number"]
    assert "language" in rows[3].wrong


def test_known_people_and_doubles_are_left_out_unless_somebody_says_otherwise(clinic: Clinic, clinic_admin: Actor) -> None:
    known = a_patient(clinic=clinic, family_name="Weber", given_name="Anna", born_on=date(1950, 2, 10))
    content = a_csv("Weber", "Orlova", "Orlow") + b"\r\nOrlova;Anna;10.02.1951;f;\r\nOrlova;Anna;11.02.1951;f;"
    source = a_read_list(clinic, content=content, actor=clinic_admin)
    rows = rows_of(source)
    assert [row.kind for row in rows] == ["alike", "fine", "fine", "alike", "alike"]
    assert rows[0].alike == (known.pk,)
    assert [row.twin for row in rows[3:]] == [3, 3]
    source = choose_lines(source=source, shown=(2, 5), taken=(2, 99), version=source.version, actor=clinic_admin)
    taken = take_over(source=source, checked=check_again(source), version=source.version, actor=clinic_admin)
    assert sorted(taken.patients.values_list("line", flat=True)) == [2, 3, 4]
    assert taken.rows == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_many_are_compared_as_one_is(data: st.DataObject) -> None:
    names = st.sampled_from(("Weber", "Veber", "Вебер", "Orlova", "Orlow", "Li"))
    given_names = st.sampled_from(("Anna", "Anne", "Олег", "Oleg"))
    days = st.sampled_from((date(1980, 5, 17), date(1980, 5, 18), date(1981, 5, 17), date(1980, 7, 5)))
    phones = st.sampled_from(("", "+49 30 555123", "030 555123", "030 555124"))
    people = st.lists(st.tuples(names, given_names, days, phones), min_size=1, max_size=5)
    clinic = a_clinic()
    for family, first, day, phone in data.draw(people):
        a_patient(clinic=clinic, family_name=family, given_name=first, born_on=day, phone=phone)
    asked = [details(family_name=a, given_name=b, born_on=c, phone=d) for a, b, c, d in data.draw(people)]
    found = look_alikes_of_many(clinic, asked)
    for each, alike in zip(asked, found, strict=True):
        assert {one.patient.pk for one in alike} == {one.patient.pk for one in look_alikes(clinic, each)}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_line_that_shows_how_cells_are_written_is_nobody(clinic: Clinic, language: str) -> None:
    with override(language):
        content = empty_list()
    assert "" not in columns_of(read_list(content)).fields, "each of our own headings is known"
    source = a_read_list(clinic, content=content)
    assert [bool(row.wrong) for row in rows_of(source)] == [True]
    assert not list(check_again(source).wanted())


# Taken over -------------------------------------------------------------------------------------------------------------------
def test_a_list_is_registered_as_the_desk_would_and_leaves_its_lines(clinic: Clinic, clinic_admin: Actor) -> None:
    by_hand = register_patient(details=details(family_name="Zuse", guardian_name="", guardian_phone=""), actor=clinic_admin)
    source = a_taken_list(clinic, "Kuhn", "Orlova", actor=clinic_admin)
    made = list(clinic.patients.exclude(pk=by_hand.pk).order_by("pk"))
    assert [each.family_name for each in made] == ["Kuhn", "Orlova"]
    assert [each.card_number for each in made] == [str(int(by_hand.card_number) + 1), str(int(by_hand.card_number) + 2)]
    assert made[0].registered_by == clinic_admin.user
    for each in made:
        before = (each.search_key, set(each.name_keys.values_list("key", flat=True)))
        each.save()
        assert (each.search_key, set(each.name_keys.values_list("key", flat=True))) == before
    assert not MessageConsent.objects.exists()
    lines = AuditLine.objects.filter(verb="registered").order_by("sequence")
    assert [line.subject_id for line in lines] == [str(each.pk) for each in (by_hand, *made)]
    assert AuditLine.objects.get(verb="took-over-patients").details == {"patients": 2, "lines": 2}
    assert verify_chain() is None
    assert source.state == PatientImport.State.TAKEN


def test_a_list_is_taken_over_once(clinic: Clinic, clinic_admin: Actor) -> None:
    source = a_read_list(clinic, "Kuhn", actor=clinic_admin)
    checked = check_again(source)
    take_over(source=source, checked=checked, version=source.version, actor=clinic_admin)
    for again in (take_over, None):
        with pytest.raises(StaleImport):
            take_over(source=source, checked=checked, version=source.version, actor=clinic_admin) if again else put_away(
                source=source, actor=clinic_admin
            )
    assert clinic.patients.count() == 1


def test_a_list_that_nobody_takes_over_is_forgotten_after_a_month(clinic: Clinic, clinic_admin: Actor) -> None:
    source = a_read_list(clinic, "Kuhn", actor=clinic_admin)
    taken = a_taken_list(clinic, "Orlova", actor=clinic_admin)
    assert [put_away_old_lists(clinic=clinic, now=source.read_at + timedelta(days=days)) for days in (29, 31, 31)] == [0, 1, 0]
    source.refresh_from_db()
    taken.refresh_from_db()
    assert (source.state, source.rows, taken.state) == (PatientImport.State.PUT_AWAY, [], PatientImport.State.TAKEN)
    assert AuditLine.objects.get(verb="put-away-patient-list").user is None
    assert put_away_lists() == 0


def test_a_card_that_was_given_meanwhile_stops_all_of_it(clinic: Clinic, clinic_admin: Actor) -> None:
    source = a_read_list(clinic, content=f"{HEAD};Card\nKuhn;Ida;1.1.1950;f;;77\nOrlova;Ada;2.2.1960;f;;\n".encode())
    checked = check_again(source)
    a_patient(clinic=clinic, card_number="77")
    with pytest.raises(StaleImport, match="77"):
        take_over(source=source, checked=checked, version=source.version, actor=clinic_admin)
    assert clinic.patients.count() == 1


def test_whoever_treats_may_open_the_record_of_somebody_from_a_file(clinic: Clinic, clinic_admin: Actor) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(record_access=RecordAccess.CARE_TEAM)
    clinic.refresh_from_db()
    therapist = an_actor(clinic=clinic)
    taken = a_taken_list(clinic, "Kuhn", actor=clinic_admin).patients.get()
    assert taken.patient
    assert may_open_record(therapist, taken.patient)


# Taken back -------------------------------------------------------------------------------------------------------------------
def test_an_import_that_nobody_used_is_taken_back_as_if_it_had_not_been(clinic: Clinic, clinic_admin: Actor) -> None:
    kept = a_patient(clinic=clinic, family_name="Zuse")
    source = take_back(source=a_taken_list(clinic, "Kuhn", "Orlova", actor=clinic_admin), actor=clinic_admin)
    assert source.state == PatientImport.State.UNDONE
    assert list(clinic.patients.all()) == [kept]
    assert not NameKey.objects.exclude(patient=kept).exists()
    assert ImportedPatient.objects.filter(source=source, patient=None).count() == 2
    with pytest.raises(StaleImport):
        take_back(source=source, actor=clinic_admin)


def test_one_used_record_keeps_the_whole_import(clinic: Clinic, clinic_admin: Actor) -> None:
    source = a_taken_list(clinic, "Kuhn", "Orlova", "Becker", actor=clinic_admin)
    first, second, _third = (each.patient for each in source.patients.order_by("line"))
    assert first
    assert second
    a_begun_intake(patient=first)
    fields = {
        name: getattr(second, name) for name in ("family_name", "given_name", "middle_name", "born_on", "sex", "card_number", "phone")
    }
    correct_patient(patient=second, details=fields | {"phone": "+49 30 7777777"}, version=1, actor=clinic_admin)
    found = blockers_of(source)
    assert [each.patient for each in found] == [first, second]
    assert found[0].what == ("Intake forms",)
    assert {each.related_model for each in _relations()} <= set(names_of_rows()), "what hangs on a patient has a name that people know"
    with pytest.raises(InUse):
        take_back(source=source, actor=clinic_admin)
    assert clinic.patients.count() == 3


# Pages ------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def admin(signed_in: Browser, clinic_admin: Actor) -> Client:
    return signed_in(clinic_admin)


def upload(content: bytes, name: str = "list.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "once": "a" * 32}


def test_a_list_goes_its_way_in_the_browser(admin: Client, clinic: Clinic) -> None:
    address = reverse("exchange:imports")
    assert "No list yet" in admin.get(address).content.decode()
    content = b"Surname;First name;DOB;Gender;Shoe\nKuhn;Ida;03/04/1950;f;38\nOrlova;Ada;05/06/1960;w;39\nBad;;07/08/1970;f;40\n"
    sent = admin.post(address, upload(content, "../../<b>x.csv"))
    assert sent.status_code == 303
    assert admin.post(address, upload(content)).url == sent.url  # type: ignore[attr-defined]
    assert admin.post(address, upload(a_csv("Other"))).status_code == 422
    source = PatientImport.objects.get()
    page = admin.get(sent.url).content.decode()  # type: ignore[attr-defined]
    assert "in March or in April" in page
    assert "Shoe" in page
    assert "&lt;b&gt;x.csv" in page
    chosen = {f"column-{at}": field for at, field in enumerate(source.columns["fields"])} | {"order": "mdy", "version": "1"}
    twice = admin.post(f"{sent.url}columns/", chosen | {"column-4": "sex"})  # type: ignore[attr-defined]
    assert twice.status_code == 422
    assert "is this already" in twice.content.decode()
    assert admin.post(f"{sent.url}columns/", chosen).status_code == 303  # type: ignore[attr-defined]
    assert b"Ida" not in admin.get(f"{sent.url}?kind=wrong").content  # type: ignore[attr-defined]
    wrong = admin.get(f"{sent.url}wrong/")  # type: ignore[attr-defined]
    assert wrong["Content-Type"] == "text/csv; charset=utf-8"
    assert "Bad" in wrong.content.decode()
    source.refresh_from_db()
    form = {"version": str(source.version), "once": "b" * 32}
    taken = admin.post(f"{sent.url}taken/", form)  # type: ignore[attr-defined]
    assert admin.post(f"{sent.url}taken/", form).url == taken.url == sent.url  # type: ignore[attr-defined]
    assert sorted(clinic.patients.values_list("born_on", flat=True)) == [date(1950, 3, 4), date(1960, 5, 6)]
    assert "Take 2 patients back" in admin.get(sent.url).content.decode()  # type: ignore[attr-defined]
    admin.post(f"{sent.url}taken-back/")  # type: ignore[attr-defined]
    assert not clinic.patients.exists()
    assert "were deleted" in admin.get(sent.url).content.decode()  # type: ignore[attr-defined]


def test_a_register_that_changed_is_looked_at_again_before_it_grows(admin: Client, clinic: Clinic, clinic_admin: Actor) -> None:
    source = a_read_list(clinic, "Kuhn", actor=clinic_admin)
    a_patient(clinic=clinic, family_name="Kuhn", given_name="Anna", born_on=date(1950, 2, 10))
    address = reverse("exchange:import", args=[source.pk])
    answer = admin.post(f"{address}taken/", {"version": "1", "once": "c" * 32}, follow=True)
    assert "The register has changed" in answer.content.decode()
    assert clinic.patients.count() == 1
    assert admin.post(f"{address}choices/", {"version": "1", "shown": "2", "take": "2"}, follow=True).status_code == 200
    source.refresh_from_db()
    assert source.columns["take"] == [], "a page that is too old keeps nothing"
    admin.post(f"{address}choices/", {"version": str(source.version), "shown": "2", "take": "2"})
    source.refresh_from_db()
    assert source.columns["take"] == [2]
    assert Patient.objects.filter(clinic=clinic).count() == 1
    assert admin.post(f"{address}away/").status_code == 303
    assert "nothing of the file is kept" in admin.get(address).content.decode()
    late = admin.post(f"{address}away/", follow=True)  # from another tab, in which the list still waits
    assert late.status_code == 200
    assert "taken over or put away meanwhile" in late.content.decode()


def test_two_columns_of_one_heading_are_said_and_told_apart(clinic: Clinic, clinic_admin: Actor, admin: Client) -> None:
    source = a_read_list(clinic, actor=clinic_admin, content=f"{HEAD};telephone\nWeber;Anna;17.05.1980;f;;+49 30 555010\n".encode())
    page = " ".join(admin.get(reverse("exchange:import", args=[source.pk])).content.decode().split())
    assert "Two columns are called the same: telephone" in page
    assert "left out: telephone (column 6)" in page
    assert "Telephone (column 5)" in page
    alone = admin.get(reverse("exchange:import", args=[a_read_list(clinic, "Weber", actor=clinic_admin).pk])).content.decode()
    assert "are called the same" not in alone


def test_a_file_that_is_no_list_is_refused_where_it_was_chosen(admin: Client) -> None:
    for content in (b"", b"PK\x03\x04x", b"a;b\n"):
        answer = admin.post(reverse("exchange:imports"), upload(content))
        assert answer.status_code == 422
    assert not PatientImport.objects.exists()
