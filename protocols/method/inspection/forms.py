"""The intake form and the day form: every asked fact stands exactly once."""

from collections import Counter
from collections.abc import Iterable

from protocols.method.entries import FollowUp, IntakeForm, Question
from protocols.method.inspection.desk import Desk
from protocols.method.inspection.trees import inspect_tree

GATE_QUESTIONS = 14
DAY_QUESTIONS = 16


def inspect_forms(desk: Desk) -> None:
    """Each fact asked at intake or on the day is opened once; every follow-up can be reached; questions are numbered."""
    form = desk.library.intake
    _opened_once(desk, (form.gate, form.follow_up, form.staff), ("intake",))
    _opened_once(desk, (form.day, form.observed), ("day", "measured", "observed"))
    _within_reach(desk, form)
    desk.known(form.tact, desk.library.facts, "intake: tact")
    desk.expect(form.valid_days > 0, "intake: valid_days", "is not positive")
    for name, rows, count in (("gate", form.gate, GATE_QUESTIONS), ("day", form.day, DAY_QUESTIONS)):
        desk.expect([row.order for row in rows] == list(range(1, count + 1)), f"intake: {name}", f"is not numbered 1 to {count}")
    codes = [row.code for row in (*form.gate, *form.staff, *form.day, *form.observed)]
    desk.known(codes, codes, "intake: codes of questions")
    for row in (*form.gate, *form.staff, *form.day, *form.observed):
        inspect_tree(desk, row.when, f"intake: {row.code} when")


def _opened_once(desk: Desk, lists: Iterable[tuple[Question | FollowUp, ...]], asked: tuple[str, ...]) -> None:
    opened = Counter(fact for rows in lists for row in rows for fact in row.opens)
    wanted = {code for code, fact in desk.library.facts.items() if fact.asked in asked}
    for code in sorted(wanted - opened.keys()):
        desk.faults.add(f"intake: fact {code}", "is asked by no question")
    for code in sorted(opened.keys() - wanted):
        desk.faults.add(f"intake: fact {code}", "is unknown or belongs to another form")
    for code, times in sorted(opened.items()):
        desk.expect(times == 1, f"intake: fact {code}", "is opened twice")


def _within_reach(desk: Desk, form: IntakeForm) -> None:
    """A follow-up stands after facts that the gate, the staff or an earlier follow-up opens."""
    reached = {fact for row in (*form.gate, *form.staff) for fact in row.opens}
    waiting = list(form.follow_up)
    while ready := [row for row in waiting if set(row.after) <= reached]:
        reached |= {fact for row in ready for fact in row.opens}
        waiting = [row for row in waiting if row not in ready]
    for row in form.follow_up:
        desk.expect(row.after, "intake: follow_up", "stands after no fact")
    for row in waiting:
        desk.faults.add(f"intake: follow_up after {', '.join(row.after)}", "can never be opened")
