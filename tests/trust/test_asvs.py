"""Every requirement of the first level of OWASP ASVS 5.0.0, and those that fit us most, has a test or a reason (docs/asvs.csv)."""

import csv
from pathlib import Path

from django.conf import settings

from tests.each import of_each

ROOT = Path(settings.BASE_DIR)
ROWS = list(csv.DictReader((ROOT / "docs" / "asvs.csv").read_text(encoding="utf-8").splitlines()))
ANSWERS = {"met", "partly", "not met", "not applicable", "elsewhere"}
# The numbers of the first level, by chapter and section, as the standard lists them.
FIRST_LEVEL = (
    "1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.3.1", "1.3.2", "1.5.1", "2.1.1", "2.2.1", "2.2.2", "2.3.1", "3.2.1", "3.2.2",
    "3.3.1", "3.4.1", "3.4.2", "3.5.1", "3.5.2", "3.5.3", "4.1.1", "4.4.1", "5.2.1", "5.2.2", "5.3.1", "5.3.2", "6.1.1", "6.2.1",
    "6.2.2", "6.2.3", "6.2.4", "6.2.5", "6.2.6", "6.2.7", "6.2.8", "6.3.1", "6.3.2", "6.4.1", "6.4.2", "7.2.1", "7.2.2", "7.2.3",
    "7.2.4", "7.4.1", "7.4.2", "8.1.1", "8.2.1", "8.2.2", "8.3.1", "9.1.1", "9.1.2", "9.1.3", "9.2.1", "10.4.1", "10.4.2",
    "10.4.3", "10.4.4", "10.4.5", "11.3.1", "11.3.2", "11.4.1", "12.1.1", "12.2.1", "12.2.2", "13.4.1", "14.2.1", "14.3.1",
    "15.1.1", "15.2.1", "15.3.1",
)  # fmt: skip
FIT_US_MOST = (
    "2.3.3", "2.3.4", "2.3.5", "8.2.3", "8.3.2", "8.4.1", "14.2.6", "14.2.7", "14.3.2", "15.3.3", "15.4.1", "15.4.2", "15.4.3",
    "16.3.2", "16.4.2",
)  # fmt: skip


def test_the_whole_first_level_is_answered_and_what_fits_us_most() -> None:
    assert len(FIRST_LEVEL) == 70
    assert {row["id"] for row in ROWS if row["level"] == "1"} == set(FIRST_LEVEL)
    assert set(FIT_US_MOST) <= {row["id"] for row in ROWS}


@of_each("row", ROWS, ids=[f"{row['id']}-{row['level']}" for row in ROWS])
def test_a_requirement_has_a_test_that_is_there_or_a_reason(row: dict[str, str]) -> None:
    assert row["answer"] in ANSWERS
    assert row["asks"]
    proofs = row["proof"].split()
    assert [proof for proof in proofs if not (ROOT / proof).exists()] == []
    assert proofs or (row["answer"] != "met" and len(row["note"].split()) >= 3)


def test_no_requirement_is_answered_twice() -> None:
    assert len({(row["id"], row["level"]) for row in ROWS}) == len(ROWS)
