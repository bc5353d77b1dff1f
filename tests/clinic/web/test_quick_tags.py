"""The quick tags say what Django's own say."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.template.defaultfilters import date as django_date
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from clinic.web.templatetags.quick import address

pytestmark = pytest.mark.same_everywhere


def drawn(words: str, **context: Any) -> str:
    return Template(words).render(Context(context))


@pytest.mark.parametrize("numbers", [(1,), (7_000_001,), (10**12,)])
def test_addresses_are_those_of_django(numbers: tuple[int, ...]) -> None:
    wanted = reverse("patients:detail", args=numbers)
    assert address("patients:detail", numbers) == wanted
    assert drawn("{% url 'patients:detail' number %}", number=numbers[0]) == wanted
    assert drawn("{% url 'patients:detail' pk=number %}", number=numbers[0]) == wanted
    assert drawn("{% url 'patients:detail' number as there %}<{{ there }}>", number=numbers[0]) == f"<{wanted}>"
    two = reverse("courses:record", args=[numbers[0], 12])
    assert drawn("{% url 'courses:record' number 12 %}", number=numbers[0]) == two
    assert drawn("{% url name number %}", name="patients:detail", number=numbers[0]) == wanted


def test_addresses_without_numbers_and_with_words_are_found_too() -> None:
    assert drawn("{% url 'patients:list' %}") == reverse("patients:list")
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'patients:detail' 'nobody' %}")
    with pytest.raises(NoReverseMatch):
        address("patients:no-such-page", [1])
    assert drawn("{% url 'patients:no-such-page' 1 as there %}<{{ there }}>") == "<>"


def test_days_are_written_as_django_writes_them() -> None:
    moment = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
    for language in ("en", "ru"):
        with translation.override(language), timezone.override("Europe/Berlin"):
            for value in (date(2026, 3, 1), moment, None, ""):
                for form in ("SHORT_DATE_FORMAT", "l, j E"):
                    there = timezone.localtime(value) if isinstance(value, datetime) else value
                    assert drawn("{{ value|date:form }}", value=value, form=form) == django_date(there, form)
