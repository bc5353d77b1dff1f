"""What somebody signs: the data and the words that were shown, in the one spelling of RFC 8785. Pure, so that anybody can check it."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SCHEMA: Final = "tactus-content-1"
LARGEST: Final = 2**53 - 1  # beyond it a reader that holds numbers as RFC 8785 does would not see the same one
SHORT: Final = 12  # characters of a digest that people compare by eye


@dataclass(frozen=True)
class Section:
    """One part of a document as its reader sees it: a heading and lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """A document to sign. ``subject`` names the record ("courses.course:7"), ``body`` holds its data, ``sections`` its words."""

    kind: str
    subject: str
    version: int
    body: Mapping[str, Any]
    sections: tuple[Section, ...]


def canonical(content: Content) -> bytes:
    """The bytes that are signed: schema, kind, subject, version, data, words, and the SHA-256 of the words as one text.

    Raises ``TypeError`` for what JSON does not keep exactly (floats, dates, text that is not yet translated) and ``ValueError``
    for numbers beyond 2**53 and text that is no Unicode.
    """
    return spelled(
        {
            "schema": SCHEMA,
            "kind": content.kind,
            "subject": content.subject,
            "version": content.version,
            "body": content.body,
            "sections": [{"heading": section.heading, "lines": list(section.lines)} for section in content.sections],
            "shown_sha256": hashlib.sha256(shown_text(content).encode()).hexdigest(),
        }
    )


def digest(content: Content) -> str:
    """SHA-256 (hex) of the canonical content."""
    return hashlib.sha256(canonical(content)).hexdigest()


def body_digest(body: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the data alone: the same for readers of every language, whose words differ."""
    return hashlib.sha256(spelled(body)).hexdigest()


def shown_text(content: Content) -> str:
    """The words of the document as one plain text."""
    parts = ("\n".join((section.heading, *section.lines)) for section in content.sections)
    return unicodedata.normalize("NFC", "\n\n".join(parts))


# Of whole numbers, text, lists and sorted names the JSON of Python is the spelling of RFC 8785, and it is made forty times as fast.
_SPELLING: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
_LISTS: Final = (list, tuple)


def spelled(value: Any) -> bytes:
    """The value by RFC 8785. Raises ``TypeError`` or ``ValueError`` as ``canonical`` does."""
    return _SPELLING.encode(_kept(value)).encode()


def _kept(value: Any) -> Any:
    if type(value) is str and value.isascii():  # nearly all of a document
        return value
    if isinstance(value, str):
        return _composed(str(value))
    if isinstance(value, _LISTS):
        return [_kept(item) for item in value]
    if type(value) is dict or (not isinstance(value, int) and isinstance(value, Mapping)):
        return _kept_mapping(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _kept_number(int(value))
    # A number with a fraction has more than one spelling on its way through a database or another program.
    raise TypeError(f"{type(value).__name__} cannot be signed: its spelling is not fixed; write it as text")


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _kept_number(value: int) -> int:
    if not -LARGEST <= value <= LARGEST:
        raise ValueError(f"{value} is beyond the numbers that every reader keeps exactly; write it as text")
    return value


def _kept_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    """With its names in the order of RFC 8785, which is that of their UTF-16."""
    try:
        letters = "".join(value)
    except TypeError:
        raise TypeError("a mapping that is signed is named by text") from None
    if letters.isascii():
        return {name: _kept(value[name]) for name in sorted(value)}
    kept = {_composed(name): item for name, item in value.items()}
    if len(kept) != len(value):
        raise ValueError("two names of a mapping look the same")
    return {name: _kept(kept[name]) for name in sorted(kept, key=_in_utf16)}


def _in_utf16(name: str) -> bytes:
    return name.encode("utf-16-be")
