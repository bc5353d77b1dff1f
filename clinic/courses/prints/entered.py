"""What the therapist entered for the plan, as questions and answers in words."""

from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.prints.paper import Paper
from protocols.method.entries import ConditionInput
from protocols.method.places import Place


def entered(paper: Paper) -> list[dict[str, str]]:
    """Each input that was answered, in the order in which it was asked, and the supplements that were chosen."""
    course, presenter = paper.course, paper.presenter
    answered = course.request["inputs"]
    rows = [row for row in presenter.library.conditions[course.condition].inputs if row.code in answered]
    lines = [{"name": _question(paper, row), "value": _answer(paper, row, answered[row.code])} for row in rows]
    chosen = [presenter.names.of("supplements", code) for code in course.request.get("supplements", ())]
    return [*lines, *([{"name": _("Supplements"), "value": ", ".join(chosen)}] if chosen else [])]


def _question(paper: Paper, row: ConditionInput) -> str:
    return paper.presenter.names.of("inputs", f"{paper.course.condition}/{row.code}", "question")


def _answer(paper: Paper, row: ConditionInput, answer: Any) -> str:
    names, code = paper.presenter.names, f"{paper.course.condition}/{row.code}"
    if row.type == "zones":
        return ", ".join(paper.presenter.speaker.place(Place(item["zone"], item["side"])) for item in answer)
    if row.type == "bool":
        return _("Yes") if answer else _("No")
    if row.type == "enum":
        word = names.value("inputs", code, answer, row.values)
        return word.upper() if len(word) == 1 else word.replace("-", " ") if word == answer else word
    return f"{answer} {names.of('inputs', code, 'unit')}".rstrip()
