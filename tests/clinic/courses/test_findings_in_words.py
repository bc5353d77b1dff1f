"""A finding says in words what it changes."""

from clinic.courses.reasons import Speaker
from protocols.method.entries import Effect
from protocols.method.places import Place
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
