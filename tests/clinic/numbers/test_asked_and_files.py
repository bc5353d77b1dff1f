"""Spans of an address, shares that are not read from a handful, and files that a spreadsheet cannot be fooled with."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from clinic.courses.numbers.as_csv import as_csv
from clinic.courses.numbers.asked import asked_for
from clinic.courses.numbers.tables import Column, Mean, Row, Share, Table, pieces_of

TODAY = date(2026, 2, 17)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, date(2026, 2, 1), date(2026, 2, 28)),
        ({"span": "quarter"}, date(2026, 1, 1), date(2026, 3, 31)),
        ({"span": "year", "date": "2024-05-05"}, date(2024, 1, 1), date(2024, 12, 31)),
        ({"span": "days", "from": "2026-02-20", "to": "2026-02-10"}, date(2026, 2, 10), date(2026, 2, 20)),
        ({"span": "decade", "date": "yesterday", "therapist": "me"}, date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_an_address_names_its_days_and_what_cannot_be_read_is_this_month(query: dict[str, str], first: date, last: date) -> None:
    asked = asked_for(query, TODAY)
    assert (asked.first, asked.last, asked.therapist) == (first, last, 0)


def test_the_span_before_ends_where_this_one_begins() -> None:
    for query in ({}, {"span": "quarter"}, {"span": "year"}, {"span": "days", "from": "2026-02-02", "to": "2026-02-08"}):
        asked = asked_for(query, TODAY)
        before = asked.beside(-1)
        assert (asked.first - before.last).days == 1
        assert before.beside(1) == asked


def test_a_share_of_fewer_than_five_is_not_read() -> None:
    assert (Share(2, 4).percent, Share(2, 4).is_few) == (None, True)
    assert (Share(1, 5).percent, Share(1, 5).is_few) == (20.0, False)
    assert (Share(0, 0).percent, Share(0, 0).is_few) == (None, False)
    assert (Mean(7.04, 4).shown, Mean(7.04, 5).shown) == (None, 7.0)


def test_a_bar_is_as_long_as_its_parts_and_leaves_out_what_is_not_there() -> None:
    pieces = pieces_of((("given", 3), ("missed", 0), ("to-come", 1)))
    assert [(piece.kind, piece.start, piece.width) for piece in pieces] == [("given", 0, 75), ("to-come", 75, 25)]
    assert pieces_of((("given", 0),)) == ()


def test_a_file_shows_names_that_are_formulas_and_quotes_what_it_must() -> None:
    cells = ('=HYPERLINK("x")', "Weber, Anna", date(2026, 2, 3), Decimal("1.5"), Share(1, 8), Share(1, 3), -2)
    table = Table("load", "", "", tuple(Column(word) for word in "abcdefg"), (Row(cells), Row(("@SUM", "-1", None, 0, Mean(8.0, 6), 1, 2))))
    text = as_csv(table)
    assert text.startswith("\ufeffa,b,c")
    assert text.count("\r\n") == 3
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[1] == ['\'=HYPERLINK("x")', "Weber, Anna", "2026-02-03", "1.5", "12.5", "", "-2"]
    assert rows[2][:3] == ["'@SUM", "'-1", ""]
