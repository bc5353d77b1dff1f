"""A finding says in words what it changes."""

from clinic.courses.presentation import Presenter
from clinic.courses.reasons import Speaker
from protocols.method.entries import Effect
from protocols.method.findings import NO_LIMITS, Finding, Obstacle, Screening
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library, shipped_names


def test_a_finding_names_the_places_that_the_patient_showed():
    effect = Effect("exclude-zones-from", fact="history.varicose-zones")
    facts = {"history.varicose-zones": (Place("thigh-posterior", "left"), Place("sacrum", "both"))}
    said = Speaker(shipped_library(), shipped_names("en"), facts).effect(effect)
    assert said == "Not worked: back of the thigh (left), sacrum"


def test_a_finding_whose_places_nobody_named_repeats_the_question():
    effect = Effect("exclude-zones-from", fact="history.varicose-zones")
    said = Speaker(shipped_library(), shipped_names("en")).effect(effect)
    assert said == "Not worked: Varicose veins: show where"


def test_a_child_s_finding_says_the_minutes_of_its_own_age_only():
    rule = shipped_library().rules["ag-01"]
    finding = Finding("ag-01", rule.kind, rule.outcome, rule.explanation, rule.sources, rule.effects)
    screening = Screening(Outcome.MODIFY, (finding,), (), (), NO_LIMITS, (), facts={"patient.age": 9})
    (line,) = Presenter(shipped_library(), shipped_names("en")).screening(screening, "modify").findings
    assert [change for change in line.changes if "minutes" in change] == ["15 minutes at most"]


def test_where_no_age_is_known_each_number_of_minutes_says_its_ages():
    rule = shipped_library().rules["ag-01"]
    speaker = Speaker(shipped_library(), shipped_names("en"))
    said = [speaker.effect(effect) for effect in rule.effects if effect.type == "max-minutes"]
    assert said[2] == "15 minutes at most from 7 to 11 years of age"


def test_a_referral_that_is_not_there_is_named_once_and_its_age_is_not_asked():
    library = shipped_library()
    missing = because("document-missing", document="doctor-referral")
    undecided = because("rule-open", fact="document.referral-age-days", rule="ge-06")
    obstacles = (Obstacle("document", "doctor-referral", missing), Obstacle("fact", "document.referral-age-days", undecided))
    screening = Screening(Outcome.DOCTOR, (), (), obstacles, NO_LIMITS, ())
    seen = Presenter(library, shipped_names("en")).screening(screening, "doctor")
    assert [(line.kind, line.title) for line in seen.obstacles] == [("document", "Referral")]
