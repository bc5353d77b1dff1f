"""Every limit that stops a change by hand is said in words: what it is, where it comes from, and who could lift it."""

import re
from dataclasses import replace

import pytest
from django.utils.translation import override

from clinic.courses.edit_words import RULE_NAMES
from clinic.courses.presentation import Presenter
from clinic.courses.studio.limit_words import LIFTED, WHY_RULES, WORDS_OF_LIMITS
from clinic.courses.studio.limits import RULES, limit_line, soft_line
from protocols.method.checking import SENTENCES
from protocols.method.checking.problems import problem
from protocols.method.findings import Bar, ForcedCalm, Limits, MinutesCap, PlacesOut, PressureCap, TechniqueOut
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.shelf import shipped_names
from tests.each import of_each
from tests.method.hand_made import with_limits
from tests.method.planned import LIBRARY, leaves, setting_of

FIELD = re.compile(r"\{(\w+)")
SETTING = setting_of("osteochondrosis-lumbar", "subacute")
DETAILS = {
    "zone": "sacrum", "side": "both", "technique": "kneading-circular", "family": "kneading", "position": "prone", "tempo": "tonic",
    "supplement": "imaz", "part": "opening", "fact": "today.menstruation", "pressure": 3, "limit": 2, "age": 40, "what": "tail", "why": "x",
    "seconds": 75, "own": 40, "dose": 1300, "ceiling": 1200, "least": 600, "total": 1300, "protocol": 1200, "before": 600, "cap": 600,
    "number": 3, "plan": 3, "screening": "defer", "rows": 10, "changes": 5, "most": 3, "regions": 4,
}  # fmt: skip


@pytest.fixture(scope="module", params=["en", "ru"])
def presenter(request):
    with override(request.param):
        yield Presenter(LIBRARY, shipped_names(request.param))


def test_every_code_of_the_checker_has_words_a_reason_and_somebody_or_nobody_who_lifts_it():
    assert set(WORDS_OF_LIMITS) == set(RULES) == set(SENTENCES)
    for why, lifted in RULES.values():
        assert lifted in LIFTED
        assert why in WHY_RULES or why.removeprefix("order:") in LIBRARY.order_rules


@of_each("code", sorted(SENTENCES))
def test_words_ask_for_no_detail_that_the_checker_does_not_give(code):
    asked, given = set(FIELD.findall(str(WORDS_OF_LIMITS[code]))), set(FIELD.findall(SENTENCES[code]))
    assert asked - {"place"} <= given
    assert "zone" in given or "place" not in asked


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_limit_is_said_whole(code, presenter):
    names = set(FIELD.findall(SENTENCES[code]))
    found = problem(code, None, severity="error", **{name: DETAILS[name] for name in names})
    for line in (limit_line(found, SETTING, presenter), soft_line(replace(found, severity="warning"), SETTING, presenter)):
        assert line.sentence
        assert line.why
        assert line.lifted_by
        assert "{" not in line.sentence + line.why + line.lifted_by


# Where it comes from --------------------------------------------------------------------------------------------------------
WHY = because("rule-excludes-zone", rule="ca-07")
TITLE = LIBRARY.rules["ca-07"].title


@pytest.fixture(scope="module")
def english():
    return Presenter(LIBRARY, shipped_names("en"))


def under(**limits: object):
    return with_limits(SETTING, Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "setting"),
    [
        (problem("zone-excluded", zone="sacrum", side="both"), under(places_out=(PlacesOut(leaves("sacrum"), WHY),))),
        (problem("technique-excluded", technique="kneading-circular", zone="sacrum", side="both"),
         under(techniques_out=(TechniqueOut("kneading-circular", None, WHY),))),
        (problem("pressure-too-strong", pressure=3, zone="sacrum", side="both", limit=2),
         under(pressure_caps=(PressureCap(2, None, WHY),))),
        (problem("dose-too-long", dose=700, ceiling=600), under(minutes_caps=(MinutesCap(10, WHY),))),
        (problem("tempo-not-calm", zone="sacrum", side="both"), under(calm=(ForcedCalm(None, WHY),))),
    ],
)  # fmt: skip
def test_the_finding_behind_a_limit_is_named_with_the_document_that_lifts_it(found, setting, english):
    line = limit_line(found, setting, english)
    assert TITLE in line.why
    assert TITLE in line.lifted_by
    terms = LIBRARY.rules["ca-07"].clearance
    assert (LIBRARY.documents[terms.document].name if terms else "No document") in line.lifted_by


def test_another_finding_than_the_one_in_the_way_is_not_named(english):
    away = under(places_out=(PlacesOut(leaves("calf"), WHY),))
    assert TITLE not in limit_line(problem("zone-excluded", zone="sacrum", side="both"), away, english).why


@pytest.mark.parametrize(("source", "who"), [("referral", "referral"), ("consent", "consent sheet")])
def test_a_bar_is_lifted_by_whoever_set_it(source, who, english):
    barred = replace(SETTING, screening=replace(SETTING.screening, bars=(Bar(source, (Place("sacrum", "both"),)),)))
    line = limit_line(problem("zone-barred", zone="sacrum", side="both"), barred, english)
    assert who in line.lifted_by
    assert "consent" in line.why or "referral" in line.why


def test_age_danger_map_stage_and_earlier_sessions_are_told_apart(english):
    def said(setting, limit, zone="gluteal"):
        return limit_line(problem("pressure-too-strong", pressure=4, zone=zone, side="both", limit=limit), setting, english)

    assert "age 80" in said(replace(SETTING, age=80), 2).why
    assert said(SETTING, 3).lifted_by == str(LIFTED["stage"])
    assert said(SETTING, 1).why == str(WHY_RULES["earlier-or-depth"])
    danger = problem("danger-map", technique="kneading-circular", family="kneading", zone="popliteal", side="both")
    assert "Keep off" in limit_line(danger, SETTING, english).why


def test_who_treats_lifts_a_soft_rule_with_a_reason(english):
    line = soft_line(problem("step-stretched", severity="warning", zone="sacrum", seconds=90, own=50), SETTING, english)
    assert line.lifted_by == str(LIFTED["you"])
    assert "1:30 min" in line.sentence


def test_every_soft_rule_has_a_name_for_the_ledger():
    """What a hand can break with a reason is read by name afterwards, never by code."""
    soft = {"step-stretched", "part-order", "family-order", "family-twice", "zone-not-planned", "family-not-planned", "family-too-early"}
    soft |= {"tempo-not-planned"} | {code for code, (why, _) in RULES.items() if why in ("course-point", "pace")}
    soft |= {"place-overworked", "session-shortened", "purpose-halved", "part-missing", "part-stretched", "family-stretched"}
    soft |= {"regions-many", "limbs-before-back", "tone-before-relax"}
    assert soft <= set(RULE_NAMES)
