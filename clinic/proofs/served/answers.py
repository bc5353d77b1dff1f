"""What every answer carries: headers, cookies, and refusals of forms that no page of ours made."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final
from unittest.mock import patch

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from clinic.proofs.served.scene import Scene, browser, sign_in

Write = Callable[[str], object]
Answers = dict[str, HttpResponseBase]

POLICY: Final = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'"}
POLICY_OF_PAGES: Final = POLICY | {"frame-ancestors 'none'", "form-action 'self'"}
INERT: Final = {"default-src 'none'", "sandbox"}
EXACT: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR: Final = 31_536_000
UNSAFE: Final = ("POST", "PUT", "PATCH", "DELETE")
FILE: Final = "/static/css/app.css"
COUNTERS: Final = ("clinic.web.strict_headers.StrictHeaders", "csp.middleware.CSPMiddleware")


def addresses() -> Iterator[tuple[str, str]]:
    """Every name of the URLconf with an address of that form, whether or not there is anything behind it."""
    yield from _addresses(get_resolver().url_patterns, "/", "")


def _addresses(patterns: list[Any], before: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in patterns:
        path = before + _filled(entry)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry.url_patterns, path, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", path


def _filled(entry: Any) -> str:
    """The part of an address that this pattern takes, with 1 for a number and a word for a word."""
    pattern = entry.pattern
    if not hasattr(pattern, "_route"):  # allauth's, by regular expressions: the two that have a key
        return str({"account_confirm_email": "confirm-email/key/"}.get(entry.name, "password/reset/key/1-key/"))
    words = {name: "1" if type(kind).__name__ == "IntConverter" else "word" for name, kind in pattern.converters.items()}
    found = str(pattern._route)  # noqa: SLF001  # Django tells it nowhere else
    for name, kind in pattern.converters.items():
        for written in (f"<{name}>", f"<{_kind(kind)}:{name}>"):
            found = found.replace(written, words[name])
    return found


def _kind(converter: Any) -> str:
    name: str = type(converter).__name__.removesuffix("Converter").lower()
    return {"string": "str", "integer": "int"}.get(name, name)


def faults_of(response: HttpResponseBase, *, is_encrypted: bool = True, is_file: bool = False) -> list[str]:
    """Everything that is wrong with the headers and cookies of one answer."""
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    needed = INERT if "sandbox" in policy else POLICY_OF_PAGES
    found = [f"the content policy lacks {part}" for part in sorted(needed - policy)]
    found += [f"the content policy says {word}" for word in ("unsafe-inline", "unsafe-eval", "http:", "*") if word in " ".join(policy)]
    found += [f"{name} is {response.headers.get(name)!r}" for name, wanted in EXACT.items() if response.headers.get(name) != wanted]
    if response.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append("tells other sites where it was")
    if "Permissions-Policy" not in response.headers:
        found.append("Permissions-Policy is missing")
    kept_by = "no-cache" if response.headers.get("Content-Type", "").startswith("text/calendar") else "no-store"
    if not is_file and kept_by not in response.headers.get("Cache-Control", ""):
        found.append("may be stored")
    age = response.headers.get("Strict-Transport-Security", "").partition("max-age=")[2].partition(";")[0]
    if is_encrypted and int(age or 0) < A_YEAR:
        found.append("may be asked for unencrypted")
    return found + [fault for name, cookie in response.cookies.items() for fault in _faults_of_cookie(name, cookie)]


def _faults_of_cookie(name: str, cookie: Any) -> Iterator[str]:
    if not name.startswith("__Host-") or cookie["domain"] or cookie["path"] != "/":
        yield f"the cookie {name} is not bound to this host"
    for part in ("secure", "httponly", "samesite"):
        if not cookie[part]:
            yield f"the cookie {name} is not {part}"


def of_all_addresses() -> Answers:
    """What somebody who is not signed in gets, asked for a page and with a form, at every address."""
    client = browser(raise_request_exception=False)
    return {f"{method} {name}": client.generic(method, path) for name, path in addresses() for method in ("GET", "POST")}


def of_every_kind(scene: Scene) -> Answers:
    """At least one answer of each status that somebody can get, and a file."""
    client, stranger = browser(), browser(raise_request_exception=False)
    found: Answers = {
        "signing in": sign_in(client, scene.therapist.user),
        "file": stranger.get(FILE),
        "unencrypted": Client(HTTP_HOST=settings.ALLOWED_HOSTS[0]).get("/"),
        "page": client.get("/patients/"),
        "another role's": client.get("/staff/"),
        "nothing there": client.get("/no-such-page/"),
        "form to mend": client.post("/account/pin/", {}),
        "unknown method": client.put("/patients/"),
        "other host": stranger.get("/accounts/login/", HTTP_HOST="elsewhere.example"),
        "forged form": Client(enforce_csrf_checks=True, HTTP_HOST=settings.ALLOWED_HOSTS[0], HTTP_X_FORWARDED_PROTO="https").post("/lock/"),
        "colours": client.post("/appearance/", {"theme": "dark", "language": "en"}),
        **{f"link: {name}": stranger.get(path) for name, path in scene.links.items()},
    }
    with patch("allauth.account.views.LoginView.get_context_data", side_effect=RuntimeError("broken for the proof")):
        found["broken"] = stranger.get("/accounts/login/")
    found["too many"] = [stranger.post("/accounts/password/reset/", {"email": "nobody@proof.example"}) for _time in range(6)][-1]
    client.post("/lock/", {"now": "1"})
    return found | {"locked": client.get("/patients/"), "sign-in": stranger.get("/accounts/login/")}


WANTED: Final = {200, 301, 302, 303, 400, 403, 404, 405, 422, 423, 429, 500}


def proved(scene: Scene, every: int, write: Write) -> bool:
    """Headers, cookies and forged forms; and that a header which is taken away is found."""
    logging.disable(logging.CRITICAL)
    everywhere, kinds = of_all_addresses(), of_every_kind(scene)
    faults = {what: found for what, each in everywhere.items() if (found := faults_of(each))}
    faults |= {
        what: found
        for what, each in kinds.items()
        if (found := faults_of(each, is_encrypted=what != "unencrypted", is_file=what == "file"))
    }
    statuses = Counter(each.status_code for each in (*everywhere.values(), *kinds.values()))
    cookies = sorted({name for each in kinds.values() for name in each.cookies})
    write(f"{len(everywhere) // 2} addresses, GET and POST, and {len(kinds)} answers of every kind.")
    write(f"  statuses {dict(sorted(statuses.items()))}")
    write(f"  answers with a wrong header or cookie: {len(faults)}; cookies {', '.join(cookies)}")
    for what, found in list(faults.items())[:20]:
        write(f"  {what}: {'; '.join(found)}")
    missing = WANTED - statuses.keys()
    write(f"  statuses that nobody got: {sorted(missing) or 'none'}")
    return proved_forged(every, write) & proved_control(write) & (not faults and not missing)


def proved_forged(every: int, write: Write) -> bool:
    """Unsafe methods at each so manieth address without the token of a form, as a browser on another page would send them."""
    client, known = browser(enforce_csrf_checks=True, raise_request_exception=False), [path for _name, path in addresses()]
    said = Counter(client.generic(method, path).status_code for path in known[::every] for method in UNSAFE)
    write(f"Forms that no page of ours made: {sum(said.values())} sent, refused {said[403]}.")
    return said.keys() == {403}


def proved_control(write: Write) -> bool:
    """Without the middlewares that set it, the missing policy is found."""
    fewer = [each for each in settings.MIDDLEWARE if each not in COUNTERS]
    with override_settings(MIDDLEWARE=fewer):
        found = faults_of(browser().get("/accounts/login/"))
    write(f"Control, the content policy taken away: {len(found)} faults found on one page.")
    return any("content policy" in fault for fault in found)
