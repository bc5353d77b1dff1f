"""Any file is a list or a sentence, never an error of ours; names, dates and words are read as people write them."""

import csv
import io
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinic.exchange.importing.checked import Columns, Row
from clinic.exchange.importing.columns import match_columns, missing_columns
from clinic.exchange.importing.days import ASK, DAY_FIRST, MONTH_FIRST, order_of, read_day
from clinic.exchange.importing.reading import MOST_BYTES, MOST_ROWS, NotAList, read_list, safe_cell
from clinic.exchange.importing.rows import split_name
from clinic.exchange.importing.wrong_lines import wrong_lines

pytestmark = pytest.mark.same_everywhere


def sentence_of(data: bytes) -> str:
    with pytest.raises(NotAList) as refused:
        read_list(data)
    return refused.value.sentence


# Bytes ------------------------------------------------------------------------------------------------------------------------
@given(st.one_of(st.binary(max_size=300), st.text(max_size=120).map(lambda text: f"a;b\n{text}\n".encode("utf-8", "replace"))))
@example(b"\xff\xfea")
@example(b'a,b\n\x00,"')
@settings(max_examples=150)
def test_any_bytes_are_a_list_or_a_sentence(data: bytes) -> None:
    try:
        listed = read_list(data)
    except NotAList:
        return
    assert not any("\x00" in cell for line in listed.lines for cell in line.cells)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1251", "Windows-1251"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_letters_and_separators_are_found_out(encoding: str, said: str, separator: str) -> None:
    text = separator.join(["Фамилия", "Имя", "Примечание"]) + "\r\n" + separator.join(["Щукина", "Анна", '"два\nслова; и, ещё"']) + "\r\n"
    listed = read_list(text.encode(encoding))
    assert (listed.encoding, listed.separator) == (said, separator)
    assert listed.headings == ("Фамилия", "Имя", "Примечание")
    assert listed.lines[0].cells == ("Щукина", "Анна", "два\nслова; и, ещё")


@pytest.mark.parametrize(("first", "separator"), [("sep=;", ";"), ('"SEP=,"', ","), ("sep=\t", "\t")])
def test_a_line_that_says_the_separator_is_believed_and_is_no_heading(first: str, separator: str) -> None:
    listed = read_list(f"\ufeff{first}\r\nName{separator}Sex\r\nMüller{separator}m\r\n".encode())
    assert (listed.headings, listed.separator, listed.lines[0].number) == (("Name", "Sex"), separator, 3)


def test_western_letters_are_not_taken_for_russian() -> None:
    listed = read_list("Name;Vorname\nMüller;Jürgen\nKöhler;Zoë\n".encode("cp1252"))
    assert listed.encoding == "Windows-1252"
    assert listed.lines[0].cells == ("Müller", "Jürgen")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b";;\n;;\n", "empty"),
        (b"a;b\n", "no patients"),
        (b"PK\x03\x04 an xlsx", "save it as CSV"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
        (b"a;b\n" + b"x;y\n" * (MOST_ROWS + 1), "more than 5000 lines"),
        (b"a;" * 70 + b"\n1\n", "more than 60 columns"),
        (b"a;b\n" + b"x" * 1_000_000 + b";y\n", "Line 2"),
        (b"Weber;Anna;17.05.1980\nKuhn;Ida;18.05.1981\n", "no headings"),
        (b'a;b\n1;2\n"x;y\nz;1\n', "Line 3 cannot be read as CSV"),  # else the open quote swallows every line behind it
    ],
)
def test_what_is_no_list_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in sentence_of(data)


def test_a_line_is_numbered_as_in_the_file() -> None:
    listed = read_list(b'a;b\n\n"x\ny";1\nz;2\n')
    assert [line.number for line in listed.lines] == [3, 5]


# Columns ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Surname,First name,DOB,Gender,Mobile", "family_name,given_name,born_on,sex,phone"),
        ("Фамилия,Имя,Отчество,Дата рождения,Пол,№ карты", "family_name,given_name,middle_name,born_on,sex,card_number"),
        ("ФИО,Д.р.,Пол,Телефон", "family_first,born_on,sex,phone"),
        ("Full_Name,birth date,SEX,e-mail,Shoe size", "given_first,born_on,sex,email,"),
        ("Name,Vorname,Geburtsdatum,Geschlecht", "family_name,given_name,born_on,sex"),
        ("Surname,Surname,Given name,ФИО", "family_name,,given_name,"),
    ],
)
def test_common_headings_are_known(headings: str, fields: str) -> None:
    assert match_columns(headings.split(",")) == tuple(fields.split(","))


def test_what_no_column_holds_is_named() -> None:
    assert missing_columns(("family_first", "sex")) == ("born_on",)
    assert missing_columns(("family_name", "")) == ("given_name", "born_on", "sex")


@pytest.mark.parametrize(
    ("text", "way", "parts"),
    [
        ("Петрова Анна Ивановна", "family_first", ("Петрова", "Анна", "Ивановна")),
        ("Weber, Anna Maria", "given_first", ("Weber", "Anna", "Maria")),
        ("Anna Maria Weber", "given_first", ("Weber", "Anna", "Maria")),
        ("Anna", "given_first", ("", "Anna", "")),
        ("", "family_first", ("", "", "")),
    ],
)
def test_a_name_in_one_cell_is_parted(text: str, way: str, parts: tuple[str, str, str]) -> None:
    assert tuple(split_name(text, way).values()) == parts


# Dates ------------------------------------------------------------------------------------------------------------------------
@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
@settings(max_examples=50)
def test_a_date_in_the_order_of_its_file_is_that_day(day: date) -> None:
    assert read_day(day.isoformat(), ASK) == day
    for order, form in ((DAY_FIRST, "%d.%m.%Y"), (MONTH_FIRST, "%m/%d/%Y")):
        assert read_day(day.strftime(form), order) == day
    assert read_day(f"{day.day} {day:%B} {day.year}", ASK) == day
    asked = read_day(f"{day:%d/%m/%Y}", ASK)
    assert asked in (None, day)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/1980"], ASK),
        (["03.04.1980"], DAY_FIRST),
        (["03/04/1980", "31/12/1980"], DAY_FIRST),
        (["03/04/1980", "12/31/1980"], MONTH_FIRST),
        (["31/12/1980", "12/31/1980"], ASK),
        (["1980-05-17", "x"], DAY_FIRST),
        (["04/04/1980"], DAY_FIRST),
    ],
)
def test_the_order_of_a_file_is_found_or_asked(texts: list[str], order: str) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize("text", ["17.05.80", "31.02.1980", "17 grapes 1980", "1980", "0", "29358", "17-05.1980"])
def test_what_is_no_sure_day_is_none(text: str) -> None:
    assert read_day(text, DAY_FIRST) is None


def test_russian_months_are_read() -> None:
    assert read_day("17 мая 1980 г.", ASK) == date(1980, 5, 17)


# Wrong lines as a file --------------------------------------------------------------------------------------------------------
HOSTILE = ("=HYPERLINK(1)", "@SUM(A1)", "+49 30 1", "-1", "a\u202eb", 'x"y;z\nw')


def test_no_cell_of_the_wrong_lines_is_a_formula_and_reading_them_gives_what_was_there() -> None:
    columns = Columns(tuple(f"=h{at}" for at in range(len(HOSTILE))), ("",) * len(HOSTILE), DAY_FIRST, "UTF-8", ";")
    made = wrong_lines([Row(2, HOSTILE, {"": "=wrong"}), Row(3, ("fine",), {})], columns)
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)
    assert read_list(made).lines[0].cells[: len(HOSTILE)] == HOSTILE
    assert safe_cell("plain") == "plain"
