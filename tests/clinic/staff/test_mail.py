"""A forgotten password: the page tells nobody whether an account exists, whatever becomes of the message."""

import logging
import re
import socketserver
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from clinic import environment, start
from clinic.environment import BadSetting
from clinic.staff.permissions import Actor

RESET = "/accounts/password/reset/"
BACKGROUND = "clinic.staff.mail.BackgroundBackend"


class Silent(socketserver.BaseRequestHandler):
    """A mail server that takes the call and never says a word."""

    def handle(self) -> None:
        self.request.recv(1)


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def mail_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "mail"]


@pytest.fixture
def _mail_server_is_down(settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = BACKGROUND, "127.0.0.1", 1


@pytest.mark.usefixtures("_mail_server_is_down")
def test_a_mail_server_that_is_down_does_not_tell_who_has_an_account(therapist: Actor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    answers = [Client().post(RESET, {"email": email}) for email in (therapist.user.email, "nobody@clinic.test")]
    for thread in mail_threads():
        thread.join()
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, f"{RESET}done/")] * 2
    assert "could not be sent" in caplog.text
    assert therapist.user.email not in caplog.text
    assert "reset" not in caplog.text


def test_nobody_waits_for_a_mail_server(therapist: Actor, settings: Any, silent_port: int) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = BACKGROUND, "127.0.0.1", silent_port, 1
    assert Client().post(RESET, {"email": therapist.user.email}).status_code == 302
    waiting = mail_threads()
    assert waiting
    for thread in waiting:
        thread.join()


def test_the_link_leads_to_this_clinic_s_own_host(therapist: Actor) -> None:
    assert Client().post(RESET, {"email": therapist.user.email}, headers={"X-Forwarded-Host": "evil.example"}).status_code == 302
    assert re.findall(r"https?://[^/\s]+", str(mail.outbox[0].body)) == ["http://testserver"]
    assert Client().post(RESET, {"email": therapist.user.email}, headers={"host": "evil.example"}).status_code == 400
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://us%40er:p%2Fw@mail.example:2525", ("mail.example", 2525, "us@er", "p/w", True, False)),
        ("smtp://mail.example", ("mail.example", 587, "", "", True, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
        ("smtp://127.0.0.1:25", ("127.0.0.1", 25, "", "", False, False)),
        ("", ("localhost", 25, "", "", False, False)),
    ],
)
def test_messages_travel_encrypted_but_to_this_machine_itself(url: str, expected: tuple[Any, ...]) -> None:
    found = environment.mail({"EMAIL_URL": url}, sends=True)
    assert (found.host, found.port, found.user, found.password, found.starttls, found.tls) == expected
    assert found.backend == BACKGROUND


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:many"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="EMAIL_URL"):
        environment.mail({"EMAIL_URL": url}, sends=True)


def test_without_a_mail_server_the_demo_keeps_messages_as_files() -> None:
    assert environment.mail({}, sends=False).backend.endswith("filebased.EmailBackend")


def test_what_is_kept_of_patients_is_closed_to_other_people_of_the_machine(tmp_path: Path) -> None:
    start.private_folder(tmp_path / "a" / "data")
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
    file = tmp_path / "tactus.sqlite3"
    start.close_to_others(file)
    assert not file.exists()
    file.write_bytes(b"")
    file.chmod(0o664)
    start.close_to_others(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o660
