"""Every fault of an input is named by its field, all at once; a sound input becomes a case."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocols.method.answers import Faults
from protocols.method.case import CASE_DAY, parse_case
from protocols.method.places import Place
from protocols.method.strict_json import MAX_BYTES, read_json
from protocols.shelf import shipped_library
from tests.method.cases import a_case


@pytest.fixture(scope="module")
def library():
    return shipped_library()


def faults_of(raw, library):
    with pytest.raises(Faults) as caught:
        parse_case(raw, library)
    return [str(fault) for fault in caught.value.faults]


def test_a_sound_case_is_read_whole(library):
    case = parse_case(
        a_case(facts={"today.systolic": 130, "history.varicose-zones": [{"zone": "calf", "side": "left"}]}, unknown=["today.pulse"]),
        library,
    )
    assert (case.age, case.sex, case.condition.code, case.stage.code, case.number, case.of) == (
        41,
        "female",
        "scoliosis",
        "degree-1",
        6,
        12,
    )
    assert case.answers.known["patient.age"] == 41
    assert case.answers.known["patient.sex"] == "female"
    assert case.answers.known["history.varicose-zones"] == (Place("calf", "left"),)
    assert case.answers.unknown == {"today.pulse"}
    assert case.notes == ()


def test_a_case_tells_missed_days_and_what_was_said_the_next_day(library):
    told = {"number": 1, "skin_or_swelling": False, "sleep_or_headache": None}
    case = parse_case(a_case(missed_days=8, records=[told, {"number": 2, "sleep_or_headache": True}]), library)
    assert case.missed_days == 8
    assert [(record.skin_or_swelling, record.sleep_or_headache) for record in case.records] == [(False, None), (None, True)]


def test_records_and_supplements_may_be_left_out_and_nothing_else(library):
    for field in a_case():
        raw = a_case()
        del raw[field]
        assert faults_of(raw, library)[0].startswith(f"{field}: is missing")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"surprise": 1}, "surprise: is not a field"),
        ({"patient": None}, "patient: must be an object"),
        ({"patient": {"age": 41}}, "patient.sex: is missing"),
        ({"patient": {"sex": "male"}}, "patient.age: is missing"),
        ({"patient": {"age": 41, "sex": "male", "name": "x"}}, "patient.name: is not a field"),
        ({"patient": {"age": True, "sex": "male"}}, "patient.age: must be a whole number"),
        ({"patient": {"age": 41.0, "sex": "male"}}, "patient.age: must be a whole number"),
        ({"patient": {"age": "41", "sex": "male"}}, "patient.age: must be a whole number"),
        ({"patient": {"age": -1, "sex": "male"}}, "patient.age: must be from 0 to 120"),
        ({"patient": {"age": 10**5000, "sex": "male"}}, "patient.age: must be from 0 to 120"),
        ({"patient": {"age": 41, "sex": "man"}}, "patient.sex: man is not one of female, male"),
        ({"condition": "scoliosys"}, "condition: scoliosys is not a condition"),
        ({"condition": 5}, "condition: must be text"),
        ({"stage": "degree-9"}, "stage: degree-9 is not a stage of scoliosis"),
        ({"inputs": []}, "inputs: must be an object"),
        ({"inputs": {}}, "inputs.curve_shape: is missing"),
        ({"inputs": {"curve_shape": "z", "convex_side": "left"}}, "inputs.curve_shape: must be one of"),
        ({"inputs": {"curve_shape": "c", "convex_side": "left", "mood": 1}}, "inputs.mood: is not an input"),
        ({"inputs": {"curve_shape": "c", "convex_side": "left", "brace": 1}}, "inputs.brace: must be true or false"),
        ({"facts": []}, "facts: must be an object"),
        ({"facts": {"today.systolix": 1}}, "facts.today.systolix: is not a fact"),
        ({"facts": {"today.systolic": "high"}}, "facts.today.systolic: must be a whole number"),
        ({"facts": {"today.systolic": True}}, "facts.today.systolic: must be a whole number"),
        ({"facts": {"today.systolic": 500}}, "facts.today.systolic: must be from 50 to 280"),
        ({"facts": {"today.chest-pain": 0}}, "facts.today.chest-pain: must be true or false"),
        ({"facts": {"today.chest-pain": None}}, "facts.today.chest-pain: must be true or false"),
        ({"facts": {"today.temperature-c": float("nan")}}, "facts.today.temperature-c: must be a number"),
        ({"facts": {"history.varicose-zones": ["knees"]}}, "facts.history.varicose-zones: unknown zone"),
        ({"facts": {"history.varicose-zones": [{"zone": "calf", "side": "up"}]}}, "facts.history.varicose-zones: must be one of"),
        ({"facts": {"plan.zones": ["back"]}}, "facts.plan.zones: is worked out from the plan"),
        ({"facts": {"plan.first-session": True}}, "facts.plan.first-session: is worked out"),
        ({"facts": {"patient.age": 40}}, "facts.patient.age: differs"),
        ({"unknown": {}}, "unknown: must be a list"),
        ({"unknown": ["history.x"]}, "unknown[0]: history.x is not a fact"),
        ({"unknown": [None]}, "unknown[0]: must be text"),
        ({"unknown": ["plan.zones"]}, "unknown[0]: plan.zones is worked out"),
        ({"unknown": ["patient.age"]}, "unknown[0]: patient.age has an answer"),
        ({"unknown": ["today.pulse"], "facts": {"today.pulse": 70}}, "unknown[0]: today.pulse has an answer"),
        ({"clearances": []}, "clearances: must be an object"),
        ({"clearances": {"a-letter": 3}}, "clearances.a-letter: is not a document"),
        ({"clearances": {"doctor-referral": -1}}, "clearances.doctor-referral: must be from 0"),
        ({"clearances": {"doctor-referral": "new"}}, "clearances.doctor-referral: must be a whole number"),
        ({"clearances": {"doctor-referral": {"age_days": 1}}}, "clearances.doctor-referral.rules: is missing"),
        (
            {"clearances": {"doctor-referral": {"age_days": 1, "rules": ["zz-9"]}}},
            "clearances.doctor-referral.rules[0]: zz-9 is not a rule",
        ),
        ({"clearances": {"doctor-referral": {"age_days": 1, "rules": "bl-03"}}}, "clearances.doctor-referral.rules: must be a list"),
        ({"clearances": {"doctor-referral": {"age_days": 1, "rules": [], "by": "x"}}}, "clearances.doctor-referral.by: is not a field"),
        ({"supplements": ["cupping"]}, "supplements[0]: cupping is not a supplement"),
        ({"supplements": ["segmental", "segmental"]}, "supplements[1]: segmental is chosen twice"),
        ({"session": 3}, "session: must be an object"),
        ({"session": {"number": 1}}, "session.of: is missing"),
        ({"session": {"number": 0, "of": 10}}, "session.number: must be from 1"),
        ({"session": {"number": 1, "of": 61}}, "session.of: must be from 1 to 60"),
        ({"session": {"number": 11, "of": 10}}, "session.number: 11 is after the last session"),
        ({"missed_days": -1}, "missed_days: must be from 0 to 9999"),
        ({"records": [{"number": 1, "skin_or_swelling": 1}]}, "records[0].skin_or_swelling: must be true or false"),
        ({"records": {}}, "records: must be a list"),
        ({"records": [1]}, "records[0]: must be an object"),
        ({"records": [{"comfort": 5}]}, "records[0].number: is missing"),
        ({"records": [{"number": True}]}, "records[0].number: must be a whole number"),
        ({"records": [{"number": 6}]}, "records[0].number: 6 is not before the session"),
        ({"records": [{"number": 1}, {"number": 1}]}, "records[1].number: session 1 has a record"),
        ({"records": [{"number": 1, "comfort": 11}]}, "records[0].comfort: must be from 0 to 10"),
        ({"records": [{"number": 1, "bad_reaction": "no"}]}, "records[0].bad_reaction: must be true or false"),
        ({"records": [{"number": 1, "hurts": [{"zone": "nape"}]}]}, "records[0].hurts[0].side: is missing"),
        ({"records": [{"number": 1, "hurts": [{"zone": "neckk", "side": "left"}]}]}, "records[0].hurts[0].zone: neckk is not a zone"),
        ({"records": [{"number": 1, "hurts": [{"zone": "nape", "side": "up"}]}]}, "records[0].hurts[0].side: up is not one of"),
        ({"records": [{"number": 1, "hurts": 5}]}, "records[0].hurts: must be a list"),
        ({"records": [{"number": 1, "mood": 5}]}, "records[0].mood: is not a field"),
    ],
)
def test_a_fault_is_one_line_that_names_its_field(change, named, library):
    found = faults_of(a_case(**change), library)
    assert any(line.startswith(named) for line in found), found
    assert all("\n" not in line and len(line) < 250 for line in found)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(None, "nothing (null)"), ([], "a list"), (3, "a whole number"), ("case", "text"), (True, "true or false"), (1.5, "a number")],
)
def test_something_that_is_no_object_is_no_case(raw, kind, library):
    assert faults_of(raw, library) == [f"case: must be an object, not {kind}"]


def test_every_fault_is_reported_at_once(library):
    raw = a_case(
        patient={"age": "x", "sex": "y"}, facts={"a": 1, "b": 2}, unknown=["c"], session={"number": 9, "of": 2}, records=[{"number": "z"}]
    )
    assert len(faults_of(raw, library)) == 7


def test_a_clash_with_an_implied_fact_names_the_fact(library):
    raw = a_case(condition="hypertension", stage="stage-1", inputs={}, facts={"history.hypertension-stage": 2})
    assert faults_of(raw, library) == [
        "facts.history.hypertension-stage: 2 does not agree with 1, which follows from condition hypertension"
    ]


def test_an_answer_that_belongs_to_another_stage_is_refused(library):
    raw = a_case(condition="constipation", stage="atonic", inputs={"form": "spastic"})
    assert faults_of(raw, library)[0].startswith("inputs.form: spastic belongs to stage spastic")


def test_a_bare_age_names_every_rule_that_the_document_can_answer(library):
    (clearance,) = parse_case(a_case(clearances={"gastro-note": 12}), library).clearances
    assert clearance.rules == {rule.code for rule in library.rules.values() if rule.clearance and rule.clearance.document == "gastro-note"}
    assert (CASE_DAY - clearance.issued_on).days == 12


def test_a_named_rule_that_the_document_does_not_answer_is_only_noted(library):
    case = parse_case(a_case(clearances={"surgeon-note": {"age_days": 2, "rules": ["bl-03"]}}), library)
    assert case.notes == ("clearances.surgeon-note.rules: this document does not answer bl-03, which stays as it is",)


def test_an_unusual_number_of_sessions_is_only_noted(library):
    assert parse_case(a_case(session={"number": 1, "of": 40}), library).notes == ("session.of: 40 sessions; this stage is given 10 to 15",)


def test_the_age_may_be_repeated_among_the_facts(library):
    assert parse_case(a_case(facts={"patient.age": 41}), library).age == 41


def test_records_come_in_the_order_of_their_sessions(library):
    raw = a_case(
        records=[
            {"number": 3, "comfort": None, "hurts": [{"zone": "nape", "side": "left"}]},
            {"number": 1, "comfort": 8, "bad_reaction": True},
        ]
    )
    first, third = parse_case(raw, library).records
    assert (first.number, first.comfort, first.bad_reaction) == (1, 8, True)
    assert (third.number, third.comfort, third.hurts[0].place) == (3, None, Place("nape", "left"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "case: empty"),
        (b" \n", "case: empty"),
        (b"{", "case: not JSON: line 1, column 2"),
        (b"case", "case: not JSON"),
        (b'{"a": 1} {"b": 2}', "case: not JSON"),
        (b'{"a": NaN}', "case: NaN is not a number"),
        (b'{"a": -Infinity}', "case: -Infinity is not a number"),
        (b'{"a": 1e999}', "case: a number out of range"),
        (b"9" * 5000, "case: a whole number with too many digits"),
        (b"[" * 100_000, "case: nested too deeply"),
        (b"[" * 30 + b"]" * 30, "[0]"),
        (b'{"a": {"b": 1, "b": 2}}', "a.b: stated twice"),
        (b'{"a": [{"b": 1, "b": 2}]}', "a[0].b: stated twice"),
        (b"\xff\xfe\x00", "case: not UTF-8 text: byte 1"),
        (b" " * (MAX_BYTES + 1), "case: larger than"),
    ],
)
def test_text_that_is_not_plain_json_is_refused(text, message):
    with pytest.raises(Faults) as caught:
        read_json(text)
    assert str(caught.value.faults[0]).startswith(message)


def test_plain_json_is_read_with_or_without_a_byte_order_mark():
    assert read_json(b'{"a": [1, 2.5, null]}') == read_json(b'\xef\xbb\xbf{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["left", "back", "bl-03", "doctor-referral"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["zone", "side", "rules", "age_days"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = [
    ("patient", "age"),
    ("inputs", "brace"),
    ("inputs", "tense_convex_segments"),
    ("facts", "history.varicose-zones"),
    ("facts", "history.product-allergy"),
    ("facts", "today.temperature-c"),
    ("clearances", "doctor-referral"),
    ("session", "number"),
    *((field,) for field in (*a_case(), "records", "supplements", "surprise")),
]


def is_answered(read):
    """A value, or faults that each have a field and a message; any other exception goes through."""
    try:
        read()
    except Faults as faults:
        return bool(faults.faults) and all(fault.field and fault.message for fault in faults.faults)
    return True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(FIELDS), value=junk)
def test_whatever_stands_in_a_field_gives_a_case_or_faults_and_nothing_else(path, value, library):
    raw = a_case()
    raw[path[0]] = raw[path[0]] | {path[1]: value} if len(path) == 2 else value
    assert is_answered(lambda: parse_case(raw, library))


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_whatever_bytes_are_given_are_a_value_or_faults(text):
    assert is_answered(lambda: read_json(text))


@given(value=junk)
def test_whatever_stands_in_a_record_gives_records_or_faults(value):
    for key in ("number", "comfort", "hurts", "bad_reaction"):
        raw = a_case(records=[{"number": 1} | {key: value}])
        assert is_answered(lambda raw=raw: parse_case(raw, shipped_library()))
