"""Each kind of fault, made on purpose in the shipped tables, is refused with its file and place."""

from collections.abc import Callable
from typing import Any

import pytest

from protocols.method.building import LibraryFaults, build_library

Tables = dict[str, Any]
Spoil = Callable[[Tables], object]


def row(tables: Tables, stem: str, table: str, code: str, key: str = "code") -> dict[str, Any]:
    return next(item for item in tables[stem][table] if item[key] == code)


def stage(tables: Tables, condition: str, code: str) -> dict[str, Any]:
    return row(tables, f"conditions/{condition}", "stage", code)


def rule(tables: Tables, code: str) -> dict[str, Any]:
    return row(tables, "contraindications", "rule", code)


def fact(tables: Tables, code: str) -> dict[str, Any]:
    return row(tables, "facts", "fact", code)


def put(holder: dict[str, Any], **values: Any) -> None:
    holder.update(values)


def without(holder: dict[str, Any], key: str) -> None:
    del holder[key]


def faults_of(tables: Tables) -> tuple[str, ...]:
    with pytest.raises(LibraryFaults) as refused:
        build_library(tables, edition="spoiled")
    return refused.value.faults


SHAPE: dict[str, tuple[Spoil, str]] = {
    "a file is missing": (lambda t: without(t, "zones"), "zones: the file is missing"),
    "an unknown file": (lambda t: put(t, spells={}), "spells: unknown file"),
    "an unknown table": (lambda t: put(t["zones"], planets=[]), "zones: unknown table 'planets'"),
    "a table is missing": (lambda t: without(t["measures"], "measure"), "measures: measure: the list of rows is missing"),
    "a table is no list": (lambda t: put(t["measures"], measure={}), "measures: measure: the list of rows is missing"),
    "a row is no table": (lambda t: t["zones"]["zone"].append("knee"), "zones: zone [74]: a table is wanted"),
    "a key is missing": (lambda t: without(rule(t, "em-01"), "explanation"), "contraindications: rule em-01: 'explanation' is missing"),
    "a key is unknown": (lambda t: put(rule(t, "em-01"), mood="good"), "contraindications: rule em-01: unknown key 'mood'"),
    "a key of a stage is unknown": (lambda t: put(stage(t, "scoliosis", "degree-1"), mood=1), "stage degree-1: unknown key 'mood'"),
    "a key of a step is unknown": (lambda t: put(stage(t, "scoliosis", "degree-1")["steps"][0], mood=1), "steps [1]: unknown key 'mood'"),
    "a text for a number": (lambda t: put(row(t, "zones", "zone", "knee"), limb_rank="4"), "limb_rank: a whole number is wanted"),
    "a yes for a number": (lambda t: put(rule(t, "bl-03"), sources=[True]), "sources [1]: a text is wanted"),
    "a word outside the list": (lambda t: put(rule(t, "em-01"), kind="bad"), "rule em-01 kind: 'bad' is not one of emergency"),
    "an unknown outcome": (lambda t: put(rule(t, "em-01"), outcome="bad"), "rule em-01 outcome: 'bad' is not one of clear"),
    "a pair of three": (lambda t: put(t["profiles"]["profile"][0], pressure=[1, 2, 3]), "pressure: a list of 2 is wanted"),
    "a text for a list": (lambda t: put(rule(t, "em-01"), sources="c-1"), "rule em-01 sources: a list is wanted"),
    "a list for a map": (lambda t: put(t["profiles"]["profile"][0], shares=[1]), "shares: a table is wanted"),
    "a code twice": (lambda t: t["zones"]["zone"].append(row(t, "zones", "zone", "knee")), "zones: zone knee: the code occurs twice"),
    "a code that is a list": (lambda t: put(row(t, "zones", "zone", "knee"), code=["knee"]), "code: a text is wanted"),
    "inputs that are no list": (lambda t: put(t["conditions/scoliosis"], inputs=1), "conditions/scoliosis: inputs: the list of rows"),
    "an empty table": (lambda t: put(t["home-sheets"], sheet=[]), "home-sheets: sheet: no row"),
    "a stage twice": (
        lambda t: t["conditions/scoliosis"]["stage"].append(stage(t, "scoliosis", "degree-1")),
        "stage degree-1: the code occurs twice",
    ),
    "a condition under another name": (lambda t: put(t["conditions/scoliosis"], code="kyphosis"), "conditions/scoliosis: code: differs"),
    "a tree with a strange operator": (lambda t: put(rule(t, "em-01")["when"], op="near"), "rule em-01 when: unknown operator"),
    "a tree without a fact": (lambda t: without(rule(t, "em-01")["when"], "fact"), "rule em-01 when: not a condition"),
    "an empty branch": (lambda t: put(rule(t, "em-01"), when={"any": []}), "rule em-01 when: a branch needs a list"),
    "in without a list": (lambda t: put(rule(t, "em-01")["when"], op="in"), "rule em-01 when: in does not take True"),
    "known with a value": (lambda t: put(rule(t, "em-01")["when"], op="known"), "rule em-01 when: known does not take True"),
    "a barred stage with steps": (
        lambda t: put(stage(t, "chronic-gastritis", "exacerbation"), steps=stage(t, "scoliosis", "degree-1")["steps"]),
        "stage exacerbation: a barred stage has steps = []",
    ),
    "an input that does not say whether it is required": (
        lambda t: without(t["conditions/scoliosis"]["inputs"][0], "required_when"),
        "input curve_shape: says required or required_when",
    ),
    "an order that does not count": (lambda t: put(t["sequencing"]["family_order"][0], position=9), "sequencing: family_order: positions"),
}

CONTENT: dict[str, tuple[Spoil, str]] = {
    "an unknown parent": (lambda t: put(row(t, "zones", "zone", "knee"), parent="tail"), "zones: zone knee: unknown parent 'tail'"),
    "a circle in the zone tree": (
        lambda t: put(row(t, "zones", "zone", "lower-limb"), parent="knee"),
        "zones: zone knee: the zone is its own ancestor",
    ),
    "an unknown zone in the danger map": (lambda t: put(t["danger-zones"]["danger_zone"][0], zones=["tail"]), "unknown zone 'tail'"),
    "an unknown source": (lambda t: put(rule(t, "em-01"), sources=["z-1"]), "rule em-01 sources: unknown code 'z-1'"),
    "no source": (lambda t: put(rule(t, "em-01"), sources=[]), "rule em-01: sources is empty"),
    "an unknown fact": (lambda t: put(rule(t, "em-01")["when"], fact="today.mood"), "unknown fact 'today.mood'"),
    "a value of another type": (lambda t: put(rule(t, "em-01")["when"], value=3), "3 is not true or false"),
    "a value out of range": (lambda t: put(rule(t, "ca-02")["when"]["any"][0], value=999), "999 is outside 50 to 280"),
    "a number asked of a yes": (lambda t: put(rule(t, "em-01")["when"], op="ge"), "needs a number"),
    "an unknown zone in a rule": (lambda t: put(rule(t, "rf-07")["effects"][0], zones=["tail"]), "unknown code 'tail'"),
    "an unknown effect": (lambda t: put(rule(t, "rf-07")["effects"][0], type="pray"), "unknown type of effect"),
    "an effect without its key": (lambda t: without(rule(t, "rf-07")["effects"][0], "zones"), "needs zones"),
    "an effect with a strange key": (lambda t: put(rule(t, "rf-07")["effects"][0], level=2), "does not take level"),
    "an emergency that can be cleared": (
        lambda t: put(rule(t, "em-01"), clearance={"document": "doctor-referral", "valid_days": 1, "lifts": "block"}),
        "an emergency cannot be cleared",
    ),
    "a temporary rule without an end": (
        lambda t: without(next(r for r in t["contraindications"]["rule"] if r["kind"] == "temporary"), "ends_when"),
        "temporary without an end",
    ),
    "an unknown document": (lambda t: put(rule(t, "rf-01")["clearance"], document="letter"), "unknown code 'letter'"),
    "a fact that no rule uses": (
        lambda t: t["facts"]["fact"].append({**fact(t, "history.night-pain"), "code": "history.idle"}),
        "facts: fact history.idle: no rule",
    ),
    "a fact that no question opens": (
        lambda t: t["facts"]["fact"].append({**fact(t, "history.night-pain"), "code": "history.idle"}),
        "intake: fact history.idle: is asked by no question",
    ),
    "a fact opened twice": (lambda t: t["intake"]["gate"][0]["opens"].append(t["intake"]["gate"][0]["opens"][0]), "is opened twice"),
    "a gate question too few": (lambda t: t["intake"]["gate"].pop(), "intake: gate: is not numbered 1 to 14"),
    "a grave fact whose don't know is harmless": (
        lambda t: put(fact(t, "today.chest-pain"), unknown="open"),
        "an unknown answer would start a session",
    ),
    "a profile that does not sum to 100": (lambda t: put(t["profiles"]["profile"][0]["shares"], stroking=1), "not 100"),
    "a stage whose minutes do not sum": (
        lambda t: put(stage(t, "scoliosis", "degree-1")["minutes"], full=19, max=20),
        "steps take 20 min, not 19",
    ),
    "a stage whose shares differ": (
        lambda t: put(stage(t, "scoliosis", "degree-1")["shares"], kneading=1),
        "stage degree-1: kneading is",
    ),
    "a stage with too many minutes for its units": (lambda t: put(stage(t, "scoliosis", "degree-1"), units=1.0), "20 min for 1.0 units"),
    "an unknown zone in a step": (lambda t: put(stage(t, "scoliosis", "degree-1")["steps"][0], zone="tail"), "unknown code 'tail'"),
    "a step where no hand may be": (
        lambda t: put(stage(t, "scoliosis", "degree-1")["steps"][0], zone="axilla"),
        "the zone is always excluded",
    ),
    "a family where it is barred": (
        lambda t: stage(t, "scoliosis", "degree-1")["forbid"].append({"family": "kneading", "zone": "all", "side": "both"}),
        "is barred there",
    ),
    "a step that no position reaches": (
        lambda t: put(stage(t, "scoliosis", "degree-1"), positions=["supine"]),
        "no position reaches it",
    ),
    "a role that falls into what the stage forbids": (
        lambda t: stage(t, "limb-fracture", "post-immobilisation")["forbid"].append({"family": "all", "zone": "thigh", "side": "both"}),
        "the stage itself forbids it",
    ),
    "an input needed but not required": (
        lambda t: put(t["conditions/scoliosis"]["inputs"][1], required_when={"stage": ["degree-1"]}),
        "stage degree-2: input convex_side is needed",
    ),
    "an input tree over an unknown stage": (
        lambda t: put(t["conditions/scoliosis"]["inputs"][0], required_when={"stage": ["degree-9"]}),
        "unknown code 'degree-9'",
    ),
    "an implied fact that nobody knows": (lambda t: put(t["conditions/scoliosis"]["implies"][0], fact="history.mood"), "unknown fact"),
    "a barred stage without an end": (
        lambda t: put(stage(t, "chronic-gastritis", "exacerbation"), becomes_allowed_when=""),
        "barred without a reason or an end",
    ),
    "doctor-only without a document": (
        lambda t: without(next(s for c in t.values() for s in c.get("stage", []) if s["local"] == "doctor-only"), "needs_document"),
        "doctor-only without a document",
    ),
    "a hole between ages": (lambda t: put(t["course-rules"]["age_factor"][1], age_min=5), "course-rules: age_factor: hole or overlap at 5"),
    "a hole between gaps": (lambda t: put(t["course-rules"]["gap"][1], missed_days_min=3), "course-rules: gap: hole or overlap at 3"),
    "a ladder that falls": (lambda t: put(t["course-rules"], ladder=[0.6, 0.8, 0.7, 1.0]), "course-rules: ladder: does not rise"),
    "a hole between blood-pressure bands": (
        lambda t: put(rule(t, "ca-03")["when"]["all"][1], value=175),
        "contraindications: blood pressure: today.",
    ),
    "a danger row that binds nothing": (lambda t: put(t["danger-zones"]["danger_zone"][0], zones=[]), "no source, or no zone"),
    "a threshold with a strange operator": (
        lambda t: put(t["course-rules"]["stop_threshold"][0], op="near"),
        "course-rules: stop_threshold during.pain-rise",
    ),
    "discomfort that adds pressure": (
        lambda t: put(t["course-rules"]["discomfort"]["low_comfort"], pressure_shift=1),
        "course-rules: discomfort: discomfort lowers the pressure",
    ),
    "a follow-up after nothing": (lambda t: put(t["intake"]["follow_up"][0], after=[]), "intake: follow_up: stands after no fact"),
    "a home step that says not what it touches": (
        lambda t: t["home-sheets"]["sheet"][0]["work"].pop(),
        "home-sheets: sheet neck: as many rows of work as steps",
    ),
    "a home step on an unknown zone": (
        lambda t: put(t["home-sheets"]["sheet"][0]["work"][0], zones=["tail"]),
        "home-sheets: sheet neck work: unknown code 'tail'",
    ),
    "a home step by a role that nothing resolves": (
        lambda t: put(t["home-sheets"]["sheet"][0]["work"][0], zones=["limb-injured"]),
        "names roles of a limb, and neck-collar asks for no region",
    ),
    "no ICD-10 code": (lambda t: put(t["conditions/scoliosis"], icd10=["spine"]), "'spine' is no ICD-10 code"),
    "a caution that changes the session": (
        lambda t: put(rule(t, "re-08"), outcome="caution"),
        "caution, yet it changes the session: forbid-positions",
    ),
    "a doubled word": (lambda t: put(rule(t, "em-01"), explanation="pain pain"), "a doubled word in 'pain pain'"),
    "a code in a sentence": (lambda t: put(rule(t, "em-01"), explanation="as stage_two"), "a code in the words"),
}


@pytest.mark.parametrize("name", [*SHAPE, *CONTENT])
def test_a_fault_is_refused_with_its_place(name: str, tables: Tables) -> None:
    spoil, sentence = (SHAPE | CONTENT)[name]
    spoil(tables)
    faults = faults_of(tables)
    assert any(sentence in fault for fault in faults), faults[:5]


def test_all_faults_are_listed_together(tables: Tables) -> None:
    put(rule(tables, "em-01"), mood=1, kind="bad")
    without(tables["conditions/scoliosis"], "name")
    without(fact(tables, "history.night-pain"), "question")
    faults = faults_of(tables)
    assert len(faults) == 4
    assert {fault.split(":")[0] for fault in faults} == {"contraindications", "conditions/scoliosis", "facts"}


def test_an_empty_library_is_refused() -> None:
    assert "zones: the file is missing" in faults_of({})
