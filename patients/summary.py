"""A patient's answers in words: for the record page, for the declaration, and as they are kept with a closed form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from patients.documents import last_day, last_day_for, lifts
from patients.due import Due, due_of
from patients.models import Document, FactAnswer, Intake, IntakeChannel, IntakeLink, Patient
from patients.queries import (
    has_fallen,
    last_and_open_intake,
    last_change_of_health,
    newest_but_plain_no,
    open_link_of,
    person,
    replies_of_draft,
)
from patients.questionnaire import NO, STATED, UNKNOWN, Reply, facts_to_ask, gate_questions
from patients.states import IntakeState
from protocols.method.entries import Fact
from protocols.method.library import Library
from protocols.method.names import Names

GRADES: Final = ("stage", "NYHA class")  # units that come before their number
OF_THE_DAY: Final = "today."  # how the library names what is asked before each session


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answered fact in words. ``answered_on`` is None in a form that is still open."""

    question: str
    answer: str
    is_unknown: bool
    answered_on: date | None = None
    is_no: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """What the record page says about answers: what the patient has, what nobody knows, what is due, and who holds the form.

    ``draft`` is filled in by staff; ``waiting`` was sent in by the patient and nobody has read it; ``link`` is open.
    """

    stated: tuple[AnswerLine, ...]
    unknown: tuple[AnswerLine, ...]
    intake: Intake | None
    draft: Intake | None
    waiting: Intake | None
    link: IntakeLink | None
    due: tuple[Due, ...]

    @property
    def form(self) -> Due:
        """How long the intake form holds."""
        return self.due[0]

    @property
    def is_out_of_date(self) -> bool:
        """Whether there is a form, and it holds no more."""
        return self.intake is not None and self.form.is_due


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """The open form before the declaration. ``unanswered`` are facts that still need a reply."""

    gate: tuple[tuple[str, str], ...]
    lines: tuple[AnswerLine, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LiftLine:
    """A rule that a document lifts, and the last day on which it does."""

    title: str
    until: date


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document in words. ``state``: valid | expired | fallen | withdrawn; ``until`` is its last day for anything."""

    document: Document
    name: str
    state: str
    until: date
    lifts: tuple[LiftLine, ...]


def document_lines(
    patient: Patient, documents: Sequence[Document], library: Library, names: Names, *, on: date
) -> tuple[DocumentLine, ...]:
    """Each of these documents of the patient as it stands on that day, those that still do something first, else in their order."""
    changed_on = last_change_of_health(patient, on + timedelta(days=1)) if documents else None
    lines = [document_line(one, library, names, on=on, changed_on=changed_on) for one in documents]
    return tuple(sorted(lines, key=lambda line: line.state != "valid"))


def document_line(document: Document, library: Library, names: Names, *, on: date, changed_on: date | None = None) -> DocumentLine:
    """One document in words; ``changed_on`` is the last day on which a change of health was reported."""
    until = last_day(document, library)
    lifted = (LiftLine(names.of("rules", code, "title"), last_day_for(document, library.rules[code])) for code in document.rules
              if lifts(library, document.kind, code))  # fmt: skip
    state = "expired" if on > until else "valid"
    state = "fallen" if has_fallen(document, changed_on) else state
    state = "withdrawn" if document.is_withdrawn else state
    return DocumentLine(document, names.of("documents", document.kind) or document.kind, state, until, tuple(lifted))


def health_summary(patient: Patient, documents: Sequence[Document], library: Library, names: Names, *, on: date) -> Health:
    """The newest answers of the patient, and what is due of the form and of these documents. Plain "no" is left out."""
    has, unknown = what_is_known(patient, library, names)
    intake, begun = last_and_open_intake(patient)
    return Health(
        has,
        unknown,
        intake,
        draft=begun if begun and begun.state == IntakeState.DRAFT and begun.channel == IntakeChannel.STAFF else None,
        waiting=begun if begun and begun.state == IntakeState.SUBMITTED else None,
        link=open_link_of(patient),
        due=due_of(patient, intake, documents, library, on),
    )


def what_is_known(
    patient: Patient, library: Library, names: Names, *, of_the_day: bool = True
) -> tuple[tuple[AnswerLine, ...], tuple[AnswerLine, ...]]:
    """What the patient has, and what nobody knows, by the newest answers; without the readings of a day where not wanted. One query."""
    newest = [answer for answer in newest_but_plain_no(patient) if answer.fact in library.facts]
    newest = [answer for answer in newest if of_the_day or not answer.fact.startswith(OF_THE_DAY)]
    has = tuple(_line(library, names, answer) for answer in newest if Reply(answer.reply, answer.value).holds)
    return has, tuple(_line(library, names, answer) for answer in newest if answer.reply == UNKNOWN)


def intake_summary(draft: Intake, patient: Patient, library: Library, names: Names, *, on: date) -> IntakeSummary:
    """What the person declares to be true: the gate answers and every detail that was asked, what is so or unknown before every "no".

    In a form that the patient fills in alone, only what is asked there.
    """
    replies, who, alone = replies_of_draft(draft), person(patient, on), draft.channel != IntakeChannel.STAFF
    rows, asked = gate_questions(library, who, alone=alone), facts_to_ask(library, who, draft.gate, replies, alone=alone)
    gate = tuple((names.of("intake", row.code, "question"), answer_word(draft.gate.get(row.code))) for row in rows)
    lines = open_lines(library, names, {code: replies[code] for code in asked if code in replies})
    missing = tuple(row.code for row in rows if row.code not in draft.gate)
    return IntakeSummary(gate, lines, missing + tuple(code for code in asked if code not in replies))


def open_lines(library: Library, names: Names, replies: Mapping[str, Reply]) -> tuple[AnswerLine, ...]:
    """Replies in words, what is so or unknown before every "no"."""
    return tuple(_open_line(library, names, code, replies[code]) for code in sorted(replies, key=lambda code: _is_no(replies[code])))


def _is_no(reply: Reply) -> bool:
    return reply.reply != UNKNOWN and not reply.holds


def _open_line(library: Library, names: Names, code: str, reply: Reply) -> AnswerLine:
    words = reply_in_words(library, names, code, reply)
    return AnswerLine(names.of("facts", code, "question"), words, reply.reply == UNKNOWN, is_no=_is_no(reply))


def asked_questions(draft: Intake, patient: Patient, library: Library, names: Names, *, on: date) -> list[dict[str, str]]:
    """Every question in the words in which it was asked, with its answer and by whom it was asked: kept with the closed form."""
    summary, by = intake_summary(draft, patient, library, names, on=on), str(draft.channel)
    details = ((line.question, line.answer) for line in summary.lines)
    return [*_as_asked(summary.gate, "question", by), *_as_asked(details, "detail", by)]


def _as_asked(pairs: Iterable[tuple[str, str]], part: str, by: str) -> Iterator[dict[str, str]]:
    return ({"part": part, "question": question, "answer": answer, "by": by} for question, answer in pairs)


def asked_on_top(gate: Mapping[str, str], replies: Mapping[str, Reply], library: Library, names: Names) -> list[dict[str, str]]:
    """The same for what staff asked after the patient had filled in the form alone."""
    questions = ((names.of("intake", code, "question"), answer_word(answer)) for code, answer in gate.items())
    details = ((line.question, line.answer) for line in open_lines(library, names, replies))
    return [*_as_asked(questions, "question", "staff"), *_as_asked(details, "detail", "staff")]


def reply_in_words(library: Library, names: Names, code: str, reply: Reply) -> str:
    """A reply as a person would say it: "Yes", "5 weeks", "back of the thigh, left"."""
    if reply.reply != STATED:
        return answer_word(reply.reply if reply.reply == UNKNOWN else NO)
    fact = library.facts[code]
    if fact.type == "zones":
        return ", ".join(_zones_in_words(names, reply.value)) or answer_word(NO)
    if isinstance(reply.value, bool):
        return answer_word("yes" if reply.value else NO)
    if isinstance(reply.value, list):
        return ", ".join(names.value("facts", code, value, fact.values) for value in reply.value)
    return _with_unit(names, fact, reply.value)


def _with_unit(names: Names, fact: Fact, value: Any) -> str:
    lowest, is_scale, most = fact.unit.partition("-")
    if is_scale and (lowest, most) == ("0", f"{fact.max or 0:g}"):  # "2 0-10" is no sentence
        return _("%(value)s of %(most)s") % {"value": value, "most": most}
    if fact.unit in GRADES:
        return f"{names.of('facts', fact.code, 'unit')} {value}"
    return f"{value} {names.of('facts', fact.code, 'unit')}" if fact.unit else str(value)


def answer_word(answer: str | None) -> str:
    """Yes, No or Don't know in the reader's language."""
    return {"yes": _("Yes"), NO: _("No"), UNKNOWN: _("Don't know")}.get(answer or "", _("Not answered yet"))


def _zones_in_words(names: Names, value: list[Mapping[str, str] | str]) -> list[str]:
    sides: dict[str, set[str]] = {}
    for item in value:
        zone, side = (item, "both") if isinstance(item, str) else (item["zone"], item.get("side", "both"))
        sides.setdefault(zone, set()).update({"left", "right"} if side == "both" else {side})
    words = {"left": _("left"), "right": _("right")}
    return [
        names.of("zones", zone) if len(found) == 2 else f"{names.of('zones', zone)}, {words[next(iter(found))]}"
        for zone, found in sides.items()
    ]


def _line(library: Library, names: Names, answer: FactAnswer) -> AnswerLine:
    words = reply_in_words(library, names, answer.fact, Reply(answer.reply, answer.value))
    return AnswerLine(names.of("facts", answer.fact, "question"), words, answer.reply == UNKNOWN, answer.answered_on)
