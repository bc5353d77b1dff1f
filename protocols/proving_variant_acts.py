"""Random changes of a library as a clinic's forms make them, and as no form would: dose, pressure, steps, mixes, rows, rules, course."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any, Final

from protocols.editor import steps as made
from protocols.editor.profiles import copied
from protocols.editor.rows import with_level, with_row
from protocols.editor.texts import barred
from protocols.editor.values import GROUPS, read_at, written_at
from protocols.method.vocabulary import FAMILIES, PARTS, TEMPOS, Outcome

Entries = Mapping[str, Any]
Changed = dict[str, Any]
SIDES: Final = ("left", "right", "both", "affected", "healthy", "convex", "concave")
OWN_PROFILE: Final = "library/profiles:profile/own-drawn"
MOST_ACTS: Final = 3
COURSE: Final = "library/course-rules:"


def random_changes(chance: Random, entries: Entries) -> Changed:
    """One to three changes of one subject, the second on top of the first: a stage, the rules, or the rules of a course."""
    now: dict[str, Any] = dict(entries)
    changes: Changed = {}
    act = chance.choice((_of_stage, _of_stage, _of_rule, _of_course))(chance, entries)
    for _ in range(chance.randint(1, MOST_ACTS)):
        found = act(now)
        changes |= found
        now |= found
    return changes


# Stages -------------------------------------------------------------------------------------------------------------------------
def _of_stage(chance: Random, entries: Entries) -> Callable[[Entries], Changed]:
    address = chance.choice([key for key, row in entries.items() if ":stage/" in key and row["steps"]])

    def act(now: Entries) -> Changed:
        stage = now[address]
        if not stage["steps"]:
            return {}
        more: Changed = {}
        if chance.random() < 0.2:
            more = _own_profile(chance, now)
        profiles = {row["code"]: row for key, row in {**now, **more}.items() if key.startswith("library/profiles:profile/")}
        changed = chance.choice(STAGE_ACTS)(_Stage(chance, deepcopy(stage), profiles, now))
        return more | {address: _settled(chance, changed, profiles)}

    return act


class _Stage:
    """One stage under the hands of the chance."""

    def __init__(self, chance: Random, row: dict[str, Any], profiles: Mapping[str, Any], entries: Entries) -> None:
        self.chance, self.row, self.profiles = chance, row, profiles
        self.zones = [key.rpartition("/")[2] for key in entries if key.startswith("library/zones:zone/")]
        self.techniques = [key.rpartition("/")[2] for key in entries if key.startswith("library/techniques:technique/")]

    def place(self) -> int:
        return self.chance.randrange(len(self.row["steps"]))

    def zone(self) -> str:
        used: list[str] = [row["zone"] for row in self.row["steps"]]
        return self.chance.choice(used if self.chance.random() < 0.6 else self.zones)


def _settled(chance: Random, stage: dict[str, Any], profiles: Mapping[str, Any]) -> dict[str, Any]:
    """What the pages reckon when a stage is kept: shares, units, and minutes that fit the steps; now and then nothing of it."""
    if not stage["steps"] or chance.random() < 0.03:
        return stage
    total = made.total_minutes(stage)
    whole = max(1, round(total))
    steps = [{**row, "minutes": round(row["minutes"] * whole / total, 4)} for row in stage["steps"]]
    steps[-1]["minutes"] = round(steps[-1]["minutes"] + whole - sum(row["minutes"] for row in steps), 4)
    minutes = stage["minutes"]
    kept = {"first": min(minutes["first"], whole), "full": whole, "max": max(minutes["max"], whole)}
    return made.with_shares({**stage, "steps": steps, "minutes": kept, "units": round(whole / 10, 1)}, profiles)


def _value(on: _Stage) -> dict[str, Any]:
    """A limit, a dose or a number of the course, up or down."""
    values = [value for group in GROUPS.values() for value in group if read_at(on.row, value.path) is not None]
    value = on.chance.choice(values)
    old = read_at(on.row, value.path)
    if value.kind == "tempo":
        return dict(written_at(on.row, value.path, on.chance.choice(TEMPOS)))
    return dict(written_at(on.row, value.path, max(0, old + on.chance.choice((-3, -2, -1, -1, 1, 2)))))


def _step_minutes(on: _Stage) -> dict[str, Any]:
    place = on.place()
    minutes = max(0.5, on.row["steps"][place]["minutes"] + on.chance.choice((-1.5, -1, -0.5, 0.5, 1)))
    return made.with_changed_step(on.row, place, {"minutes": minutes})


def _step_profile(on: _Stage) -> dict[str, Any]:
    return made.with_changed_step(on.row, on.place(), {"profile": on.chance.choice(sorted(on.profiles))})


def _step_begins(on: _Stage) -> dict[str, Any]:
    begins = on.chance.choice((None, None, 2, 3, 4))
    late = {on.chance.choice(("kneading", "vibration", "percussion")): on.chance.choice((2, 3))} if on.chance.random() < 0.4 else None
    return made.with_changed_step(on.row, on.place(), {"from_session": begins, "family_from": late})


def _step_place(on: _Stage) -> dict[str, Any]:
    return made.with_changed_step(on.row, on.place(), {"zone": on.zone(), "side": on.chance.choice(SIDES)})


def _new_step(on: _Stage) -> dict[str, Any]:
    sides = [row["side"] for row in on.row["steps"]]
    step = {"part": on.chance.choice(("main", "main", *PARTS)), "zone": on.zone(), "side": on.chance.choice((*sides, "both"))}
    return made.with_step(on.row, step | {"minutes": on.chance.choice((0.5, 1, 2)), "profile": on.chance.choice(sorted(on.profiles))})


def _no_step(on: _Stage) -> dict[str, Any]:
    return made.without_step(on.row, on.place()) if len(on.row["steps"]) > 1 else on.row


def _moved(on: _Stage) -> dict[str, Any]:
    return made.moved_step(on.row, on.place(), on.chance.choice((-1, 1)))


def _forbidden(on: _Stage) -> dict[str, Any]:
    family = {"family": on.chance.choice((*FAMILIES, "all"))}
    what = family if on.chance.random() < 0.7 else {"technique": on.chance.choice(on.techniques)}
    return with_row(on.row, "forbid", {"zone": on.chance.choice((on.zone(), "all")), "side": on.chance.choice(SIDES)} | what)


def _allowed_again(on: _Stage) -> dict[str, Any]:
    """A row of what forbids or warns goes, or every row."""
    key = on.chance.choice(("forbid", "warnings", "stop_sets", "forbid_positions", "forbid_supplements", "pressure_max_at"))
    rows = list(on.row.get(key, ()))
    if rows:
        rows.pop(on.chance.randrange(len(rows)))
    return {name: value for name, value in on.row.items() if name != key} | ({key: rows} if rows else {})


def _pressed_less(on: _Stage) -> dict[str, Any]:
    zone = on.chance.choice([zone for zone in (row["zone"] for row in on.row["steps"]) if zone in on.zones] or on.zones)
    return with_level(on.row, zone, on.chance.choice((1, 2, 2, 3)))


def _key_gone(on: _Stage) -> dict[str, Any]:
    """A limit that only some stages have goes altogether."""
    keys = ("pressure", "percussion", "family_from", "calm_until_session", "needs_document", "minutes_by_age", "variants")
    gone = on.chance.choice([key for key in keys if key in on.row] or ["notes"])
    return {key: value for key, value in on.row.items() if key != gone}


def _percussion(on: _Stage) -> dict[str, Any]:
    blows = [code for code in on.techniques if code.startswith("percussion")]
    named = {"techniques": on.chance.sample(blows, 2), "zones": [on.chance.choice(on.zones)]}
    return {**on.row, "percussion": named | ({"requires": "history.airway-clearance-prescribed"} if on.chance.random() < 0.3 else {})}


def _positions(on: _Stage) -> dict[str, Any]:
    there = list(on.row["positions"])
    other = on.chance.choice(("prone", "supine", "sitting", "side-left", "head-down"))
    return {**on.row, "positions": [*there, other] if on.chance.random() < 0.5 else there[: max(1, len(there) - 1)]}


def _mode(on: _Stage) -> dict[str, Any]:
    return {**on.row, "mode": on.chance.choice(("calming", "neutral", "tonic"))}


def _own_pressure(on: _Stage) -> dict[str, Any]:
    low = on.chance.choice((1, 2, 3))
    return {**on.row, "pressure": {"build_up": low, "working": on.chance.choice((low, low + 1))}}


def _barred(on: _Stage) -> dict[str, Any]:
    return barred(on.row, reason="Not done here.", until="never")


STAGE_ACTS: Final[Sequence[Callable[[_Stage], dict[str, Any]]]] = (
    _value, _value, _value, _step_minutes, _step_minutes, _step_profile, _step_profile, _step_begins, _step_place, _new_step, _new_step,
    _no_step, _moved, _forbidden, _forbidden, _allowed_again, _allowed_again, _pressed_less, _key_gone, _percussion, _positions, _mode,
    _own_pressure, _barred,
)  # fmt: skip


def _own_profile(chance: Random, entries: Entries) -> Changed:
    """A mix of the clinic's own, after one that ships: other shares, pressure or tempo."""
    source = chance.choice([row for key, row in entries.items() if key.startswith("library/profiles:profile/")])
    profile = copied(source, code="own-drawn", name="drawn")
    shares = dict(profile["shares"])
    one, other = chance.choice(sorted(shares)), chance.choice(FAMILIES)
    moved = min(shares[one], chance.choice((5, 10, 20)))
    shares[one] -= moved
    shares[other] = shares.get(other, 0) + moved
    low = chance.choice((1, 2, profile["pressure"][0]))
    profile |= {"shares": {family: share for family, share in shares.items() if share}, "tempo": chance.choice(TEMPOS)}
    return {OWN_PROFILE: profile | {"pressure": [low, min(4, low + chance.choice((0, 1, 1)))]}}


# Rules --------------------------------------------------------------------------------------------------------------------------
def _of_rule(chance: Random, entries: Entries) -> Callable[[Entries], Changed]:
    address = chance.choice([key for key in entries if key.startswith("library/contraindications:rule/")])

    def act(now: Entries) -> Changed:
        if now[address] is None:
            return {}
        return {address: chance.choice(RULE_ACTS)(chance, deepcopy(now[address]))}

    return act


def _threshold(chance: Random, rule: dict[str, Any]) -> dict[str, Any]:
    """Every number of the condition goes up or down."""
    step = chance.choice((-20, -5, -1, -0.5, 0.5, 1, 5, 20))
    for leaf in _leaves(rule["when"]):
        if isinstance(leaf.get("value"), int | float) and not isinstance(leaf["value"], bool):
            leaf["value"] = round(leaf["value"] + step, 2)
    return rule


def _leaves(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "fact" in tree:
        yield tree
    for branch in (*tree.get("any", ()), *tree.get("all", ()), *([tree["not"]] if "not" in tree else ())):
        yield from _leaves(branch)


def _branch(chance: Random, rule: dict[str, Any]) -> dict[str, Any]:
    """The condition gets a second way to hold, a second thing to need, or loses a branch."""
    other = {"fact": chance.choice(("history.pregnant", "today.menstruation")), "op": "is", "value": True}
    kind = chance.choice(("any", "all", "less", "not"))
    if kind == "less":
        for word in ("any", "all"):
            if len(rule["when"].get(word, ())) > 1:
                rule["when"][word].pop(chance.randrange(len(rule["when"][word])))
        return rule
    return rule | {"when": {"not": rule["when"]} if kind == "not" else {kind: [rule["when"], other]}}


def _operator(chance: Random, rule: dict[str, Any]) -> dict[str, Any]:
    for leaf in _leaves(rule["when"]):
        if leaf["op"] in ("ge", "gt", "le", "lt"):
            leaf["op"] = chance.choice(("ge", "gt", "le", "lt", leaf["op"]))
    return rule


def _outcome(chance: Random, rule: dict[str, Any]) -> dict[str, Any]:
    return rule | {"outcome": chance.choice([outcome.code for outcome in Outcome])}


def _effect(chance: Random, rule: dict[str, Any]) -> dict[str, Any]:
    """An effect more, one less, or one with another number."""
    effects = list(rule["effects"])
    kind = chance.choice(("more", "less", "number"))
    if kind == "more" or not effects:
        new = (
            {"type": "max-pressure", "level": chance.choice((1, 2, 3))},
            {"type": "max-minutes", "minutes": chance.choice((5, 10, 20))},
            {"type": "exclude-families", "families": [chance.choice(("percussion", "vibration", "kneading"))]},
            {"type": "exclude-zones", "zones": [chance.choice(("nape", "abdomen", "thigh"))]},
            {"type": "lower-dose", "steps": 1},
            {"type": "forbid-positions", "positions": ["prone"]},
        )
        return rule | {"effects": [*effects, chance.choice(new)]}
    place = chance.randrange(len(effects))
    if kind == "less":
        return rule | {"effects": effects[:place] + effects[place + 1 :]}
    effect = dict(effects[place])
    for key in ("level", "minutes", "steps"):
        if key in effect:
            effect[key] += chance.choice((-1, 1))
    for key in ("zones", "families", "techniques", "supplements", "positions"):
        if len(effect.get(key, ())) > 1 and chance.random() < 0.5:
            effect[key] = effect[key][1:]
    return rule | {"effects": [*effects[:place], effect, *effects[place + 1 :]]}


def _clearance(chance: Random, rule: dict[str, Any]) -> dict[str, Any]:
    """A document that counts longer or shorter, lifts more or less, or is no longer needed."""
    terms = rule.get("clearance")
    if terms is None or chance.random() < 0.15:
        return {key: value for key, value in rule.items() if key != "clearance"}
    changed = chance.choice((
        {"valid_days": max(1, terms["valid_days"] + chance.choice((-20, -1, 1, 30)))},
        {"lifts": chance.choice(("nothing", "block", "effects"))},
        {"residual": list(terms.get("residual", ()))[1:]},
        {"if_missing": list(terms.get("if_missing", ()))[1:]},
    ))  # fmt: skip
    return rule | {"clearance": {**terms, **changed}}


RULE_ACTS: Final[Sequence[Callable[[Random, dict[str, Any]], dict[str, Any]]]] = (
    _threshold, _threshold, _branch, _branch, _operator, _outcome, _effect, _effect, _effect, _clearance, _clearance,
)  # fmt: skip


# Course -------------------------------------------------------------------------------------------------------------------------
def _of_course(chance: Random, _entries: Entries) -> Callable[[Entries], Changed]:
    def act(now: Entries) -> Changed:
        course = {key.removeprefix(COURSE): deepcopy(row) for key, row in now.items() if key.startswith(COURSE)}
        key = chance.choice([key for key, row in course.items() if [*_numbers(row, ())]])
        return {f"{COURSE}{name}": row for name, row in _course_changed(chance, course, key).items()}

    return act


def _course_changed(chance: Random, course: dict[str, Any], key: str) -> dict[str, Any]:
    """A number anywhere in the rules of a course, up or down, with what has to go with it."""
    path = chance.choice([*_numbers(course[key], ())])
    old = read_at(course[key], path)
    step = chance.choice((-1, 1)) if isinstance(old, int) else chance.choice((-0.15, -0.1, -0.05, 0.05, 0.1))
    changed = {key: written_at(course[key], path, max(0, round(old + step, 3)) if old >= 0 else old + step)}
    if key == "ladder":
        changed["phase/build-up"] = {**course["phase/build-up"], "minutes_factor": list(changed["ladder"][:-1])}
        taper = course["phase/taper"]
        rung = max((rung for rung in changed["ladder"] if rung <= taper["minutes_factor"][0]), default=changed["ladder"][0])
        changed["phase/taper"] = {**taper, "minutes_factor": [rung]}
    if key in ("gap", "age_factor"):
        low, high = ("missed_days_min", "missed_days_max") if key == "gap" else ("age_min", "age_max")
        for before, row in zip(changed[key], changed[key][1:], strict=False):
            row[low] = before[high] + 1
    return changed


def _numbers(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _numbers(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _numbers(item, (*path, place))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path
