"""Every msgid of the project: from templates by Django's own lexer, from Python by its syntax tree."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.template.base import DebugLexer, Token, TokenType
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import trim_whitespace

from clinic.web.translations.catalogue import Message

CODE: Final = ("clinic", "patients", "protocols")
TEMPLATES: Final = "templates"
# Sentences of the method, which imports no framework: values of these mappings are msgids.
TABLES: Final = {"protocols/method/wording.py": ("SENTENCES",)}

CALLS: Final = {
    "_": ("msgid",),
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), ("msgid",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("msgid", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "msgid")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "msgid", "plural")),
}
CALLED = re.compile(rf"\b({'|'.join(CALLS)})\s*\(")
INLINE = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")


def collected(root: Path) -> list[Message]:
    """Every message below the project's folder, once each, with the files where it occurs."""
    found: dict[tuple[str, str], Message] = {}
    for message in _all_messages(root):
        known = found.get(message.key)
        found[message.key] = _joined(known, message) if known else message
    return list(found.values())


def _joined(known: Message, again: Message) -> Message:
    return replace(known, plural=known.plural or again.plural, places=tuple(dict.fromkeys(known.places + again.places)))


def _all_messages(root: Path) -> Iterator[Message]:
    for path in template_files(root):
        place = path.relative_to(root).as_posix()
        yield from (replace(message, places=(place,)) for message in in_template(path.read_text(encoding="utf-8")))
    for path in python_files(root):
        place = path.relative_to(root).as_posix()
        found = in_python(path.read_text(encoding="utf-8"), tables=TABLES.get(place, ()))
        yield from (replace(message, places=(place,)) for message in found)


def template_files(root: Path) -> list[Path]:
    return sorted(path for path in (root / TEMPLATES).rglob("*") if path.suffix in {".html", ".txt"})


def python_files(root: Path) -> list[Path]:
    return sorted(path for folder in CODE for path in (root / folder).rglob("*.py") if "migrations" not in path.parts)


def in_python(source: str, *, tables: Iterable[str] = ()) -> Iterator[Message]:
    """The messages of a module: calls of gettext's functions with literal texts, and the values of the named tables."""
    if not CALLED.search(source) and not tables:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _in_table(node, tuple(tables))


def _in_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    parts = CALLS.get(name, ())
    texts = [each.value for each in call.args[: len(parts)] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if parts and len(texts) == len(parts) and all(texts):
        said = dict(zip(parts, texts, strict=True))
        yield Message(said["msgid"], said.get("context", ""), said.get("plural", ""))


def _in_table(node: ast.Assign | ast.AnnAssign, tables: tuple[str, ...]) -> Iterator[Message]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    named = any(isinstance(target, ast.Name) and target.id in tables for target in targets)
    if named and node.value is not None:
        for inner in ast.walk(node.value):
            if isinstance(inner, ast.Dict):
                texts = (value.value for value in inner.values if isinstance(value, ast.Constant))
                yield from (Message(text) for text in texts if text and isinstance(text, str))


def in_template(source: str) -> Iterator[Message]:
    """The messages of a template: translate, blocktranslate, and ``_("…")`` inside any tag."""
    tokens = iter(DebugLexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            parts = list(smart_split(token.contents))
            if parts[0] in {"translate", "trans"}:
                yield from _inline(parts)
            elif parts[0] in {"blocktranslate", "blocktrans"}:
                yield _block(parts, tokens)
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from (Message(_literal(found.group(1))) for found in INLINE.finditer(token.contents))


def _inline(parts: list[str]) -> Iterator[Message]:
    if parts[1][0] in "\"'":
        context = _literal(parts[parts.index("context") + 1]) if "context" in parts else ""
        yield Message(_literal(parts[1].split("|")[0]), context)


def _block(parts: list[str], tokens: Iterator[Token]) -> Message:
    texts = [""]
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            if token.contents.strip() != "plural":
                break
            texts.append("")
        elif token.token_type == TokenType.VAR:
            texts[-1] += f"%({token.contents})s"
        elif token.token_type == TokenType.TEXT:
            texts[-1] += token.contents.replace("%", "%%")
    if "trimmed" in parts:
        texts = [trim_whitespace(text) for text in texts]
    context = _literal(parts[parts.index("context") + 1]) if "context" in parts else ""
    return Message(texts[0], context, "".join(texts[1:]))


def _literal(quoted: str) -> str:
    # Django doubles the per cent sign of a literal before it looks it up.
    return unescape_string_literal(quoted).replace("%", "%%")
