"""The words of the library of the release in the language of the page."""

from django.utils.translation import get_language

from protocols.method.names import Names
from protocols.shelf import shipped_names


def page_names() -> Names:
    """What the entries of the release are called in the language of the page that is being made."""
    return shipped_names(get_language() or "en")
