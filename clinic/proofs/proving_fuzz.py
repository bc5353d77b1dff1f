"""``manage.py verify fuzz``: whatever is sent to whichever address, there is no failure, no markup that comes back, and no long wait.

It works in a database of its own, filled like the demo, made for the proof and dropped after it. What an answer changed is taken back.
First it follows links, and asks what they lead to. Addresses to which no link of the demo leads it asks with the records that the access
matrix makes for them, where the tests lie beside the source.
"""

import json
import logging
import re
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from random import Random
from time import process_time
from traceback import format_exception
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import reverse

from clinic.courses import demo
from clinic.courses.demo_patients import PATIENTS
from clinic.proofs import fuzz_words
from clinic.proofs.fuzz_pages import Known, Scene, patterns, read_names
from clinic.schedule.proving_race import own_database
from clinic.staff.models import User
from protocols.method.answers import Faults
from protocols.method.case import parse_case
from protocols.method.planning import plan_session
from protocols.method.strict_json import read_json
from protocols.shelf import shipped_library

HELP = "hostile values in every address, parameter, field and file: no failure, no markup that comes back, no answer that takes long"
REDUCED: Final[Mapping[str, Any]] = {"requests": 120, "patients": 1, "followed": 30, "records": 2}
SLOW: Final = 2.0  # seconds of this processor for one answer
SHOWN: Final = 12
PAGES: Final = "text/html"
TOLD_EACH: Final = 2000  # requests
SCENES: Final = "tests.trust.fuzz_scenes"
METHODS: Final = ("GET",) * 9 + ("POST",) * 9 + ("HEAD", "PUT", "DELETE")
WORDS_OF_ADDRESS: Final = ("neck-collar", "calming", "1", "2", "scoliosis", "0", "9" * 30, "a", "../", "%00", "\u202e", "x" * 300)

Write = Callable[[str], object]
Answer = Callable[[Any], Any]


@dataclass(frozen=True)
class Askers:
    """Who asks what: the project, everybody's cookies by their name, what is known of the addresses, and chance."""

    answer: Answer
    people: Mapping[str, str]
    known: Known
    chance: Random


@dataclass
class Found:
    """What came of the requests: wrong ones by what is wrong with them, and the longest answers."""

    asked: int = 0
    names: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    failures: list[BaseException] = field(default_factory=list)
    write: Write = len

    def tell(self, kind: str, what: str) -> None:
        """Keeps the first of each kind of failure, and says at once that there is one: a long run may be broken off."""
        if kind not in self.wrong:
            self.wrong[kind] = what
            self.write(f"! {kind}")

    slow: list[tuple[float, str]] = field(default_factory=list)


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify fuzz``."""
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patients", type=int, default=len(PATIENTS), help="of the demo, in the database that is asked")
    parser.add_argument("--followed", type=int, default=1500, help="links that are followed to learn addresses and forms")
    parser.add_argument("--records", type=int, default=10_000, help="kinds of records made for addresses to which no link leads")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    if settings.IN_PRODUCTION:
        write("This proof fills a database of its own and keeps a processor busy. Run it where nobody works.")
        return False
    logging.disable(logging.CRITICAL)
    try:
        with own_database(), tempfile.TemporaryDirectory(prefix="tactus-fuzz-") as folder:
            own = {"MODE": "demo", "SIGNING_KEYS": Path(folder), "SIGNING_HEADS": Path(folder) / "heads", "MEDIA_ROOT": f"{folder}/media"}
            with override_settings(ALLOWED_HOSTS=["testserver"], IDLE_LOCK_MINUTES=0, **own):
                return proved(options, write)
    finally:
        logging.disable(logging.NOTSET)


def proved(options: Mapping[str, Any], write: Write) -> bool:
    """All parts, in the database that is there."""
    demo.seed_if_empty(PATIENTS[: options["patients"]])
    chance, answer = Random(options["seed"]), the_project()  # noqa: S311  # a fuzz that can be repeated, no secret
    people = the_people()
    known = explored(answer, people, most=options["followed"])
    write(f"{len(known.addresses)} addresses, {len(known.followed)} of them found by links, {sum(map(len, known.forms.values()))} forms.")
    write(f"{len(known.parameters)} names of parameters and fields; {len(people)} people.")
    found = Found(write=write)
    with failures_noted(found):
        fuzzed_all(Askers(answer, people, known, chance), options, found)
    cases = fuzzed_cases(chance, options["requests"] // 25)
    report(found, cases, write)
    return controls_hold(people, known, write) and not found.wrong and not cases


def fuzzed_all(askers: Askers, options: Mapping[str, Any], found: Found) -> None:
    """Every address as often as every other: with the records that links lead to, or with those that a scene makes for it."""
    known, in_scenes = askers.known, set[str]()
    each = max(1, options["requests"] // len(known.addresses))
    for scene in scenes(known.followed, options["records"]):
        names = sorted(scene.known.addresses)
        starts = [(min(scene.known.seen_by[name]), scene.known.addresses[name][0]) for name in names]
        scene.known.parameters |= known.parameters
        followed(scene.known, askers.answer, scene.people, starts, most=len(starts))
        fuzzed(replace(askers, people=scene.people, known=scene.known), names, each * len(names), found)
        in_scenes |= set(names)
    rest = sorted(known.addresses.keys() - in_scenes)
    fuzzed(askers, rest, max(len(rest), options["requests"] - found.asked), found)


def scenes(followed: set[str], most: int) -> Iterator[Scene]:
    """Records for the addresses to which no link led; none where the product is installed without its tests."""
    if (Path(settings.BASE_DIR) / SCENES.replace(".", "/")).with_suffix(".py").is_file():
        yield from import_module(SCENES).scenes(skipped=frozenset(followed), most=most)


def report(found: Found, cases: list[str], write: Write) -> None:
    """The figures, and everything that is wrong."""
    told = ", ".join(f"{number} x {status}" for status, number in sorted(found.statuses.items()))
    write(f"{found.asked} requests to {len(found.names)} addresses: {told}.")
    unreached = sorted(found.names - found.reached)
    write(f"{len(found.reached)} addresses did their work at least once; never: {', '.join(unreached[:SHOWN]) or 'none'}"
          f"{f' and {len(unreached) - SHOWN} more' if len(unreached) > SHOWN else ''}.")  # fmt: skip
    write(f"{len(found.wrong)} kinds of failures or reflected markup, {len(cases)} cases of the command plan that failed.")
    for place, what in [*found.wrong.items(), *(("plan", case) for case in cases)][:SHOWN]:
        write(f"\n{place}\n{what}")
    longest = sorted(found.slow, reverse=True)[:SHOWN]
    write(f"{len(found.slow)} answers took more than {SLOW:g} s" + (":" if longest else "."))
    for seconds, what in longest:
        write(f"{seconds:6.1f} s {what}")


def the_project() -> Answer:
    """All middleware and views, without a server in front."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler.get_response


def the_people() -> dict[str, str]:
    """The cookie of everybody of the demo, who proved a moment ago who they are; and nobody's."""
    found = {"nobody": ""}
    for user in User.objects.filter(is_active=True).order_by("pk"):
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": session.get("signed_in_at", 0), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        found[user.email.partition("@")[0]] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return found


def explored(answer: Answer, people: Mapping[str, str], *, most: int) -> Known:
    """Follows links from the first page as everybody, until ``most`` pages were read."""
    known = Known()
    known.parameters |= read_names()
    followed(known, answer, people, [(who, "/") for who in people], most=most)
    known.followed |= {name for name, found in known.addresses.items() if found}
    for name, route in patterns():
        known.addresses[name] = known.addresses.get(name) or [re.sub(r"<int:\w+>", "1", f"/{route}")]
    return known


def followed(known: Known, answer: Answer, people: Mapping[str, str], waiting: list[tuple[str, str]], *, most: int) -> None:
    """Reads these pages as these people, and what they lead to, until ``most`` were read."""
    while waiting and most:
        who, path = waiting.pop(0)
        most -= 1
        with taken_back():
            response = answer(RequestFactory().get(path, HTTP_COOKIE=people[who]))
            if response.status_code in (301, 302, 303):
                waiting += [(who, new) for new in known.learn(f'<a href="{response["Location"]}">', at=path, who=who)]
            elif response.get("Content-Type", "").startswith(PAGES):
                waiting += [(who, new) for new in known.learn(response.content.decode(), at=path, who=who)]


@contextmanager
def failures_noted(found: Found) -> Iterator[None]:
    """Every exception of a view in between is among the failures of what was found."""

    def note(sender: Any, **_more: Any) -> None:
        found.failures.append(_now())

    got_request_exception.connect(note, weak=False, dispatch_uid="fuzz")
    try:
        yield
    finally:
        got_request_exception.disconnect(dispatch_uid="fuzz")


def fuzzed(askers: Askers, names: list[str], requests: int, found: Found) -> None:
    """Sends hostile requests to these addresses in turn, mostly as somebody who may see them."""
    people, known, chance = askers.people, askers.known, askers.chance
    words = sorted(known.parameters)
    for number in range(requests):
        name = names[number % len(names)]
        who = chance.choice(sorted(known.seen_by.get(name, ())) if known.seen_by.get(name) and chance.random() < 0.8 else list(people))
        ask(askers.answer, a_request(name, people[who], known, words, chance), found, f"{name} as {who}")
        if found.asked % TOLD_EACH == 0:
            found.write(f"… {found.asked} requests, {len(found.reached)} addresses, {len(found.wrong)} kinds of failures")


def _now() -> BaseException:
    return sys.exc_info()[1] or RuntimeError("an answer of 500 without an exception")


def a_request(name: str, cookie: str, known: Known, words: list[str], chance: Random) -> Any:
    """One hostile request to an address of this name."""
    forms = known.forms.get(name, [])
    method = "POST" if any(form.method == "POST" for form in forms) and chance.random() < 0.6 else chance.choice(METHODS)
    path = chance.choice(known.addresses[name])
    if chance.random() < 0.05:
        path = re.sub(r"\d+", lambda _found: chance.choice(("0", "9" * 18, "9" * 19, "9" * 40, "2")), path)
    path = re.sub(r"<[^>]+>", lambda _found: chance.choice(WORDS_OF_ADDRESS), path)
    asked = [(chance.choice(words), fuzz_words.value(chance)) for _ in range(chance.randint(0, 4))]
    sent, kind = b"", ""
    if method not in ("GET", "HEAD"):
        form = chance.choice(forms) if forms else None
        path = form.address if form else path
        sent, kind = fuzz_words.body(fuzz_words.twisted(list(form.fields) if form else asked, words, chance), chance)
    elif forms and chance.random() < 0.5:
        asked = fuzz_words.twisted(list(chance.choice(forms).fields), words, chance)
    query = fuzz_words.encoded(asked, chance).decode() if method in ("GET", "HEAD") or chance.random() < 0.3 else ""
    more: dict[str, Any] = {"HTTP_HX_REQUEST": "true"} if chance.random() < 0.2 else {}
    request: Any = RequestFactory().generic(method, path, sent, kind, QUERY_STRING=query, HTTP_COOKIE=cookie, **more)
    request._dont_enforce_csrf_checks = True  # noqa: SLF001  # as Django's own test client does: the token is not what is tried here
    return request


def ask(answer: Answer, request: Any, found: Found, place: str) -> None:
    """Sends one request and judges what comes back."""
    failures = found.failures
    failures.clear()
    said = f"{request.method} {request.get_full_path()[:300]} ({place})"
    began = process_time()
    with taken_back():
        try:
            response = answer(request)
            page = b"".join(response.streaming_content) if response.streaming else response.content
        except Exception as failure:  # whatever it was, it is told
            failures.append(failure)
            response, page = HttpResponse(status=500), b""
        for close in response._resource_closers:  # noqa: SLF001  # files; its signal would close the connection
            close()
    found.asked, seconds = found.asked + 1, process_time() - began
    found.names.add(place.partition(" ")[0])
    found.statuses[response.status_code] += 1
    found.reached |= {place.partition(" ")[0]} if did_its_work(response) else set()
    if seconds > SLOW:
        found.slow.append((seconds, said))
    if response.status_code >= 500 or failures:
        told = "".join(format_exception(failures[0])[-7:]) if failures else f"answered {response.status_code}"
        found.tell(f"{place.partition(' ')[0]}: {_last_line(told)}", f"{said}\n{told}")
    elif fuzz_words.PROBE.encode() in page and response.get("Content-Type", "").startswith(PAGES):
        found.tell(f"{place.partition(' ')[0]}: markup comes back", said)


def did_its_work(response: HttpResponse) -> bool:
    """Whether the view itself answered, with what the address names: not one of the walls before it, nor that there is no such thing."""
    if response.status_code in (301, 302):
        return not response["Location"].startswith(reverse("account_login"))
    return response.status_code not in (400, 403, 404, 405, 413)


def _last_line(told: str) -> str:
    return re.sub(r"\d+", "N", told.strip().splitlines()[-1])[:120]


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is changed in between is as it was afterwards."""
    cache.clear()
    with transaction.atomic():
        yield
        connection.needs_rollback = False
        transaction.set_rollback(True)


def fuzzed_cases(chance: Random, number: int) -> list[str]:
    """Hostile JSON for the command ``plan``: each is refused by faults that name a field, or planned. What else happened."""
    library, wrong = shipped_library(), []
    good = {"patient": {"age": 40, "sex": "female"}, "condition": "neck-collar", "stage": "calming", "inputs": {}, "facts": {}}
    good |= {"unknown": [], "clearances": [], "session": {"number": 1, "of": 10}}
    for _ in range(number):
        case = {key: fuzz_words.as_json(chance) if chance.random() < 0.25 else said for key, said in good.items()}
        raw = json.dumps(case).encode("utf-8", "surrogatepass")
        try:
            plan_session(parse_case(read_json(raw[: chance.choice((len(raw), len(raw), len(raw) // 2))]), library), library)
        except Faults:
            continue
        except Exception as failure:  # whatever it was, it is told
            wrong.append(f"{raw[:300]!r}\n{''.join(format_exception(failure)[-3:])}")
    return wrong


def controls_hold(people: Mapping[str, str], known: Known, write: Write) -> bool:
    """Whether a view that fails on purpose is found, and a page that says again what it was told."""

    def fails(request: Any) -> Any:
        raise ZeroDivisionError(request.path)

    def reflects(request: Any) -> Any:
        return HttpResponse(f"<p>{''.join(request.GET.values())}</p>")

    caught = {}
    for says, answer in {"ZeroDivisionError": fails, "markup comes back": reflects}.items():
        found = Found()
        fuzzed(Askers(answer, people, known, Random(1)), sorted(known.addresses), 150, found)  # noqa: S311
        caught[says] = any(says in place for place in found.wrong)
    write(f"Controls: a view that fails is {'' if caught['ZeroDivisionError'] else 'NOT '}found, a page that reflects is "
          f"{'' if caught['markup comes back'] else 'NOT '}found.")  # fmt: skip
    return all(caught.values())
