"""The lead makes a rule stricter, mends the case that turns red, adds an effect and takes everything back; and a rule of their own."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.staff.models import Role
from protocols.rulebook.case_lines import case_lines
from protocols.rulebook.forms.cases import SaysForm
from protocols.rulebook.reading import RULE, RULE_RU, Drawer, drawer_of
from protocols.rulebook.writing import taken_back
from protocols.variants.actions import begin_variant
from protocols.variants.changes import changes_of
from tests.factories import a_clinic, an_actor

pytestmark = pytest.mark.django_db
CODE = "ca-03"


class Lead:
    """The clinical lead with a draft."""

    def __init__(self, client: Client, subject: str) -> None:
        self.client, self.actor = client, an_actor(clinic=a_clinic(), roles=(Role.CLINICAL_LEAD,))
        client.force_login(self.actor.user)
        self.variant = begin_variant(subject=subject, title="Ours", actor=self.actor)

    def send(self, name: str, *args: object, **data: object) -> Any:
        """Sends a form of the variant as it stands now."""
        self.variant.refresh_from_db()
        url = reverse(f"rulebook:{name}", args=[self.variant.pk, *args])
        answer = self.client.post(url, {"version": self.variant.version, **data})
        self.variant.refresh_from_db()
        return answer

    def read(self, name: str, *args: object, **query: str) -> str:
        """A page of the variant."""
        answer = self.client.get(reverse(f"rulebook:{name}", args=[self.variant.pk, *args]), query)
        assert answer.status_code == 200
        return answer.content.decode()


def stricter_fields(lead: Lead, **more: object) -> dict[str, object]:
    """The form of the rule as its page gives it."""
    page = lead.client.get(reverse("rulebook:rule", args=[lead.variant.pk, CODE]))
    form = page.context["form"]
    return {field.html_name: field.value() for field in form if field.value() is not None} | more


@pytest.mark.same_everywhere
def test_a_lower_number_turns_a_case_red_and_it_is_mended_and_taken_back(client):
    lead = Lead(client, "contraindications")
    upper = "when.all.0.any.0.value"
    texts = stricter_fields(lead)
    assert texts[upper] == 160
    refused = lead.send("stricter", CODE, **texts | {upper: 170})
    assert refused.status_code == 422
    named = lead.send("stricter", CODE, **texts | {upper: 150})
    assert named.status_code == 422  # the title still says 160
    ours = {"title": "BP 150-179 / 100-109 today", "title_ru": "АД 150–179 / 100–109 сегодня"}
    assert lead.send("stricter", CODE, **texts | ours | {upper: 150}).status_code == 303
    assert drawer_of(lead.variant).now[f"{RULE}{CODE}"]["title"] == ours["title"]
    page = lead.client.get(reverse("rulebook:rule", args=[lead.variant.pk, CODE]))
    red = [case for case in page.context["cases"] if case.unmet]
    assert [case.kind for case in red] == ["spares"]
    assert lead.send("mend-case", CODE, "spares", red[0].number).status_code == 303
    assert not [line for line in case_lines(lead.variant, drawer_of(lead.variant), CODE) if line.unmet]
    assert lead.send("take-back", CODE).status_code == 303
    assert changes_of(lead.variant) == {}


def test_an_effect_is_added_and_taken_back_and_an_old_page_changes_nothing(client):
    lead = Lead(client, "contraindications")
    advice = {"advice-topic": "note", "advice-text": "sit first", "advice-text_ru": "сначала посидеть"}
    assert lead.send("add-effect", CODE, "advice", **advice).status_code == 303
    drawer = drawer_of(lead.variant)
    assert drawer.now[f"{RULE_RU}{CODE}"]["advice"][-1] == "сначала посидеть"
    place = len(drawer.now[f"{RULE}{CODE}"]["effects"]) - 1
    assert lead.send("add-effect", CODE, "max-pressure", version=1, **{"max-pressure-level": 1}).status_code == 422
    assert "Take back" in lead.read("rule", CODE)
    assert lead.send("mend-case", CODE, "because", 1).status_code == 404
    assert lead.send("mend-case", CODE, "fires", 99).status_code == 303
    assert lead.send("drop-effect", CODE, place).status_code == 303
    assert changes_of(lead.variant) == {}


def test_a_rule_of_the_clinics_own_is_written_tried_and_its_cases_kept(client):
    lead = Lead(client, "contraindications")
    told = {
        "code": "headache", "protocol": "Protocol of the house", "group": "nerves", "kind": "relative", "outcome": "defer", "join": "any",
        "fact1": "today.pain-nrs", "answer1": "ge", "value1": "9", "title": "Very strong pain", "title_ru": "Очень сильная боль",
        "explanation": "Somebody in so much pain is not massaged.", "explanation_ru": "При такой боли не массируют.",
    }  # fmt: skip
    weak = lead.send("own-new", **told | {"fact2": "history.hiv", "answer2": "yes"})
    assert weak.status_code == 422  # a question that may stay unanswered cannot stop a session
    assert lead.send("own-new", **told).status_code == 303
    for value, says in ((9, "Nine of ten today, and no session."), (8, "Eight of ten today is bearable.")):
        case = {"today.pain-nrs--value": value, "says": says, "says_ru": "Боль сегодня, по-русски."}
        assert lead.send("keep-case", "own-headache", **case).status_code == 303
    cases = drawer_of(lead.variant).now["rule-cases/own:rule/own-headache"]
    assert [case["expect"] for case in cases["fires"]] == [{"outcome": "defer"}]
    assert "expect" not in cases["spares"][0]
    assert lead.send("take-back", "own-headache").status_code == 303
    assert changes_of(lead.variant) == {}


def test_the_rules_of_a_course_are_set_stricter_in_parts_and_a_part_is_taken_back(client):
    lead = Lead(client, "course-rules")
    page = lead.client.get(reverse("rulebook:course-rules", args=[lead.variant.pk]))
    form = next(form for form in page.context["forms"] if form.section.code == "times")
    sent = {field.html_name: field.value() for field in form}
    assert lead.send("course-save", "times", **sent | {"times-review.session": 7}).status_code == 422
    assert lead.send("course-save", "times", **sent | {"times-review.session": 4}).status_code == 303
    drawing = lead.client.get(reverse("rulebook:course-rules", args=[lead.variant.pk])).context["drawing"]
    assert (drawing.review_before, drawing.review_after) == (6, 4)
    assert set(changes_of(lead.variant)) == {"library/course-rules:review", "ru/course-rules:course-rules"}
    assert lead.send("course-take-back", "times").status_code == 303
    assert changes_of(lead.variant) == {}


@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("answers", "verdict"),
    [({"today.systolic--value": 165}, "fires"), ({"today.systolic--value": 130}, "spares"), ({"today.systolic": "on"}, "open")],
)
def test_a_rule_is_tried_on_answers(client, answers, verdict):
    lead = Lead(client, "contraindications")
    page = lead.client.get(reverse("rulebook:try", args=[CODE]), answers)
    assert page.status_code == 200
    trial = page.context["trial"]
    assert trial.verdict == verdict
    assert trial.decided
    assert (trial.cleared is None) is (verdict == "spares")


def test_a_rule_of_the_clinics_own_that_is_in_force_can_be_taken_out_of_the_library():
    in_force = {f"{RULE}own-x": {"code": "own-x"}, f"{RULE_RU}own-x": {}, "library/sources:source/own-x": {"id": "own-x"}}
    drawer = Drawer(shipped={}, in_force=in_force, now=in_force, changes={})
    assert taken_back(drawer, "own-x", to_shipped=True) == dict.fromkeys(in_force)
    assert taken_back(drawer, "own-x", to_shipped=False) == in_force


@pytest.mark.same_everywhere
def test_a_case_that_names_other_numbers_in_russian_is_refused_where_it_is_written():
    form = SaysForm({"says": "Nine of ten since 3 days.", "says_ru": "Девять из десяти уже 4 дня."})
    assert set(form.errors) == {"says_ru"}
    assert SaysForm({"says": "Nine of ten since 3 days.", "says_ru": "Девять из десяти уже 3 дня."}).is_valid()
