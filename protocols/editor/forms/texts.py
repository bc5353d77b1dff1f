"""Texts of a condition or of a stage, English and Russian side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from protocols.editor.forms.base import VersionedForm, lines
from protocols.editor.text_words import TEXT_LABELS
from protocols.editor.texts import TextPlace, english_of, lines_in, places_of, russian_of, with_english, with_russian

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text on the page, with what ships."""

    label: str
    english: forms.BoundField
    russian: forms.BoundField
    shipped_english: str
    shipped_russian: str
    is_list: bool
    is_safety: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """A table with its translation."""

    english: Table
    russian: Table


class TextsForm(VersionedForm):
    """Every text of one table. ``stage`` is the stage that they are of, None for the condition itself."""

    def __init__(self, data: Any = None, *, own: Sides, shipped: Sides, stage: Table | None, version: int) -> None:
        super().__init__(data, version=version, place="texts")
        self.own, self.shipped, self.places = own, shipped, places_of(stage)
        for place in self.places:
            label = TEXT_LABELS[place.name]()
            long = 4 if place.is_list else 2
            for language, words in (("en", _("English")), ("ru", _("Russian"))):
                self.fields[f"{language}-{place.name}"] = lines(f"{label} – {words}", rows=long, language=language, required=False)
            self.initial[f"en-{place.name}"] = english_of(own.english, place)
            self.initial[f"ru-{place.name}"] = russian_of(own.russian, place)

    def rows(self) -> Iterator[TextRow]:
        """The texts in their order; what ships is given where ours differs."""
        for place in self.places:
            shipped = english_of(self.shipped.english, place), russian_of(self.shipped.russian, place)
            is_same = shipped == (english_of(self.own.english, place), russian_of(self.own.russian, place))
            fields = self[f"en-{place.name}"], self[f"ru-{place.name}"]
            said = ("", "") if is_same else shipped
            yield TextRow(TEXT_LABELS[place.name](), *fields, *said, place.is_list, place.is_safety)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in self.places:
            english, russian = (lines_in(data.get(f"{language}-{place.name}") or "") for language in ("en", "ru"))
            self._check(place, english, russian)
        return data

    def _check(self, place: TextPlace, english: list[str], russian: list[str]) -> None:
        name = f"ru-{place.name}"
        if place.name == "name" and not english:
            self.add_error(f"en-{place.name}", _("A name is needed."))
        if bool(english) != bool(russian):
            self.add_error(name, _("It must be written in both languages, or in neither."))
        elif place.is_list and len(english) != len(russian):
            words = {"english": len(english), "russian": len(russian)}
            self.add_error(name, _("Each line needs its translation: %(english)s in English, %(russian)s in Russian.") % words)

    def tables(self) -> Sides:
        """The table and its translation as typed."""
        english, russian = dict(self.own.english), dict(self.own.russian)
        for place in self.places:
            english = with_english(english, place, self.cleaned_data[f"en-{place.name}"])
            russian = with_russian(russian, place, self.cleaned_data[f"ru-{place.name}"])
        return Sides(english, russian)


class BarForm(VersionedForm):
    """A stage that the clinic does not massage any more: why, and when massage begins again."""

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, version=version, place="bar")
        for name in ("reason", "until"):
            label = {"reason": _("Why it is not massaged"), "until": _("Allowed again when")}[name]
            for language, words in (("en", _("English")), ("ru", _("Russian"))):
                self.fields[f"{language}-{name}"] = lines(f"{label} – {words}", rows=2, language=language)

    def words(self, language: str) -> dict[str, str]:
        """Reason and end in one language, for ``texts.barred`` and ``texts.barred_words``."""
        return {name: " ".join(lines_in(self.cleaned_data[f"{language}-{name}"])) for name in ("reason", "until")}
