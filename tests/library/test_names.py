"""Every text has a Russian one of the same shape and with the same numbers."""

from typing import Any

import pytest

from protocols.cases import worked_cases
from protocols.method.building import LibraryFaults
from protocols.method.names import build_names
from protocols.method.texts import library_texts
from protocols.shelf import case_texts, shipped_languages, shipped_library, shipped_names

Tables = dict[str, Any]


def faults_of(tables: Tables) -> tuple[str, ...]:
    with pytest.raises(LibraryFaults) as refused:
        build_names(shipped_library(), tables, language="ru", also=case_texts())
    return refused.value.faults


def test_there_are_3497_texts_and_all_are_translated() -> None:
    texts = library_texts(shipped_library())
    words = [word for text in texts for word in ((text.words,) if isinstance(text.words, str) else text.words) if word]
    asked = [text for text in texts if text.kind == "intake"]
    assert len(words) == 3465 + len(asked)
    assert len(asked) == 32
    russian = shipped_names("ru")
    assert set(russian.texts) == {(text.kind, text.code, text.field) for text in (*texts, *case_texts())}


def test_names_are_found_by_kind_and_code() -> None:
    assert shipped_names("en").of("zones", "knee") == shipped_library().zones["knee"].name
    assert shipped_names("ru").of("stages", "scoliosis/degree-2") == "II степень (11–25°)"
    assert shipped_names("ru").of("rules", "em-01", "title") == "Боль в груди сейчас"
    assert shipped_names("ru").label("outcome", "doctor") == "сначала врач"
    assert shipped_names("en").label("outcome", "doctor") == "doctor"
    assert shipped_names("ru").value("facts", "patient.sex", "female", ("female", "male")) == "женский"
    assert shipped_names("ru").lines("conditions", "scoliosis", "never")
    assert shipped_names("ru").of("zones", "knee", "nothing") == ""


def test_a_language_that_nobody_wrote_is_english() -> None:
    assert shipped_languages() == ("ru",)
    assert shipped_names("de").of("zones", "knee") == shipped_names("en").of("zones", "knee")


def test_a_missing_translation_is_refused(russian: Tables) -> None:
    del russian["zones"]["zones"]["knee"]["name"]
    assert faults_of(russian) == ("translations/ru/zones: zones.knee.name: the translation is missing",)


def test_every_worked_case_speaks_both_languages() -> None:
    for case in worked_cases():
        assert shipped_names("en").of("cases", case.code, "says") == case.says
        assert shipped_names("ru").of("cases", case.code, "says").endswith(".")


def test_a_worked_case_without_a_translation_is_refused(russian: Tables) -> None:
    del russian["cases"]["cases"]["lumbar-saddle-numbness-is-an-emergency"]
    assert faults_of(russian) == ("translations/ru/cases: cases.lumbar-saddle-numbness-is-an-emergency.says: the translation is missing",)


def test_a_missing_file_is_refused(russian: Tables) -> None:
    del russian["zones"]
    assert len(faults_of(russian)) > 100


def test_a_left_over_translation_is_refused(russian: Tables) -> None:
    russian["zones"]["zones"]["tail"] = {"name": "хвост"}
    assert faults_of(russian) == ("translations/ru/zones: zones.tail.name: no such English text",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("колено", "a list on one side"),
        (["одно"], "1 texts for"),
        (3, "a list on one side"),
    ],
)
def test_another_shape_is_refused(russian: Tables, words: object, sentence: str) -> None:
    russian["conditions"]["conditions"]["scoliosis"]["never"] = words
    assert sentence in faults_of(russian)[0]


@pytest.mark.parametrize(("word", "sentence"), [("", "blank on one side only"), (3, "3 is no text"), ("12 колен", "numbers differ")])
def test_a_wrong_text_is_refused(russian: Tables, word: object, sentence: str) -> None:
    russian["zones"]["zones"]["knee"]["name"] = word
    assert sentence in faults_of(russian)[0]


def test_a_number_that_changed_in_translation_is_refused(russian: Tables) -> None:
    rule = russian["contraindications"]["contraindications"]["em-06"]
    rule["explanation"] = rule["explanation"].replace("92", "82")
    assert "numbers differ" in faults_of(russian)[0]


def test_an_empty_label_is_refused(russian: Tables) -> None:
    russian["labels"]["labels"]["outcome"]["doctor"] = ""
    assert faults_of(russian) == ("translations/ru/labels: outcome.doctor: is no text",)
