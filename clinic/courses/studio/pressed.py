"""What a button of the studio says. The page is one form; each button carries what it does in one value, so that it needs no script."""

from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict

PRESS: Final = "press"
FROM: Final = "_from"


def press_of(**fields: str | int) -> str:
    """The value of a button that sends these fields. ``code_from="technique"`` sends as ``code`` what the field ``technique`` holds."""
    return urlencode(fields)


def pressed(sent: QueryDict) -> QueryDict:
    """What was sent, with the fields of the button that was pressed among it; what the button says wins."""
    found = sent.copy()
    for name, value in parse_qsl(sent.get(PRESS, ""), keep_blank_values=True):
        field, is_taken = name.removesuffix(FROM), name.endswith(FROM)
        found[field] = sent.get(value, "") if is_taken else value
    return found
