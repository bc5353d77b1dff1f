"""What a button of the studio says. The page is one form; each button carries what it does in one value, so that it needs no script."""

from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote_plus

from django.http import QueryDict

PRESS: Final = "press"
FROM: Final = "_from"


def press_of(**fields: str | int) -> str:
    """The value of a button that sends these fields. ``code_from="technique"`` sends as ``code`` what the field ``technique`` holds."""
    return "&".join(f"{name}={_quoted(str(value))}" for name, value in fields.items())


_quoted = lru_cache(maxsize=4096)(quote_plus)  # a page says the same few words many times


def pressed(sent: QueryDict) -> QueryDict:
    """What was sent, with the fields of the button that was pressed among it; what the button says wins."""
    found = sent.copy()
    for name, value in parse_qsl(sent.get(PRESS, ""), keep_blank_values=True):
        field, is_taken = name.removesuffix(FROM), name.endswith(FROM)
        found[field] = sent.get(value, "") if is_taken else value
    return found
