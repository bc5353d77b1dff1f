"""What a case out of a course says, in every language of the library: made of codes and numbers, like the case itself."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from protocols.method.names import ENGLISH
from protocols.method.planning import PlannedSession
from protocols.models import Variant
from protocols.presentation.cases import patient_in_words
from protocols.testbench.given import outcome_code
from protocols.testbench.queries import words_of_case
from protocols.testbench.unmet import outcome_word
from protocols.variants.checking import names_of_variant


def sentences_of(stated: Mapping[str, Any], planned: PlannedSession, variant: Variant) -> tuple[str, dict[str, str]]:
    """The sentence in English, and in the other languages by their codes."""
    found = {language: _sentence(stated, planned, variant, language) for language in (ENGLISH, *words_of_case(variant, ""))}
    return found.pop(ENGLISH), found


def _sentence(stated: Mapping[str, Any], planned: PlannedSession, variant: Variant, language: str) -> str:
    with override(language):
        names = names_of_variant(variant, language)
        stage = names.of("stages", f"{stated['condition']}/{stated['stage']}") if names else str(stated["stage"])
        said = {"patient": patient_in_words(stated), "stage": stage, "outcome": outcome_word(outcome_code(planned))}
        return _("Out of a course: %(patient)s; %(stage)s. Outcome: %(outcome)s.") % said
