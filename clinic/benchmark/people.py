"""Invented people by the hundred thousand: the same seed gives the same names, in Latin and in Cyrillic letters. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

SEED: Final = 20261122
_LATIN: Final = [
    "Ander",
    "Berg",
    "Brand",
    "Dorn",
    "Eich",
    "Falk",
    "Feld",
    "Gold",
    "Hart",
    "Hof",
    "Horn",
    "Kalt",
    "Kess",
    "Kirch",
    "Kraft",
    "Lang",
    "Linden",
    "Loh",
    "Matt",
    "Neu",
    "Ober",
    "Pfeif",
    "Rein",
    "Rosen",
    "Sand",
    "Schwarz",
    "Seel",
    "Stein",
    "Stern",
    "Sulz",
    "Tann",
    "Vogel",
    "Wald",
    "Wein",
    "Weiss",
    "Wester",
    "Wied",
    "Wolf",
    "Zell",
    "Zimmer",
]
_LATIN_ENDS: Final = ["mann", "er", "feld", "bach", "sen", "berg", "hauser", "inger", "au", "ow", "sson", "ski"]
_CYRILLIC: Final = [
    "Алекс",
    "Анто",
    "Бел",
    "Богд",
    "Борис",
    "Васил",
    "Волк",
    "Воробь",
    "Гав",
    "Горш",
    "Григор",
    "Дав",
    "Дмитри",
    "Зай",
    "Зим",
    "Ив",
    "Ильи",
    "Калин",
    "Кар",
    "Кузнец",
    "Лебед",
    "Лук",
    "Макар",
    "Медвед",
    "Мороз",
    "Никит",
    "Орл",
    "Павл",
    "Петр",
    "Попович",
    "Роман",
    "Савель",
    "Сидор",
    "Сокол",
    "Степан",
    "Тарас",
    "Тихон",
    "Федор",
    "Харит",
    "Яковл",
]
_CYRILLIC_ENDS: Final = ["ов", "ова", "енко", "ин", "ина", "ский", "ская", "ук", "ян", "ев", "ева", "ич"]
_GIVEN: Final = {
    "en": {
        "female": [
            "Anna",
            "Clara",
            "Dora",
            "Elena",
            "Emma",
            "Frida",
            "Greta",
            "Hanna",
            "Ida",
            "Irena",
            "Jana",
            "Karin",
            "Laura",
            "Lena",
            "Maria",
            "Nora",
            "Olga",
            "Paula",
            "Ruth",
            "Vera",
        ],
        "male": [
            "Adam",
            "Boris",
            "Carl",
            "David",
            "Emil",
            "Felix",
            "Georg",
            "Henrik",
            "Ivan",
            "Jonas",
            "Karl",
            "Lukas",
            "Martin",
            "Noah",
            "Oskar",
            "Peter",
            "Robert",
            "Simon",
            "Tomas",
            "Viktor",
        ],
    },
    "ru": {
        "female": [
            "Анна",
            "Вера",
            "Галина",
            "Дарья",
            "Елена",
            "Жанна",
            "Зоя",
            "Ирина",
            "Ксения",
            "Лариса",
            "Мария",
            "Нина",
            "Ольга",
            "Полина",
            "Раиса",
            "Софья",
            "Тамара",
            "Ульяна",
            "Юлия",
            "Яна",
        ],
        "male": [
            "Антон",
            "Борис",
            "Виктор",
            "Глеб",
            "Денис",
            "Егор",
            "Захар",
            "Иван",
            "Кирилл",
            "Лев",
            "Максим",
            "Никита",
            "Олег",
            "Павел",
            "Роман",
            "Сергей",
            "Тимур",
            "Фёдор",
            "Юрий",
            "Яков",
        ],
    },
}


@dataclass(frozen=True, slots=True)
class Somebody:
    """One invented person. ``number`` counts from 1 and makes card and telephone."""

    number: int
    family_name: str
    given_name: str
    sex: str
    language: str
    born_on: date

    @property
    def card_number(self) -> str:
        return f"{self.number:06d}"

    @property
    def phone(self) -> str:
        """German by its prefix and nobody's: every number begins with the 0151 55 that is given to inventions here."""
        return f"+49 151 55{self.number:06d}"


def invented(count: int) -> Iterator[Somebody]:
    """The first ``count`` people of the seed; half of them write their names in Cyrillic letters."""
    chance = random.Random(SEED)  # noqa: S311  # names, no secrets
    for number in range(1, count + 1):
        language, sex = chance.choice(("en", "ru")), chance.choice(("female", "male"))
        stems, ends = (_LATIN, _LATIN_ENDS) if language == "en" else (_CYRILLIC, _CYRILLIC_ENDS)
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(24_000))
        yield Somebody(number, chance.choice(stems) + chance.choice(ends), chance.choice(_GIVEN[language][sex]), sex, language, born)
