"""Which questions of the intake form come next, and what a "no" at the gate means. Pure: the form is data, the replies come in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from protocols.asking.replies import NO, NORMAL, NORMAL_REPLY, STATED, UNKNOWN, UNKNOWN_REPLY, YES, Reply
from protocols.method.answers import Answers, parse_fact
from protocols.method.entries import IntakeForm, Question
from protocols.method.library import Library
from protocols.method.truth import Evidence, decide

__all__ = [
    "NO",
    "NORMAL",
    "NORMAL_REPLY",
    "STATED",
    "UNKNOWN",
    "UNKNOWN_REPLY",
    "YES",
    "Person",
    "Reply",
    "answers_of",
    "completed",
    "day_facts",
    "facts_to_ask",
    "gate_questions",
    "intake_facts",
    "left_to_staff",
    "with_replies",
]


@dataclass(frozen=True, slots=True)
class Person:
    """What the form must know of the patient before it asks anything."""

    age: int
    sex: str

    @property
    def answers(self) -> Answers:
        """Age and sex; which zones will be planned is not known yet, so a question that depends on them is asked."""
        return Answers(known={"patient.age": self.age, "patient.sex": self.sex}, unknown=frozenset({"plan.zones", "plan.first-session"}))


def gate_questions(library: Library, person: Person, *, alone: bool = False) -> tuple[Question, ...]:
    """The yes/no questions of the first page for this person, the reception's own question last.

    ``alone``: the patient fills in the form without staff, so the reception's question is left out.
    """
    rows = library.intake.gate if alone else (*library.intake.gate, *library.intake.staff)
    evidence = _evidence(library, person.answers)
    return tuple(row for row in rows if row.when is None or decide(row.when, evidence) is not False)


def intake_facts(form: IntakeForm) -> Iterator[str]:
    """Every fact the intake form can ask, in its order."""
    for question in (*form.gate, *form.staff):
        yield from question.opens
    for row in form.follow_up:
        yield from row.opens


def day_facts(form: IntakeForm) -> Iterator[str]:
    """Every fact that is asked, measured or looked at anew before each session, in the order of the form."""
    for row in (*form.day, *form.observed):
        yield from row.opens


def left_to_staff(form: IntakeForm) -> frozenset[str]:
    """Facts that a form never asks somebody who is alone with it: the reception's own, and those asked with tact by trained staff.

    Source: library, intake.toml, "who" and "tact".
    """
    return frozenset(form.tact).union(*(row.opens for row in form.staff))


def facts_to_ask(
    library: Library, person: Person, gate: Mapping[str, str], replies: Mapping[str, Reply], *, alone: bool = False
) -> tuple[str, ...]:
    """The facts that these gate answers and replies open, in the order of the form, each once.

    "Yes" and "don't know" open the facts of a gate question; a follow-up opens when a fact before it holds; a fact with
    ``required_when`` is asked whenever that holds or cannot be told, whatever the gate says. ``alone`` leaves out what only
    staff ask.
    """
    passed_over = left_to_staff(library.intake) if alone else frozenset()
    opened: dict[str, None] = {}
    for question in gate_questions(library, person):
        if gate.get(question.code) in (YES, UNKNOWN):
            opened.update(dict.fromkeys(question.opens))
    opened.update(dict.fromkeys(_required(library, person, replies)))
    for _pass in library.intake.follow_up:
        for row in library.intake.follow_up:
            if any(code in opened and replies.get(code, NORMAL_REPLY).holds for code in row.after):
                opened.update(dict.fromkeys(row.opens))
    order = {code: place for place, code in enumerate(intake_facts(library.intake))}
    return tuple(sorted(opened.keys() - passed_over, key=order.__getitem__))


def _required(library: Library, person: Person, replies: Mapping[str, Reply]) -> Iterator[str]:
    evidence = _evidence(library, answers_of(library, replies, person))
    for code in intake_facts(library.intake):
        tree = library.facts[code].required_when
        if tree is not None and decide(tree, evidence) is not False:
            yield code


def _evidence(library: Library, answers: Answers) -> Evidence:
    return Evidence(answers.known, answers.unknown, library.facts, library.tree)


def answers_of(library: Library, replies: Mapping[str, Reply], person: Person) -> Answers:
    """The replies in the form that rules read. Raises ``Faults`` for a stored value that no longer fits its fact."""
    known = dict(person.answers.known)
    known.update({code: parse_fact(library.facts[code], reply.value, library) for code, reply in replies.items() if reply.reply == STATED})
    unknown = person.answers.unknown | {code for code, reply in replies.items() if reply.reply == UNKNOWN}
    return Answers(known=known, unknown=unknown)


def with_replies(library: Library, answers: Answers, replies: Mapping[str, Reply]) -> Answers:
    """The answers as they would be after these replies. Raises ``Faults`` for a value that does not fit its fact."""
    stated = {code: parse_fact(library.facts[code], reply.value, library) for code, reply in replies.items() if reply.reply == STATED}
    kept = {code: value for code, value in answers.known.items() if code not in replies}
    unknown = {code for code, reply in replies.items() if reply.reply == UNKNOWN}
    return Answers({**kept, **stated}, (answers.unknown - replies.keys()) | unknown)


def completed(library: Library, person: Person, gate: Mapping[str, str], replies: Mapping[str, Reply]) -> dict[str, Reply]:
    """A reply for every fact of the form: what was asked as it was answered, the rest as the gate decides.

    A fact that was not opened is "no"; what stands behind a question that nobody asked, and a follow-up of something unknown,
    is unknown, because unknown is never "no".
    """
    asked = facts_to_ask(library, person, gate, replies)
    unasked = [code for row in gate_questions(library, person) if row.code not in gate for code in row.opens]
    done = {code: replies.get(code, UNKNOWN_REPLY) for code in (*asked, *unasked)}
    for code in intake_facts(library.intake):
        if code not in done:
            after = [done.get(before, NORMAL_REPLY) for row in library.intake.follow_up if code in row.opens for before in row.after]
            done[code] = UNKNOWN_REPLY if any(reply.reply == UNKNOWN for reply in after) else NORMAL_REPLY
    return done
