"""What the shipped library is: complete, frozen, quick to load, the same in every process."""

import copy
import dataclasses
import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from protocols import shelf
from protocols.method.building import build_library, digest_of
from protocols.method.entries import Always, InputComparison, Treatment
from protocols.method.vocabulary import Outcome
from protocols.shelf import EDITION, read_tables, shipped_library


def treatments() -> list[Treatment]:
    stages = [stage for condition in shipped_library().conditions.values() for stage in condition.stages.values()]
    return [stage.treatment for stage in stages if stage.treatment is not None]


def test_everything_is_there() -> None:
    library = shipped_library()
    stages = [stage for condition in library.conditions.values() for stage in condition.stages.values()]
    assert (len(library.conditions), len(stages)) == (28, 98)
    assert sum(stage.local == "barred" for stage in stages) == 16
    assert sum(len(treatment.steps) for treatment in treatments()) == 614
    assert sum(len(treatment.variants) for treatment in treatments()) == 2
    assert (len(library.rules), len(library.facts), len(library.documents)) == (166, 235, 16)
    assert (len(library.zones), len(library.role_zones), len(library.resolutions)) == (73, 9, 12)
    assert (len(library.families), len(library.techniques), len(library.profiles)) == (7, 55, 50)
    assert (len(library.supplements), len(library.supplement_classes), len(library.points)) == (14, 12, 54)
    assert (len(library.positions), len(library.dangers), len(library.areas)) == (10, 22, 27)
    assert (len(library.measures), len(library.sheets), len(library.sources), len(library.order_rules)) == (70, 10, 193, 16)


def test_a_barred_stage_has_no_treatment_and_every_other_has_one() -> None:
    for condition in shipped_library().conditions.values():
        for stage in condition.stages.values():
            assert (stage.treatment is None) == (stage.local == "barred")


def test_values_of_the_files_become_values_of_the_method() -> None:
    library = shipped_library()
    assert library.rules["em-01"].outcome is Outcome.EMERGENCY
    assert library.facts["patient.age"].required_when == Always()
    shape = library.conditions["scoliosis"].inputs[0]
    assert shape.required_when == InputComparison(None, "in", ("degree-1", "degree-2", "degree-3", "degree-4", "adult-painful"))
    assert library.resolutions["hand"].zones_of("limb-distal") == ()
    assert library.supplements["magnet"].by_order
    assert library.supplements["magnet"].supplement_class == "magnet"
    assert library.positions["prone"].not_reached == tuple(
        next(row for row in read_tables()["positions"]["position"] if row["code"] == "prone")["not"]
    )


def test_nothing_in_it_can_be_changed() -> None:
    library = shipped_library()
    profile = next(iter(library.profiles.values()))
    with pytest.raises(TypeError):
        profile.shares["stroking"] = 0  # type: ignore[index]
    with pytest.raises(TypeError):
        library.rules.clear()  # type: ignore[attr-defined]
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.code = "x"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        library.edition = "x"  # type: ignore[misc]


def test_entries_can_be_hashed_copied_and_pickled() -> None:
    condition = shipped_library().conditions["scoliosis"]
    assert hash(condition) == hash(copy.deepcopy(condition))
    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301 - our own bytes


def test_the_digest_is_of_the_content_and_not_of_its_order() -> None:
    tables = read_tables()
    turned = {stem: dict(reversed(content.items())) for stem, content in reversed(tables.items())}
    assert digest_of(turned) == digest_of(tables) == shipped_library().digest
    tables["facts"]["fact"][0]["question"] += "?"
    assert digest_of(tables) != shipped_library().digest


def test_any_mapping_will_do_as_a_table() -> None:
    tables = {stem: MappingProxyType(content) for stem, content in read_tables().items()}
    assert build_library(tables, edition=EDITION).digest == shipped_library().digest


def test_tables_keep_the_order_of_the_files() -> None:
    rows = read_tables()["contraindications"]["rule"]
    assert list(shipped_library().rules) == [row["code"] for row in rows]


def test_reading_it_needs_no_django() -> None:
    code = "import sys; from protocols.shelf import shipped_library; shipped_library(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_it_is_inspected_with_little_work_for_each_value() -> None:
    """Counted and not timed, so that it says the same on every machine; seconds are shown by ``manage.py benchmark method``."""
    tables, calls = read_tables(), 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        build_library(tables, edition=EDITION)
    finally:
        sys.setprofile(before)
    assert calls < 25 * values_in(tables), "a third more than it takes: something is walked through again for each entry"


def test_each_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read, original = list[Path](), Path.read_text

    def noted(path: Path, *args: Any, **options: Any) -> str:
        read.append(path)
        return original(path, *args, **options)

    monkeypatch.setattr(Path, "read_text", noted)
    monkeypatch.setattr(shelf, "shipped_tables", cache(shelf.read_tables))
    shelf.shipped_library.__wrapped__()
    assert shelf.shipped_tables()  # whoever needs the tables beside the library
    assert sorted(read) == sorted([*shelf.FOLDER.glob("*.toml"), *(shelf.FOLDER / "conditions").glob("*.toml")])


def values_in(tables: object) -> int:
    if isinstance(tables, dict):
        return sum(map(values_in, tables.values()))
    return sum(map(values_in, tables)) if isinstance(tables, list) else 1
