"""Reading and writing gettext's two file formats: .po for people, .mo for the program."""

import ast
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

Key = tuple[str, str]  # context, msgid

HEADER = r"""Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
MIME-Version: 1.0
Language: ru
Plural-Forms: nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);
"""  # noqa: E501  # the same rule, to the letter, as Django's own Russian, so that both share one catalogue
PLURALS = 4


class BadCatalogue(Exception):
    """A line of a .po file that cannot be read; says which."""


@dataclass(frozen=True)
class Message:
    """One msgid with its places and, if there are any, its translations (one, or one for each plural form)."""

    msgid: str
    context: str = ""
    plural: str = ""
    places: tuple[str, ...] = ()
    translations: tuple[str, ...] = field(default=())
    is_fuzzy: bool = False

    @property
    def key(self) -> Key:
        return self.context, self.msgid

    @property
    def is_translated(self) -> bool:
        wanted = PLURALS if self.plural else 1
        return not self.is_fuzzy and len(self.translations) == wanted and all(self.translations)


def merged(found: Iterable[Message], kept: Iterable[Message]) -> list[Message]:
    """The messages that are in use now, in their order, each with the translation it had before."""
    before = {message.key: message for message in kept}
    return [_with_translations(message, before.get(message.key)) for message in found]


def _with_translations(message: Message, before: Message | None) -> Message:
    if before is None or bool(before.plural) != bool(message.plural):
        return message
    return replace(message, translations=before.translations, is_fuzzy=before.is_fuzzy)


def read_po(text: str) -> list[Message]:
    """The messages of a .po file, its header left out. Raises ``BadCatalogue``."""
    blocks = (block for block in text.split("\n\n") if block.strip())
    messages = (_message_of(block) for block in blocks)
    return [message for message in messages if message is not None and message.msgid]


def _message_of(block: str) -> Message | None:
    parts: dict[str, str] = {}
    places: list[str] = []
    fuzzy, name = False, ""
    for line in block.splitlines():
        if line.startswith("#:"):
            places += line[2:].split()
        elif line.startswith("#,"):
            fuzzy = fuzzy or "fuzzy" in line
        elif line and not line.startswith("#"):
            name = _read_line(line, name, parts)
    if not parts:
        return None
    strings = tuple(parts[key] for key in sorted(parts) if key.startswith("msgstr"))
    return Message(parts["msgid"], parts.get("msgctxt", ""), parts.get("msgid_plural", ""), tuple(places), strings, fuzzy)


def _read_line(line: str, name: str, parts: dict[str, str]) -> str:
    word, quote, rest = line.partition('"')
    name = word.strip() or name
    if not quote or not rest.endswith('"') or not name:
        raise BadCatalogue(f"cannot read this line: {line}")
    parts[name] = parts.get(name, "") + str(ast.literal_eval(quote + rest))
    return name


def written_po(messages: Iterable[Message]) -> str:
    """The text of a .po file. The same messages always give the same text: no dates, no line numbers."""
    return "\n\n".join([f'msgid ""\nmsgstr {_quoted(HEADER)}', *map(_block, messages)]) + "\n"


def _block(message: Message) -> str:
    return "\n".join(_block_lines(message))


def _block_lines(message: Message) -> Iterator[str]:
    yield from (f"#: {place}" for place in message.places)
    flags = ["fuzzy"] * message.is_fuzzy + ["python-format"] * ("%(" in message.msgid)
    if flags:
        yield f"#, {', '.join(flags)}"
    if message.context:
        yield f"msgctxt {_quoted(message.context)}"
    yield f"msgid {_quoted(message.msgid)}"
    if not message.plural:
        yield f"msgstr {_quoted(''.join(message.translations[:1]))}"
        return
    yield f"msgid_plural {_quoted(message.plural)}"
    strings = (*message.translations, *[""] * PLURALS)[:PLURALS]
    yield from (f"msgstr[{number}] {_quoted(string)}" for number, string in enumerate(strings))


def _quoted(text: str) -> str:
    lines = text.splitlines(keepends=True)
    quoted = ['"' + line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"' for line in lines]
    if len(quoted) < 2:
        return "".join(quoted) or '""'
    return "\n".join(['""', *quoted])


def compiled(messages: Iterable[Message]) -> bytes:
    """The bytes of a .mo file with every finished translation. What is missing or fuzzy is left in English."""
    pairs = {"": HEADER}
    pairs |= {_mo_key(message): "\0".join(message.translations) for message in messages if message.is_translated}
    table = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    return _mo_bytes(table)


def _mo_key(message: Message) -> str:
    context = f"{message.context}\x04" if message.context else ""
    return context + message.msgid + (f"\0{message.plural}" if message.plural else "")


def _mo_bytes(table: list[tuple[bytes, bytes]]) -> bytes:
    # Layout: seven numbers, the table of keys, the table of values (length and place each), then all texts, each closed by a zero.
    count = len(table)
    start = 7 * 4 + 16 * count
    keys = b"".join(key + b"\0" for key, _value in table)
    values = b"".join(value + b"\0" for _key, value in table)
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return head + _index([key for key, _ in table], start) + _index([value for _, value in table], start + len(keys)) + keys + values


def _index(texts: list[bytes], place: int) -> bytes:
    packed = b""
    for text in texts:
        packed += struct.pack("<2I", len(text), place)
        place += len(text) + 1
    return packed
