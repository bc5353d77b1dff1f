"""A page of the intake form as it stands while somebody types: what is kept of it, and how it is shown again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from patients.models import Intake

MOST_TYPED: Final = 60_000  # letters of one page: four times what every zone of every question together comes to
NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken", "page", "once", "seen"})


class TooMuchTyped(Exception):
    """More than any page of the form can hold."""


@dataclass(frozen=True, slots=True)
class TypedPage:
    """What somebody left in a page. ``who`` is empty for the patient; ``is_mine`` says whether it is the reader's own."""

    fields: Mapping[str, list[str]]
    who: str
    at: datetime
    is_mine: bool


def fields_sent(data: QueryDict) -> dict[str, list[str]]:
    """Every field as it was sent, unchecked but without what no database takes. Raises ``TooMuchTyped``."""
    fields = {name: [value for value in values if "\x00" not in value] for name, values in data.lists() if name not in NOT_TYPED}
    if sum(len(name) + sum(map(len, values)) for name, values in fields.items()) > MOST_TYPED:
        raise TooMuchTyped
    return {name: values for name, values in fields.items() if "\x00" not in name}


def newest_typed(intake: Intake | None, page: str, reader: str) -> TypedPage | None:
    """What was typed last into that page of the form, by whomever; ``reader`` is the key under which the reader's own is kept."""
    kept = intake.typed.items() if intake else ()
    left = {key: one for key, one in kept if isinstance(one, dict) and one.get("page") == page}
    if not left:
        return None
    key, newest = max(left.items(), key=lambda item: str(item[1]["at"]))
    at = parse_datetime(newest["at"])
    return TypedPage(newest["fields"], newest["who"], at, key == reader) if at else None


def show_again(form: forms.Form, typed: TypedPage | None) -> None:
    """An unsent form begins with what was typed in it. A field that was not on the page then keeps what it begins with."""
    if typed is None or form.is_bound:
        return
    for name, field in form.fields.items():
        values = typed.fields.get(name)
        if isinstance(field, forms.MultipleChoiceField):
            if name.partition("--")[0] in typed.fields:
                form.initial[name] = values or []
        elif values:
            form.initial[name] = _typed_value(field, values[-1])


def _typed_value(field: forms.Field, value: str) -> Any:
    return value == "on" if isinstance(field, forms.BooleanField) else value
