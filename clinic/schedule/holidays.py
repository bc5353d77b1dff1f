"""Public holidays by the ``holidays`` library: of a country and, where it has them, of a state or region."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language

ENGLISH: Final = ("en_US", "en_GB", "en")


def knows_country(country: str) -> bool:
    """Whether the library has the holidays of that country (two letters)."""
    return bool(country) and country in _countries()


def subdivisions_of(country: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the country's states or regions that keep days of their own; none for an unknown country."""
    if not knows_country(country):
        return ()
    import holidays  # here: few need it, and every process would hold it (docs/adr/0027)

    made = holidays.country_holidays(country)
    # An alias that has its code's own letters says nothing more.
    names = {code: aliases[0] for code, aliases in made.get_subdivision_aliases().items() if aliases}
    return tuple(sorted(((code, names.get(code, code)) for code in made.subdivisions), key=lambda each: each[1]))


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> Mapping[date, str]:
    """The public holidays of those years by day, named in the reader's language where the library has it, else as the country says.

    None for an unknown country; a subdivision that the country does not have counts as none.
    """
    if not knows_country(country):
        return {}
    spoken = get_language() or ""
    return {day: name for year in years for day, name in _year(country, subdivision, year, spoken).items()}


@lru_cache(maxsize=64)
def _year(country: str, subdivision: str, year: int, spoken: str) -> Mapping[date, str]:
    import holidays

    made = holidays.country_holidays(country)
    kept = subdivision if subdivision in made.subdivisions else None
    language = _language(made.supported_languages, made.default_language, spoken)
    return dict(holidays.country_holidays(country, subdiv=kept, years=year, language=language))


def _language(offered: Iterable[str], own: str | None, spoken: str) -> str | None:
    """A name nobody translated is better in the country's own words, as its calendars have it, than in a third language."""
    wanted = ENGLISH if spoken.startswith("en") else (spoken, spoken.partition("-")[0], own, *ENGLISH)
    return next((each for each in wanted if each in set(offered)), None)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    import holidays

    return frozenset(holidays.list_supported_countries())
