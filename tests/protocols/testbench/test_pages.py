"""The pages of the test bench: red before green, what is not met in words, cases kept, changed, taken away and brought back."""

from typing import Any

import pytest
from django.urls import reverse

from clinic.staff.permissions import ActionDenied
from protocols.cases import worked_case, worked_cases
from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content
from protocols.models import Variant
from protocols.shelf import shipped_library
from protocols.testbench.actions import NewCase, keep_case
from protocols.testbench.addresses import address_of
from protocols.variants.actions import begin_variant, change_variant
from protocols.variants.changes import changes_of
from protocols.variants.checking import check_variant

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]

SLEEP = "collar-calming-for-poor-sleep"
STAGE = "library/conditions/neck-collar:stage/calming"
BROKEN = f"{address_of(worked_case(SLEEP).stated, shipped_library())}&rest=%7B%22records%22%3A5%2C%22rules%22%3A5%2C%22bars%22%3A%5B1%5D%7D"
PATIENT = worked_case(SLEEP).stated


@pytest.fixture
def variant(clinical_lead) -> Variant:
    begun = begin_variant(subject="conditions/neck-collar", title="Gentler collar", actor=clinical_lead)
    softer = entries_of(shipped_content().parts)[STAGE] | {"pressure_max": 2}
    return change_variant(variant=begun, changes={STAGE: softer}, said="softer", version=begun.version, actor=clinical_lead)


@pytest.fixture
def lead(signed_in, clinical_lead) -> Any:
    return signed_in(clinical_lead)


def expecting(**changed: Any) -> dict[str, Any]:
    """What the form of the case about sleep sends."""
    sent = {
        "act": "keep",
        "says-en": "Nine calm minutes, 36.6 degrees.",
        "says-ru": "Девять спокойных минут, 36,6 градуса.",
        "outcome": "clear",
        "never_works": ["neck-lateral"],
    }
    return sent | changed


def of_case(name: str, variant: Variant, code: str = SLEEP) -> str:
    return reverse(f"testbench:{name}", args=[variant.pk, "neck-collar", code])


def page_of_cases(browser: Any, variant: Variant) -> str:
    words: str = browser.get(reverse("testbench:cases", args=[variant.pk])).content.decode()
    return words


def test_a_case_that_is_changed_turns_red_first_with_what_came_instead_and_green_again_when_mended(lead, variant):
    assert "Every case holds" in page_of_cases(lead, variant)
    sent = expecting(version=variant.version, minutes_about="12")
    assert lead.post(of_case("case", variant), sent).status_code == 303
    words = page_of_cases(lead, variant)
    assert "1 case does not hold" in words
    assert "about 12 minutes" in words
    assert "it lasts 15 min" in words
    assert words.index(f"case-{SLEEP}") < words.index("case-collar-pressure-not-measured")
    assert [case.code for case in check_variant(Variant.objects.get()).red] == [SLEEP]
    assert lead.post(of_case("case", variant), expecting(version=variant.version + 1, minutes_about="15")).status_code == 303
    assert "Every case holds" in page_of_cases(lead, variant)


def test_a_case_is_taken_away_and_brought_back_as_it_was(lead, variant):
    assert lead.post(of_case("remove-case", variant), {"version": variant.version}).status_code == 303
    gone = changes_of(Variant.objects.get())
    assert gone[f"cases/neck-collar:case/{SLEEP}"] is None
    assert gone[f"ru/cases:cases/{SLEEP}"] is None
    assert "Taken away by this variant" in page_of_cases(lead, variant)
    assert lead.post(of_case("restore-case", variant), {"version": variant.version + 1}).status_code == 303
    assert set(changes_of(Variant.objects.get())) == {STAGE}


def test_whoever_comes_second_overwrites_nothing(lead, variant):
    answer = lead.post(of_case("case", variant), expecting(version=variant.version - 1))
    assert answer.status_code == 422
    assert "Somebody else has changed this variant" in answer.content.decode()
    assert set(changes_of(Variant.objects.get())) == {STAGE}


def test_a_patient_who_was_tried_is_kept_as_a_case_that_begins_with_what_the_plan_gives(lead, variant):
    query = address_of({**PATIENT, "patient": {"age": 52, "sex": "male"}}, shipped_library())
    answer = lead.get(f"{reverse('testbench:new-case', args=[variant.pk])}?{query}")
    assert answer.context["form"].initial["minutes_about"] == 15
    ticked = {tick.value for each in answer.context["lists"] for tick in each.ticks if tick.is_ticked}
    assert {"nape", "all|percussion"} <= ticked
    sent = expecting(version=variant.version, works=["nape"])
    assert lead.post(f"{reverse('testbench:new-case', args=[variant.pk])}?{query}", sent).status_code == 303
    kept = changes_of(Variant.objects.get())
    row = kept["cases/neck-collar:case/own-neck-collar-1"]
    assert row["input"]["patient"] == {"age": 52, "sex": "male"}
    assert row["expect"] == {"outcome": "clear", "works": ["nape"], "never_works": ["neck-lateral"]}
    assert kept["ru/cases:cases/own-neck-collar-1"] == {"says": "Девять спокойных минут, 36,6 градуса."}
    assert check_variant(Variant.objects.get()).is_publishable


def test_adding_an_item_keeps_what_was_typed_and_saves_nothing(lead, variant):
    sent = expecting(act="more", **{"add-pressure_at-place": "nape", "add-pressure_at-level": "2", "says-en": ""})
    answer = lead.post(of_case("case", variant), sent)
    assert answer.status_code == 200
    ticked = {tick.value for each in answer.context["lists"] for tick in each.ticks if tick.is_ticked}
    assert ticked == {"nape|2", "neck-lateral"}
    assert not answer.context["form"].errors
    assert set(changes_of(Variant.objects.get())) == {STAGE}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"says-ru": "Двенадцать из 12."}, "Both sentences must name the same numbers."),
        ({"outcome": "", "never_works": []}, "A case that expects nothing is met by every plan."),
        ({"never_works": ["no-such-zone"], "outcome": ""}, "A case that expects nothing is met by every plan."),
        ({"minutes_about": "500"}, "Write minutes from 1 to 120."),
    ],
)
def test_a_case_that_says_nothing_sound_is_not_kept(lead, variant, changed, sentence):
    answer = lead.post(of_case("case", variant), expecting(version=variant.version, **changed))
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors)


def test_a_case_of_another_condition_is_refused(clinical_lead, variant):
    other = next(case for case in worked_cases() if case.condition == "scoliosis")
    case = NewCase(other.stated, other.expected, "x", {"ru": "x"})
    with pytest.raises(ActionDenied, match="another condition"):
        keep_case(variant=variant, code="", case=case, version=variant.version, actor=clinical_lead)


def test_a_patient_is_tried_on_the_variant_beside_the_edition_in_force(lead, variant):
    answer = lead.get(f"{reverse('testbench:try')}?variant={variant.pk}&{address_of(PATIENT, shipped_library())}")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["side"].session.pressure_max == 2
    assert answer.context["now"].session.pressure_max == 3
    assert "Edition 2026-11" in words
    assert "Keep as a case" in words
    assert "Left out, and why" in words


def test_whoever_works_here_tries_a_condition_of_the_library_and_keeps_nothing(signed_in, therapist, variant):
    browser = signed_in(therapist)
    answer = browser.get(f"{reverse('testbench:try')}?{address_of(PATIENT, shipped_library())}")
    assert answer.status_code == 200
    assert "Keep as a case" not in answer.content.decode()
    assert browser.get(f"{reverse('testbench:try')}?variant={variant.pk}").status_code == 403


@pytest.mark.parametrize("query", ["condition=nothing", "variant=x", "variant=99999999999", "condition=neck-collar&stage=none", BROKEN])
def test_an_address_that_names_nothing_shows_no_plan(lead, query):
    answer = lead.get(f"{reverse('testbench:try')}?{query}")
    assert answer.status_code in (200, 404, 422)
    assert answer.status_code == 404 or "side" not in answer.context


def test_a_case_of_any_condition_is_changed_in_a_variant_of_the_rules(lead, clinical_lead):
    rules = begin_variant(subject="contraindications", title="Stricter rules", actor=clinical_lead)
    answer = lead.post(of_case("case", rules), expecting(version=rules.version, outcome="clear"))
    assert answer.status_code == 303
    assert set(changes_of(Variant.objects.get())) == {f"cases/neck-collar:case/{SLEEP}", f"ru/cases:cases/{SLEEP}"}
