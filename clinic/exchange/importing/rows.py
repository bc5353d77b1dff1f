"""Lines of a list as patients: each is put into the registration form, so that nothing is asked less, or otherwise, than at the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.exchange.importing.columns import LEFT_OUT, WHOLE_NAMES
from clinic.exchange.importing.days import ASK, ORDERS, is_ambiguous, is_written_as_day, read_day
from clinic.exchange.importing.reading import UNREADABLE, Line
from clinic.staff.models import Clinic, Sex
from clinic.web.folding import folded
from patients.actions.people import card_taken
from patients.forms import PatientForm
from patients.models import Patient
from patients.queries.people import holders_of_cards

_WORDS: Final[Mapping[str, str]] = {
    Sex.FEMALE.value: "f female w woman girl weiblich frau ж жен женский женщина девочка mrs ms",
    Sex.MALE.value: "m male man boy mannlich mann herr м муж мужской мужчина мальчик mr",
    Patient.Language.ENGLISH.value: "en eng english английский англ",
    Patient.Language.RUSSIAN.value: "ru rus russian русский рус",
}
SEXES: Final = {word: sex.value for sex in Sex for word in _WORDS[sex.value].split()}
LANGUAGES: Final = {word: language.value for language in Patient.Language for word in _WORDS[language.value].split()}
WHOLE: Final = ""  # the name of a fault that is of the line and of no cell
LONGEST_SHOWN: Final = 40
SAMPLE_EMAIL: Final = "anna@clinic.example"  # by which the line of the empty list is known that only shows how cells are written


@dataclass(slots=True)
class Judged:
    """A line and what is wrong with it: field to sentence. ``details`` are the cleaned fields of a line that can be taken over."""

    line: Line
    wrong: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


class RowForm(PatientForm):
    """The registration form for one line after the other. Whose a card is was read once for all lines."""

    def __init__(self, *, clinic: Clinic, today: date) -> None:
        super().__init__(None, clinic=clinic, today=today)
        self.is_bound = True
        self.holders = holders_of_cards(clinic)

    def fill(self, typed: Mapping[str, str]) -> None:
        """Asks the form about one line."""
        self.data = QueryDict(mutable=True)
        self.data.update(typed)
        self.instance = Patient()
        # What the database refuses is refused by the fields already; to ask it about each of 5,000 lines takes a minute.
        self.instance.validate_constraints = _nothing_more
        self.full_clean()

    def clean_card_number(self) -> str:
        number: str = self.cleaned_data["card_number"].strip()
        if number in self.holders:
            raise forms.ValidationError(card_taken(number, self.holders[number]).sentence)
        return number


def _nothing_more(*_args: object, **_options: object) -> None:
    """Stands in for a question that is not asked."""


def judge(lines: Iterable[Line], fields: Sequence[str], *, order: str, clinic: Clinic, today: date) -> list[Judged]:
    """What becomes of each line. ``fields`` names the field of each column, ``order`` how its dates are written."""
    form, cards, found = RowForm(clinic=clinic, today=today), dict[str, int](), list[Judged]()
    for line in lines:
        judged = Judged(line)
        typed = typed_of(judged, fields, order=order, language=clinic.language)
        if not judged.wrong:
            form.fill(typed)
            judged.wrong = {name if name != "__all__" else WHOLE: " ".join(map(str, faults)) for name, faults in form.errors.items()}
        if not judged.wrong and (number := form.cleaned_data["card_number"]):
            if number in cards:
                judged.wrong["card_number"] = _("Line %(line)s has this card number too.") % {"line": cards[number]}
            cards.setdefault(number, line.number)
        if not judged.wrong:
            judged.details = form.details()
        found.append(judged)
    return found


def typed_of(judged: Judged, fields: Sequence[str], *, order: str, language: str) -> dict[str, str]:
    """A line as somebody would have typed it into the form. What no form could hold is noted in ``judged.wrong``."""
    cells, wrong = judged.line.cells, judged.wrong
    if SAMPLE_EMAIL in cells:
        wrong[WHOLE] = _("This line of the empty list only shows how cells are written. It is nobody's and is left out.")
    if any(cells[len(fields) :]):
        wrong[WHOLE] = _("This line has more cells than the first line has headings.")
    typed = {name: cell for name, cell in zip(fields, cells, strict=False) if name != LEFT_OUT}
    _check_letters(typed, wrong)
    for whole in WHOLE_NAMES:
        if whole in typed:
            typed |= {part: text for part, text in split_name(typed.pop(whole), whole).items() if text}
    typed["born_on"] = _born(typed.get("born_on", ""), order, wrong)
    typed["sex"] = _word(typed.get("sex", ""), SEXES, "sex", wrong)
    typed["language"] = _word(typed.get("language", "") or language, LANGUAGES, "language", wrong)
    return typed


def _check_letters(typed: Mapping[str, str], wrong: dict[str, str]) -> None:
    for name, cell in typed.items():
        if UNREADABLE in cell:
            wrong[name] = _("A letter of this cell cannot be read. Save the file as UTF-8, or write the cell anew.")
        elif cell.startswith(("=", "@")):
            wrong[name] = _("This is a formula of a spreadsheet, not its result.")


def split_name(text: str, way: str) -> dict[str, str]:
    """Family, given and middle name out of one cell. A comma always stands after the family name."""
    family, comma, rest = text.partition(",")
    words = text.replace(",", " ").split()
    if comma:
        given, _blank, middle = rest.strip().partition(" ")
        return {"family_name": family.strip(), "given_name": given, "middle_name": middle.strip()}
    if way == "family_first":
        return {"family_name": words[0] if words else "", "given_name": " ".join(words[1:2]), "middle_name": " ".join(words[2:])}
    return {"family_name": words[-1] if words[1:] else "", "given_name": words[0] if words else "", "middle_name": " ".join(words[1:-1])}


def _born(text: str, order: str, wrong: dict[str, str]) -> str:
    day = read_day(text, order)
    if day is not None or not text:
        return day.isoformat() if day else ""
    shown = {"text": shortened(text)}
    if is_ambiguous(text):
        wrong["born_on"] = _("“%(text)s” can be two days. Say above which number is the month.") % shown
    elif order == ASK and any(read_day(text, each) for each in ORDERS):
        wrong["born_on"] = _("Other dates of this file have day and month the other way round. Say above which number comes first.")
    elif is_written_as_day(text):
        wrong["born_on"] = _("As the dates of this file are read, “%(text)s” is no day of the calendar.") % shown
    else:
        wrong.setdefault("born_on", _("“%(text)s” is no day with a year of four figures, like 17.05.1980 or 1980-05-17.") % shown)
    return ""


def _word(text: str, known: Mapping[str, str], name: str, wrong: dict[str, str]) -> str:
    found = known.get(folded(text).strip(" ."), "")
    if text and not found:
        sentences = {
            "sex": _("“%(text)s” says neither female nor male."),
            "language": _("Tactus writes in English and in Russian, not in “%(text)s”. Leave the cell empty to take the clinic’s."),
        }
        wrong.setdefault(name, sentences[name] % {"text": shortened(text)})
    return found


def shortened(text: str) -> str:
    """Enough of a cell to find it again."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
