"""Finds words in templates and programs that nobody could translate."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from django.template.base import DebugLexer, Token, TokenType
from django.utils.text import smart_split

SPOKEN: Final = {"title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "alt", "label"}
# Names that are the same in every language: ours, and each language's own.
NAMES: Final = {"Tactus", "EN", "RU", "English", "Русский"}
# A letter-free stand-in for what a template writes at run time.
HOLE: Final = "\u2060"
# Arguments of our own calls that people read.
SPOKEN_ARGUMENTS: Final = {"label", "help_text", "empty_label", "verbose_name", "verbose_name_plural", "sentence"}
SPOKEN_CALLS: Final = {"ActionDenied", "ValidationError", "success", "info", "warning", "error"}
SPOKEN_NAMES: Final = re.compile(rf"\b({'|'.join(sorted(SPOKEN_ARGUMENTS | SPOKEN_CALLS))})\s*[=(]")
# Tags whose literal texts are msgids, or codes to compare with.
NOT_SPOKEN: Final = ("translate", "blocktranslate", "trans ", "if ", "elif ")


class Words(HTMLParser):
    """Collects the letters that stand between tags and in attributes that people read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        for name, value in attrs:
            if name in SPOKEN and has_words(value or ""):
                self.found.append((self.getpos()[0], f"{name}={value}"))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and has_words(data):
            self.found.append((self.getpos()[0], data.strip()))


def has_words(text: str) -> bool:
    """Whether letters are left when the names that need no translation are taken away."""
    return any(any(letter.isalpha() for letter in word) for word in text.split() if word.strip(f"()·,.:;{HOLE}") not in NAMES)


def words_in_template(source: str) -> list[tuple[int, str]]:
    """Line and text of everything readable that stands outside translate and blocktranslate."""
    words = Words()
    words.feed(_without_tags(source))
    words.close()
    return words.found + list(_literals(source))


def _without_tags(source: str) -> str:
    pieces: list[str] = []
    tokens = iter(DebugLexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            pieces.append(token.contents)
        elif token.token_type == TokenType.VAR:
            pieces.append(HOLE)
        elif token.token_type == TokenType.BLOCK:
            pieces.append(_passed_over(token, tokens))
    return "".join(pieces)


def _passed_over(token: Token, tokens: Iterator[Token]) -> str:
    # Line numbers stay true: what a skipped block held is replaced by its line ends.
    opened = token.split_contents()[0]
    closing = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}.get(opened)
    lines = 0
    while closing:
        inner = next(tokens)
        lines += inner.contents.count("\n") if inner.token_type == TokenType.TEXT else 0
        if inner.token_type == TokenType.BLOCK and inner.contents.strip() == closing:
            break
    return HOLE + "\n" * lines


def _literals(source: str) -> Iterator[tuple[int, str]]:
    """Literal texts handed to includes and defaults: ``with title="Patient list"``, ``|default:"Not known"``."""
    for token in DebugLexer(source).tokenize():
        if token.token_type not in {TokenType.BLOCK, TokenType.VAR} or token.contents.startswith(
            ("translate", "blocktranslate", "trans ", "if ", "elif ")
        ):
            continue
        for bit in smart_split(token.contents):
            for quoted in _quoted(bit):
                if quoted[:1].isupper() and quoted[1:2].islower() and has_words(quoted):
                    yield token.lineno or 0, quoted


def _quoted(bit: str) -> Iterator[str]:
    for quote in "\"'":
        parts = bit.split(quote)
        yield from (part for number, part in enumerate(parts) if number % 2 and not parts[number - 1].endswith("_("))


def words_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of literals that people read but that pass no gettext: labels, messages, refusals."""
    if not SPOKEN_NAMES.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        spoken = [each.value for each in node.keywords if each.arg in SPOKEN_ARGUMENTS]
        if name in SPOKEN_CALLS and not _is_log(node):
            spoken += node.args
        yield from ((each.lineno, text) for each in spoken for text in [_literal_text(each)] if text)


def _literal_text(node: ast.expr) -> str:
    text = node.value if isinstance(node, ast.Constant) else ""
    return text if isinstance(text, str) and " " in text.strip() and has_words(text) else ""


def _is_log(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in {"logger", "logging", "log"}
