"""The questions of the day: which are asked one by one, and which stand behind a single yes or no. Pure, as the intake questionnaire is."""

from dataclasses import dataclass

from protocols.method.answers import Answers
from protocols.method.entries import Question
from protocols.method.library import Library
from protocols.method.truth import Evidence, decide


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """One question of the day form. ``asked`` facts are required for this patient and asked one by one; ``behind`` wait for a yes."""

    question: Question
    asked: tuple[str, ...]
    behind: tuple[str, ...]


def day_questions(library: Library, answers: Answers) -> tuple[DayQuestion, ...]:
    """The day's questions for one patient and plan. ``answers`` hold what is known, implied and planner's facts included.

    A fact with ``required_when`` is asked only when that holds or cannot be told; the others of a question stand behind it.
    """
    evidence = Evidence(answers.known, answers.unknown, library.facts, library.tree)
    rows = (*library.intake.day, *library.intake.observed)
    found = (_question(row, library, evidence) for row in rows if row.when is None or decide(row.when, evidence) is not False)
    return tuple(question for question in found if question.asked or question.behind)


def _question(row: Question, library: Library, evidence: Evidence) -> DayQuestion:
    facts = {code: library.facts[code].required_when for code in row.opens}
    asked = tuple(code for code, tree in facts.items() if tree is not None and decide(tree, evidence) is not False)
    return DayQuestion(row, asked, tuple(code for code, tree in facts.items() if tree is None))
