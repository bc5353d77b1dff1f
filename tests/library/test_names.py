"""Every text has a Russian one of the same shape and with the same numbers."""

import re
from collections import Counter
from typing import Any

import pytest

from protocols.cases import worked_cases
from protocols.method.building import LibraryFaults
from protocols.method.names import build_names
from protocols.method.texts import library_texts
from protocols.rule_cases import rule_cases
from protocols.shelf import case_texts, read_rule_cases, shipped_languages, shipped_library, shipped_names

Tables = dict[str, Any]
CYRILLIC = re.compile("[а-яё]")


def faults_of(tables: Tables) -> tuple[str, ...]:
    with pytest.raises(LibraryFaults) as refused:
        build_names(shipped_library(), tables, language="ru", also=case_texts())
    return refused.value.faults


def test_there_are_3498_texts_and_all_are_translated() -> None:
    texts = library_texts(shipped_library())
    words = [word for text in texts for word in ((text.words,) if isinstance(text.words, str) else text.words) if word]
    asked = [text for text in texts if text.kind == "intake"]
    assert len(words) == 3466 + len(asked)
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


def test_every_case_of_a_rule_speaks_both_languages() -> None:
    cases = [case for of_rule in rule_cases().values() for case in of_rule.all]
    english, russian = shipped_names("en"), shipped_names("ru")
    assert {text.code for text in case_texts() if text.kind == "rule-cases"} == {case.code for case in cases}
    for case in cases:
        assert english.of("rule-cases", case.code, "says") == case.says
        assert russian.of("rule-cases", case.code, "says").endswith(".")
        assert CYRILLIC.search(russian.of("rule-cases", case.code, "says"))


def test_no_two_cases_of_a_rule_say_the_same_in_russian() -> None:
    said = Counter(words for (kind, _, _), words in shipped_names("ru").texts.items() if kind == "rule-cases")
    assert [words for words, times in said.items() if times > 1] == []


def test_the_russian_cases_of_a_rule_stand_in_the_file_of_the_same_name(russian: Tables) -> None:
    stated = {name.removeprefix("rule-cases/"): set(data["rule-cases"]) for name, data in russian.items() if name.startswith("rule-cases/")}
    assert stated == {name: {rule["code"] for rule in content["rule"]} for name, content in read_rule_cases().items()}


def test_a_case_of_a_rule_without_a_translation_is_refused(russian: Tables) -> None:
    del russian["rule-cases/skin"]["rule-cases"]["sk-05"]["fires"]["3"]
    assert faults_of(russian) == ("translations/ru/rule-cases/skin: rule-cases.sk-05.fires.3.says: the translation is missing",)


def test_a_left_over_case_of_a_rule_is_refused(russian: Tables) -> None:
    russian["rule-cases/skin"]["rule-cases"]["sk-05"]["fires"]["4"] = {"says": "Лишний случай."}
    assert faults_of(russian) == ("translations/ru/rule-cases/skin: rule-cases.sk-05.fires.4.says: no such English text",)


def test_a_case_of_a_rule_with_another_number_is_refused(russian: Tables) -> None:
    case = russian["rule-cases/infection"]["rule-cases"]["in-01"]["fires"]["1"]
    case["says"] = case["says"].replace("37,2", "37,5")
    assert "rule-cases.in-01.fires.1.says: numbers differ" in faults_of(russian)[0]


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
