"""The sentences that pages translate are those of the method, word for word, and every one can be said in both languages."""

import re
import string
from collections.abc import Iterator

import pytest
from django.utils import translation

from clinic.courses.reasons import Speaker
from clinic.courses.sentences import MARGIN_ADVICE, SENTENCES, SENTENCES_SCOPE
from protocols.method import wording, wording_scope, wording_screening
from protocols.method.entries import Effect
from protocols.shelf import shipped_library, shipped_names
from protocols.wording_effects import EFFECTS

pytestmark = pytest.mark.same_everywhere

LIBRARY = shipped_library()


def effects() -> Iterator[Effect]:
    for rule in LIBRARY.rules.values():
        yield from rule.effects
        yield from (rule.clearance.residual or ()) if rule.clearance else ()


def test_the_pages_say_the_sentences_of_the_method() -> None:
    with translation.override("en"):
        assert {code: str(sentence) for code, sentence in SENTENCES.items()} == dict(wording.SENTENCES)
        assert {code: str(sentence) for code, sentence in SENTENCES_SCOPE.items()} == dict(wording_scope.SENTENCES_SCOPE)
        assert {margin: str(advice) for margin, advice in MARGIN_ADVICE.items()} == dict(wording_screening.MARGIN_ADVICE)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_translated_sentence_names_the_same_details(language: str) -> None:
    with translation.override(language):
        said = {code: details(str(sentence)) for code, sentence in SENTENCES.items()}
    assert said == {code: details(sentence) for code, sentence in wording.SENTENCES.items()}


def details(sentence: str) -> set[str]:
    return {name for _text, name, _form, _as in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_effect_of_every_rule_can_be_said(language: str) -> None:
    with translation.override(language):
        speaker = Speaker(LIBRARY, shipped_names(language))
        told = {effect.type: speaker.effect(effect) for effect in effects() if effect.type != "advice"}
        said = [speaker.effect(effect) for effect in effects() if effect.type != "advice"]
    assert set(told) == set(EFFECTS) & {effect.type for effect in effects()}
    assert all(said)
    assert not [sentence for sentence in said if re.search(r"%\(|None (minutes )?at most|None$", sentence)]


def test_notes_beside_supplements_and_variants_are_said_in_the_language_of_the_page() -> None:
    english, russian = (Speaker(LIBRARY, shipped_names(language)).notes for language in ("en", "ru"))
    assert english.keys() == russian.keys()
    unsaid = [note for note in russian.values() if re.search("[a-z]{3,}", note)]
    assert not unsaid, unsaid
    assert english["with-sputum"] == "cupped clapping of the back only, on the doctor's order"
