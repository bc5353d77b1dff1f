"""Hostile values: what no person types and every form must bear."""

import json
from random import Random
from typing import Any, Final
from urllib.parse import quote_from_bytes

PROBE: Final = "<tactus-probe-"  # as markup it may stand in no page
LONG: Final = 1_000_000

VALUES: Final[tuple[str, ...]] = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ufeff",
    "\u202e\u2067abc",
    "\U0001f9d1\u200d\u2695\ufe0f",
    "e\u0301" * 40,
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "1e999",
    "-1",
    "0",
    "-0",
    "1.5",
    "1,5",
    "01",
    "9" * 18,
    "9" * 19,
    "9" * 30,
    "9" * 400,
    "9" * 5000,
    "-" + "9" * 30,
    "0x10",
    "1_000",
    "\u0663\u0664",
    "\u00b2",
    "\u2460",
    "2025-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2025-13-01",
    "24:00",
    "23:59:60",
    "99:99",
    "2025-W53-8",
    "2025-03-30T02:30",
    "on",
    "true",
    "null",
    "[]",
    "{}",
    "[[]]",
    '{"a": NaN}',
    "[" * 2000,
    "id",
    "-id",
    "password",
    "user__password",
    "clinic__name",
    "' OR 1=1 --",
    "1; DROP TABLE staff_user",
    '" UNION SELECT 1',
    "%s",
    "%(x)s",
    "{0}",
    "{{7*7}}",
    "${7*7}",
    "../../etc/passwd",
    "//evil.test/",
    "https://evil.test/",
    "javascript:alert(1)",
    "\r\nSet-Cookie: a=b",
    "a" * 300,
    "%00",
    "%ED%A0%80",
    "\u2028",
    "\ud7ff\ue000\uffff",
)


def value(chance: Random) -> str:
    """One hostile word; now and then markup that must not come back as such, or a million characters."""
    dice = chance.random()
    if dice < 0.2:
        return f"\"'>{PROBE}{chance.randrange(10**6)}>"
    if dice < 0.204:
        return chance.choice(("a", "9", "\u00e9", "[", "<")) * LONG
    return chance.choice(VALUES)


def encoded(pairs: list[tuple[str, str]], chance: Random) -> bytes:
    """The pairs as a browser would write them; sometimes with bytes that are no text in any encoding (a lone surrogate among them)."""
    parts = []
    for key, word in pairs:
        raw = word.encode("utf-8", "surrogatepass")
        if chance.random() < 0.03:
            raw += chance.choice((b"\xed\xa0\x80", b"\xff\xfe", b"\xc3", b"\xf4\x90\x80\x80"))
        parts.append(f"{quote_from_bytes(key.encode())}={quote_from_bytes(raw)}")
    return "&".join(parts).encode()


def twisted(pairs: list[tuple[str, str]], names: list[str], chance: Random) -> list[tuple[str, str]]:
    """A form with a field or some changed, left out, sent twice, or one that it does not have."""
    found = list(pairs)
    for _ in range(chance.randint(1, 3)):
        dice = chance.random()
        if found and dice < 0.6:
            at = chance.randrange(len(found))
            found[at] = (found[at][0], value(chance))
        elif found and dice < 0.75:
            found.pop(chance.randrange(len(found)))
        elif found and dice < 0.85:
            found.append((chance.choice(found)[0], value(chance)))
        else:
            found.append((chance.choice(names), value(chance)))
    return found


def as_json(chance: Random, depth: int = 0) -> Any:
    """Something that is JSON, and not what anybody waits for."""
    dice = chance.random()
    if depth > 3 or dice < 0.5:
        return chance.choice((None, True, -1, 10**30, 1.5, float("nan"), float("inf"), value(chance)[:2000]))
    if dice < 0.7:
        return [as_json(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    keys = ("pk", "version", "course", "rows", "events", "at", "kind", "token", "value", "session", "patient", value(chance)[:40])
    return {chance.choice(keys): as_json(chance, depth + 1) for _ in range(chance.randint(0, 4))}


def body(pairs: list[tuple[str, str]], chance: Random) -> tuple[bytes, str]:
    """What is sent and what it says it is: a form, a broken form, a file of nonsense, JSON, or something else altogether."""
    dice = chance.random()
    if dice < 0.7:
        return encoded(pairs, chance), "application/x-www-form-urlencoded"
    if dice < 0.82:
        return multipart(pairs, chance), "multipart/form-data; boundary=X"
    if dice < 0.92:
        return json.dumps(as_json(chance)).encode("utf-8", "surrogatepass"), "application/json"
    kind = chance.choice(
        ("text/xml", "", "multipart/form-data", "multipart/form-data; boundary=", "application/json; charset=utf-99", "a/b; c")
    )
    return chance.choice((b"", b"\x00" * 50, b"{", b"<a>", b"[" * 5000, b"a=b&=&&c")), kind


def multipart(pairs: list[tuple[str, str]], chance: Random) -> bytes:
    """A form with files of nonsense among its fields; now and then it breaks off."""
    parts = []
    for key, word in pairs:
        is_file = chance.random() < 0.3
        name = chance.choice(("a.pdf", "../../a", "", "a" * 400, "\x00.png", "\u202e.jpg")) if is_file else ""
        about = f'; filename="{name}"\r\nContent-Type: {chance.choice(("application/pdf", "x", "image/png"))}' if is_file else ""
        raw = (
            word.encode("utf-8", "surrogatepass") if not is_file else chance.choice((b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"", b"\x00" * 99))
        )
        parts.append(b'--X\r\nContent-Disposition: form-data; name="' + key.encode() + b'"' + about.encode() + b"\r\n\r\n" + raw + b"\r\n")
    whole = b"".join(parts) + b"--X--\r\n"
    return whole if chance.random() < 0.8 else whole[: chance.randrange(len(whole))]
