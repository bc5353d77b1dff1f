"""The ways of sending: what a mail server and a gateway are given, and what becomes of everything that they may answer."""

import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.core.mail.backends.smtp import EmailBackend

from clinic.environment import Sms
from clinic.reminders.channels import sms_http
from clinic.reminders.channels.backend import Letter, PermanentTrouble, TemporaryTrouble, TroubleCode
from clinic.reminders.channels.mail import MailBackend, as_mail, message_id
from clinic.reminders.channels.sms_console import ConsoleBackend
from clinic.reminders.channels.sms_file import FileBackend
from clinic.reminders.channels.sms_http import GatewayBackend, dialled, trouble_of, wait_asked
from clinic.reminders.fields import Attachment
from clinic.reminders.queries.recipients import recognisable

NOW = datetime(2027, 3, 10, 11, tzinfo=UTC)
LETTER = Letter("booking:1:dates:sms:0", 1, "sms", "+49 (170) 123-45", "Subject", "Body", "ru", "https://x.test/r/t/")


def test_a_mail_says_who_it_is_the_same_way_at_every_try() -> None:
    calendar = Attachment("dates.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    letter = Letter("k", 1, "email", "a@mail.test", "Subject", "Body", "ru", "https://x.test/r/t/", calendar)
    first, second = (as_mail(letter).message() for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == message_id("k") != message_id("l")
    assert (first["List-Unsubscribe"], first["Content-Language"], first["Auto-Submitted"]) == (
        "<https://x.test/r/t/>",
        "ru",
        "auto-generated",
    )
    assert [part.get_content_type() for part in first.walk()][1:] == ["text/plain", "text/calendar"]
    assert "List-Unsubscribe" not in as_mail(Letter("k", 1, "email", "a@mail.test", "S", "B")).message()


SMTP_SAYS: dict[str, tuple[Exception, type[Exception], str, bool]] = {
    "no such box": (smtplib.SMTPRecipientsRefused({"a": (550, b"anna")}), PermanentTrouble, "refused 550", False),
    "come again": (smtplib.SMTPRecipientsRefused({"a": (451, b"anna")}), TemporaryTrouble, "busy 451", False),
    "a text it does not take": (smtplib.SMTPDataError(554, b"spam"), PermanentTrouble, "refused 554", False),
    "a sender it does not know": (smtplib.SMTPSenderRefused(553, b"no", "us"), TemporaryTrouble, "not-allowed 553", True),
    "it is gone": (smtplib.SMTPServerDisconnected("anna"), TemporaryTrouble, "away", False),
    "it is silent": (TimeoutError("anna"), TemporaryTrouble, "slow", False),
    "no address at all": (ValueError("anna@"), PermanentTrouble, "refused address", False),
}


@pytest.mark.parametrize("says", SMTP_SAYS)
def test_every_answer_of_a_mail_server_has_its_consequence_and_its_words_are_not_kept(says: str, monkeypatch: Any) -> None:
    wrong, kind, code, is_general = SMTP_SAYS[says]
    way = MailBackend()
    way.server.connection = object()
    monkeypatch.setattr(EmailBackend, "send_messages", _raising(wrong))
    monkeypatch.setattr(EmailBackend, "close", lambda _self: None)
    with pytest.raises(kind) as met:
        way.send(LETTER)
    assert (str(met.value), getattr(met.value, "is_general", False)) == (code, is_general)
    assert (way.server.connection is None) == (says in {"it is gone", "it is silent"})


OPENING: dict[str, tuple[Exception, str]] = {
    "a wrong password": (smtplib.SMTPAuthenticationError(535, b"no"), "not-allowed 535"),
    "nobody there": (ConnectionRefusedError(), "away"),
    "a name that nobody has": (OSError("mail.test"), "away"),
    "too busy to begin": (smtplib.SMTPConnectError(421, b"later"), "away 421"),
    "silence": (TimeoutError(), "slow"),
}


@pytest.mark.parametrize("opening", OPENING)
def test_a_mail_server_that_does_not_open_is_no_message_s_fault(opening: str, monkeypatch: Any) -> None:
    wrong, code = OPENING[opening]
    monkeypatch.setattr(EmailBackend, "open", _raising(wrong))
    with pytest.raises(TemporaryTrouble, match=code) as met, MailBackend().opened():
        pass
    assert met.value.is_general


def _raising(wrong: Exception) -> Any:
    def act(*_args: Any) -> None:
        raise wrong

    return act


@pytest.mark.parametrize(
    ("status", "said", "is_general"),
    [
        (200, "", False), (202, "", False), (400, "refused 400", False), (422, "refused 422", False), (409, "busy 409", False),
        (429, "busy 429", True), (500, "broken 500", False), (503, "broken 503", False), (401, "not-allowed 401", True),
        (404, "not-allowed 404", True), (302, "not-allowed 302", True),
    ],
)  # fmt: skip
def test_every_answer_of_a_gateway_has_its_consequence(status: int, said: str, is_general: bool) -> None:
    trouble = trouble_of(status, "30", now=NOW)
    assert (str(trouble or ""), getattr(trouble, "is_general", False)) == (said, is_general)
    if status in {409, 429, 500, 503}:
        assert isinstance(trouble, TemporaryTrouble)
        assert trouble.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("Wed, 10 Mar 2027 11:00:40 GMT", 40),
        ("Wed, 10 Mar 2027 10:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-3", None),
    ],
)
def test_when_to_come_again_is_a_number_of_seconds_or_a_moment(said: str, seconds: int | None) -> None:
    assert wait_asked(said, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+49 (170) 123-45", "+4917012345"),
        ("0049 170 12345", "+4917012345"),
        ("8 (915) 123-45-67", "89151234567"),
        ("none", ""),
        ("12", ""),
    ],
)
def test_a_number_is_dialled_as_it_was_meant(written: str, number: str) -> None:
    assert dialled(written) == number


def test_an_address_that_is_kept_cannot_be_written_to() -> None:
    assert (recognisable("anna@mail.test", "email"), recognisable("+49 170 12345", "sms")) == ("a…@mail.test", "…45")


class _Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[dict[str, str], dict[str, str]]]] = []
    answers: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((said, dict(self.headers)))
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:  # takes the message and hangs up
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_said: Any) -> None:
        pass


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[_Gateway]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    settings.SMS = Sms("", f"http://127.0.0.1:{server.server_address[1]}/v1?a=b", "token", "Clinic", 30)
    yield _Gateway
    server.shutdown()
    thread.join()
    server.server_close()
    _Gateway.asked.clear()
    _Gateway.answers.clear()


def test_a_gateway_gets_one_key_at_every_try_and_one_connection_serves_a_batch(gateway: type[_Gateway]) -> None:
    with GatewayBackend().opened() as way:
        way.send(LETTER)
        gateway.answers[:] = [0]
        way.send(LETTER)  # hung up: the same again on a new connection
        assert way.per_minute == 30
    assert len(gateway.asked) == 3
    for said, headers in gateway.asked:
        assert said == {"to": "+4917012345", "from": "Clinic", "text": "Body", "key": LETTER.key}
        assert (headers["Idempotency-Key"], headers["Authorization"]) == (LETTER.key, "Bearer token")


def test_a_gateway_that_is_silent_or_not_there_is_told_apart(gateway: type[_Gateway], settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(sms_http, "SECONDS", 0.2)
    gateway.answers[:] = [0]
    with pytest.raises(TemporaryTrouble, match=TroubleCode.AWAY) as met:
        GatewayBackend().send(LETTER)
    assert not met.value.is_general
    settings.SMS = Sms("", "http://127.0.0.1:9/", "", "", 0)
    with pytest.raises(TemporaryTrouble, match=TroubleCode.AWAY) as met:
        GatewayBackend().send(LETTER)
    assert met.value.is_general


def test_trying_out_reaches_nobody(settings: Any, tmp_path: Any, capsys: Any) -> None:
    settings.DATA_DIR = tmp_path
    for _again in range(2):
        FileBackend().send(LETTER)
    (file,) = (tmp_path / "sms").iterdir()
    assert json.loads(file.read_text())["text"] == "Body"
    ConsoleBackend().send(LETTER)
    assert "Body" in (said := capsys.readouterr().out)
    assert "170" not in said
