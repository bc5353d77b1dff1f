"""A clinical lead changes a protocol on the pages: what is kept, what is refused and said, and the way back."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.demo_variant import seed_variant
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from protocols.models import Variant
from protocols.states import VariantState
from protocols.variants.actions import begin_variant
from protocols.variants.changes import changes_of
from protocols.variants.checking import check_variant
from tests.factories import a_clinic, an_actor

pytestmark = pytest.mark.django_db
CALMING = "library/conditions/neck-collar:stage/calming"
WORDS = "ru/conditions:conditions/neck-collar"


@pytest.fixture
def lead() -> Actor:
    return an_actor(clinic=a_clinic(), roles=(Role.CLINICAL_LEAD,))


@pytest.fixture
def variant(lead: Actor) -> Variant:
    return begin_variant(subject="conditions/neck-collar", title="Gentler collar", actor=lead)


@pytest.fixture
def page_of(client: Client, lead: Actor) -> Client:
    client.force_login(lead.user)
    return client


def send(client: Client, variant: Variant, page_name: str, /, *args: Any, **typed: Any) -> Any:
    """Sends a form of the newest version."""
    variant.refresh_from_db()
    return client.post(reverse(f"variants:{page_name}", args=[variant.pk, *args]), {"version": variant.version, **typed})


def changed(variant: Variant) -> dict[str, Any]:
    variant.refresh_from_db()
    return changes_of(variant)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.same_everywhere
def test_a_gentler_limit_is_kept_alone_and_one_comes_back_to_its_place(page_of: Client, variant: Variant):
    answer = send(page_of, variant, "save", "calming", "limits", pressure_max="2", tempo="calm")
    assert (answer.status_code, answer["Location"].split("#")[1]) == (303, "limits")
    assert changed(variant).keys() == {CALMING}
    entry = changed(variant)[CALMING]
    assert (entry["pressure_max"], entry["provenance"]["pressure"], entry["minutes"]["full"]) == (2, "general", 15)
    send(page_of, variant, "save", "calming", "limits", pressure_max="3", tempo="calm")
    assert changed(variant) == {}


@pytest.mark.same_everywhere
def test_more_than_ships_is_refused_with_a_sentence_and_what_was_typed_stays(page_of: Client, variant: Variant):
    typed = {"minutes-first": "9", "minutes-full": "17", "minutes-max": "15", "units": "1.5"}
    answer = send(page_of, variant, "save", "calming", "dose", **typed)
    assert answer.status_code == 422
    assert "The shipped protocol allows 15 min at most." in text_of(answer)
    assert 'value="17"' in text_of(answer)
    assert changed(variant) == {}


def test_who_saves_over_a_newer_version_is_told_so_and_nothing_is_lost(page_of: Client, variant: Variant):
    send(page_of, variant, "save", "calming", "limits", pressure_max="2", tempo="calm")
    stale = {"version": 1, "pressure_max": "1", "tempo": "calm"}
    answer = page_of.post(reverse("variants:save", args=[variant.pk, "calming", "limits"]), stale)
    assert answer.status_code == 422
    assert "Somebody else has changed this variant" in text_of(answer)
    assert "3 – moderate → 2 – light" in text_of(answer)  # what it was
    assert changed(variant)[CALMING]["pressure_max"] == 2
    offered = re.search(r'id="limits".*?name="version" value="(\d+)"', text_of(answer), re.DOTALL)
    again = {**stale, "version": offered.group(1) if offered else ""}
    assert page_of.post(reverse("variants:save", args=[variant.pk, "calming", "limits"]), again).status_code == 303
    assert changed(variant)[CALMING]["pressure_max"] == 1


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_steps_are_added_moved_and_taken_out_and_the_sum_is_told(page_of: Client, variant: Variant):
    step = {"zone": "nape", "side": "both", "part": "main", "minutes": "1", "profile": "stroking-only", "from_session": "1"}
    assert send(page_of, variant, "step-add", "calming", **step).status_code == 303
    assert send(page_of, variant, "step-up", "calming", 7)["Location"].endswith("#step-6")
    assert send(page_of, variant, "step-out", "calming", 2).status_code == 303
    stage = changed(variant)[CALMING]
    assert [row["zone"] for row in stage["steps"]][-3:] == ["nape", "chest-upper", "trapezius-upper"]
    assert sum(stage["shares"].values()) == 100
    seen = text_of(page_of.get(reverse("variants:steps", args=[variant.pk, "calming"])))
    assert "The steps take 13 minutes, and a full session is 15." in seen
    refused = send(page_of, variant, "step-add", "calming", **step | {"minutes": "1.3"})
    assert (refused.status_code, "Minutes are counted in halves" in text_of(refused)) == (422, True)


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_a_mix_of_our_own_is_a_hundred_percent_and_changes_the_shares_of_who_works_with_it(page_of: Client, variant: Variant):
    send(page_of, variant, "profiles", source="relaxing", name="Very soft", name_ru="Очень мягкий")
    shares = {"stroking": "60", "rubbing": "30", "kneading": "5"}
    more = {"name": "Very soft", "name_ru": "Очень мягкий", "low": "1", "high": "2", "tempo": "calm"}
    refused = send(page_of, variant, "profile", "own-very-soft", **shares, **more)
    assert (refused.status_code, "They are 95." in text_of(refused)) == (422, True)
    step = {"zone": "nape", "side": "both", "part": "main", "minutes": "3", "profile": "own-very-soft", "from_session": "1"}
    send(page_of, variant, "step-change", "calming", 4, **step)
    before = changed(variant)[CALMING]["shares"]
    assert send(page_of, variant, "profile", "own-very-soft", **shares | {"stroking": "65"}, **more).status_code == 303
    assert changed(variant)["library/profiles:profile/own-very-soft"]["shares"] == {"stroking": 65, "rubbing": 30, "kneading": 5}
    assert changed(variant)[CALMING]["shares"]["stroking"] > before["stroking"]
    assert send(page_of, variant, "profile-remove", "own-very-soft").status_code == 422


@pytest.mark.same_everywhere
def test_texts_are_kept_in_both_languages_or_not_at_all(page_of: Client, variant: Variant):
    form = page_of.get(reverse("variants:texts-of-stage", args=[variant.pk, "calming"])).context["form"]
    typed = {name: form.initial.get(name, "") for name in form.fields if name != "version"}
    half = typed | {"en-notes": "Warm hands.\nQuiet room."}
    answer = send(page_of, variant, "texts-of-stage", "calming", **half)
    assert (answer.status_code, "both languages" in text_of(answer)) == (422, True)
    send(page_of, variant, "texts-of-stage", "calming", **half | {"ru-notes": "Тёплые руки.\nТихая комната."})
    assert changed(variant)[CALMING]["notes"] == ["Warm hands.", "Quiet room."]
    assert changed(variant)[WORDS]["stages"]["calming"]["notes"] == ["Тёплые руки.", "Тихая комната."]


@pytest.mark.same_everywhere
def test_every_change_has_a_way_back(page_of: Client, variant: Variant):
    send(page_of, variant, "save", "calming", "limits", pressure_max="2", tempo="calm")
    send(page_of, variant, "save", "calming", "forbid", what="family:vibration", zone="nape", side="both")
    assert {"family": "vibration", "zone": "nape", "side": "both"} in changed(variant)[CALMING]["forbid"]
    back = reverse("variants:stage", args=[variant.pk, "calming"])
    assert send(page_of, variant, "restore", number=2, back=back)["Location"] == back
    assert [len(changed(variant)[CALMING]["forbid"]), changed(variant)[CALMING]["pressure_max"]] == [1, 2]
    assert send(page_of, variant, "restore", number=1, back="https://elsewhere.test/")["Location"].startswith("/library/variants/")
    assert changed(variant) == {}


@pytest.mark.same_everywhere
def test_a_stage_is_not_massaged_any_more_and_is_brought_back_with_its_words(page_of: Client, variant: Variant):
    words = {"en-reason": "We do not offer it.", "ru-reason": "Мы этого не проводим.", "en-until": "Never.", "ru-until": "Никогда."}
    assert send(page_of, variant, "save", "tonic", "bar", **words).status_code == 303
    seen = text_of(page_of.get(reverse("variants:stage", args=[variant.pk, "tonic"])))
    assert "We do not offer it." in seen
    assert send(page_of, variant, "save", "tonic", "bring-back").status_code == 303
    assert changed(variant) == {}


def test_a_variant_is_begun_once_by_the_same_form_discarded_and_brought_back(page_of: Client, lead: Actor):
    form = {"subject": "conditions/scoliosis", "title": "Softer scoliosis"}
    made = page_of.post(reverse("variants:begin"), form)
    assert made.status_code == 303
    again = page_of.post(reverse("variants:begin"), form)
    assert (again.status_code, "worked on already" in text_of(again)) == (422, True)
    variant = Variant.objects.get(clinic=lead.clinic)
    assert "Our variant is being written" in text_of(page_of.get(reverse("library:condition", args=["scoliosis"])))
    send(page_of, variant, "discard")
    variant.refresh_from_db()
    assert variant.state == VariantState.DISCARDED
    assert "Make our own variant" in text_of(page_of.get(reverse("library:condition", args=["scoliosis"])))
    send(page_of, variant, "bring-back")
    assert json.loads(Variant.objects.get(pk=variant.pk).changes) == {}


@pytest.mark.same_everywhere
def test_what_is_not_ready_cannot_be_sent_and_says_why(page_of: Client, variant: Variant, lead: Actor):
    day = lead.clinic.today().replace(year=lead.clinic.today().year + 1)
    answer = send(page_of, variant, "submit", note="Gentler.", review_by=day.isoformat())
    assert (answer.status_code, "This variant changes nothing yet." in text_of(answer)) == (422, True)
    send(page_of, variant, "save", "calming", "limits", pressure_max="2", tempo="calm")
    assert send(page_of, variant, "submit", note="Gentler.", review_by=day.isoformat()).status_code == 303
    variant.refresh_from_db()
    assert (variant.state, variant.review_by, variant.note) == (VariantState.AWAITING, day, "Gentler.")


def test_the_draft_of_the_demo_is_sound_and_one_case_of_it_is_red(lead: Actor):
    check = check_variant(seed_variant(lead))
    assert (check.faults, check.loosened) == ((), ())
    assert [case.code for case in check.red] == ["collar-calming-for-poor-sleep"]
