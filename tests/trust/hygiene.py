"""What every answer of the project must look like, whatever the page: headers, and no code inside the markup."""

import functools
import re
from html import unescape
from html.parser import HTMLParser

from django.http import HttpResponseBase

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
# A download that a browser is to run in no way: stricter than a page.
INERT = {"default-src 'none'", "sandbox"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# A form's token is new in every answer, and nothing else is in the same page that somebody gets again.
TOKENS = (re.compile(r'name="csrfmiddlewaretoken" value="\w{64}(?=">)'), re.compile(r"""hx-headers='{"X-CSRFToken":"\w{64}(?="}')"""))
TOKEN = 'name="csrfmiddlewaretoken"'
SENT = re.compile(r"<form\b[^>]*\bmethod=\"post\"", re.IGNORECASE)
# Whatever ``Markup`` could find has one of these in it, or a handler. Each begins with its letters, which are found at once in a page.
SUSPICIOUS = tuple(
    re.compile(words)
    for words in (
        "<style",
        r"style\s*=",
        "javascript:",
        r"src\s*=\s*[\"']?\s*(?:https?:|//)",
        r"action\s*=\s*[\"']?\s*(?:https?:|//)",
        r"<script(?![^>]*?\ssrc=\"[^\"])",
    )
)
HANDLER = re.compile(r"on[^\s\"'<>/=]*\s*=")


def is_suspicious(html: str) -> bool:
    """Whether a page could hold a fault, as it is written or behind character references. Where this says no, nobody needs to read it."""
    texts = {html.lower(), unescape(html).lower()}
    return any(words.search(text) for text in texts for words in SUSPICIOUS) or any(
        text[found.start() - 1] in " \t\n\r\f\"'/-" for text in texts for found in HANDLER.finditer(text)
    )


class Markup(HTMLParser):
    """Finds what a strict content policy would block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_code = tag == "script" and given.get("type") != "application/json"  # data for a script is run by no browser
        if tag == "style" or (is_code and not given.get("src")):
            self.faults.append(f"inline <{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"{name}={value!r} on <{tag}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.faults.append(f"javascript: in {name} of <{tag}>")
            if name in {"src", "action"} and (value or "").startswith(("http:", "https:", "//")):
                self.faults.append(f"{name} of <{tag}> leaves the site: {value}")


def markup_faults(html: str) -> list[str]:
    """Inline scripts, styles, handlers and foreign addresses in a page, and forms that nobody could send."""
    lacking = len(SENT.findall(html)) - html.count(TOKEN)
    for token in TOKENS:
        html = token.sub("", html)
    return [*_markup_faults(html), *([f"{lacking} form without its token"] if lacking > 0 else [])]


@functools.lru_cache(maxsize=512)
def _markup_faults(html: str) -> tuple[str, ...]:
    """One reading for all answers that are the same page, as refusals of one person are; none where nothing could be found."""
    if not is_suspicious(html):
        return ()
    markup = Markup()
    markup.feed(html)
    return tuple(markup.faults)


def faults_of(response: HttpResponseBase, *, signed_in: bool) -> list[str]:
    """Everything that is wrong with an answer whatever it says."""
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    needed = INERT if "sandbox" in policy else CSP
    found = [f"the content policy lacks {part}" for part in sorted(needed - policy)]
    found += [f"the content policy allows {word}" for word in ("unsafe-inline", "unsafe-eval") if any(word in part for part in policy)]
    found += [f"{name} is {response.headers.get(name)!r}" for name, wanted in HEADERS.items() if response.headers.get(name) != wanted]
    if "Permissions-Policy" not in response.headers:
        found.append("Permissions-Policy is missing")
    if signed_in and "no-store" not in response.headers.get("Cache-Control", ""):
        found.append("a browser may store this page")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        found += markup_faults(getattr(response, "content", b"").decode())
    return found
