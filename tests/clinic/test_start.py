"""Production refuses to start on anything that would put patients at risk; every refusal is one clear sentence."""

import os
import stat
from pathlib import Path

import pytest

from clinic import environment, start
from clinic.environment import BadSetting
from tests.each import of_each

GOOD = {
    "TACTUS_MODE": "production",
    "SECRET_KEY": "k3Jx-v9QpZ7_wTn4LrB8sYd2FhM6cGa1UeXo5iKtRzWbNqVyPj0H",
    "ALLOWED_HOSTS": "tactus.clinic.example",
    "DATABASE_URL": "postgresql://tactus:secret@db.example:5432/tactus",
}
BAD = {
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
    "a short key": ({"SECRET_KEY": "k3Jx-v9QpZ7_wTn4LrB8"}, "at least 50"),
    "a key that is one letter": ({"SECRET_KEY": "a" * 60}, "only 1 different"),
    "the key of a new Django project": ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "development or tests"),
    "the key of the tests": ({"SECRET_KEY": "only-for-tests-" + GOOD["SECRET_KEY"]}, "development or tests"),
    "debugging": ({"DEBUG": "1"}, "DEBUG is on"),
    "debugging, misspelt": ({"DEBUG": "flase"}, "write 1 or 0"),
    "no host": ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing"),
    "every host": ({"ALLOWED_HOSTS": "*"}, "every host name"),
    "only this machine": ({"ALLOWED_HOSTS": "localhost,127.0.0.1"}, "only this machine"),
    "the demo's file": ({"DATABASE_URL": "", "SQLITE_FILE": "/srv/tactus/demo.sqlite3"}, "the demo's database"),
    "another engine": ({"DATABASE_URL": "mysql://db.example/tactus"}, "postgresql://"),
    "a database without a name": ({"DATABASE_URL": "postgresql://db.example"}, "names no database"),
    "a trusted origin in the clear": ({"CSRF_TRUSTED_ORIGINS": "http://tactus.clinic.example"}, "https://"),
    "passwords alone": ({"SECOND_STEP_REQUIRED": "0"}, "SECOND_STEP_REQUIRED is off"),
    "passwords in the clear": ({"SECURE_SSL_REDIRECT": "0"}, "unencrypted"),
    "another broker": ({"CELERY_BROKER_URL": "amqp://broker.example"}, "redis://"),
    "another cache": ({"CACHE_URL": "memcached://cache.example"}, "CACHE_URL"),
    "no folder of keys": ({"SIGNING_KEYS": ""}, "SIGNING_KEYS is missing"),
    "a folder without a key": ({"SIGNING_KEYS": "/nowhere"}, "without production-signing.key"),
    "an old key that is short": ({"SECRET_KEY_FALLBACKS": "k3Jx-v9QpZ7_wTn4LrB8"}, "SECRET_KEY_FALLBACKS has 20"),
    "links to nobody knows where": ({"ALLOWED_HOSTS": "one.example,two.example"}, "PUBLIC_URL is missing"),
    "links in the clear": ({"PUBLIC_URL": "http://tactus.clinic.example"}, "PUBLIC_URL must be https"),
    "links into a folder": ({"PUBLIC_URL": "https://tactus.clinic.example/app"}, "nothing after it"),
    "links to a stranger": ({"PUBLIC_URL": "https://tactus.elsewhere.example"}, "does not let in"),
    "text messages in the clear": ({"SMS_URL": "http://sms.example/v1", "SMS_TOKEN": "t"}, "SMS_URL must begin with https"),
    "a gateway that is none": ({"SMS_URL": "sms.example"}, "SMS_URL must look like"),
    "a gateway without a token": ({"SMS_URL": "https://sms.example/v1"}, "SMS_TOKEN is missing"),
    "a secret in an address": ({"SMS_URL": "https://me:word@sms.example/v1"}, "put the secret into SMS_TOKEN"),
    "a token of two words": ({"SMS_URL": "https://sms.example/v1", "SMS_TOKEN": "two words"}, "SMS_TOKEN holds a blank"),
    "a sender that nobody can send": ({"SMS_URL": "https://s.example", "SMS_TOKEN": "t", "SMS_FROM": "Поликлиника"}, "SMS_FROM may"),
    "a pace in words": ({"SMS_URL": "https://s.example", "SMS_TOKEN": "t", "SMS_PER_MINUTE": "ten"}, "SMS_PER_MINUTE is 'ten'"),
    "messages that nobody gets": ({"SMS_URL": "console:"}, "nobody would get"),
    "a lock that never closes": ({"IDLE_LOCK_MINUTES": "0"}, "from 1 to 120"),
    "a log that tells names": ({"LOG_LEVEL": "debug"}, "LOG_LEVEL is DEBUG"),
    "a level that there is not": ({"LOG_LEVEL": "LOUD"}, "write one of INFO"),
    "a log in a strange format": ({"LOG_FORMAT": "xml"}, "write one of json, plain"),
    "data in a folder that is served": ({"TACTUS_DATA": str(start.SERVED[0] / "data")}, "TACTUS_DATA lies in"),
    "a database in a folder that is served": (
        {"DATABASE_URL": "", "SQLITE_FILE": str(start.SERVED[1] / "t.sqlite3")},
        "SQLITE_FILE lies in",
    ),
    "a mail server that is none": ({"EMAIL_URL": "http://mail.example"}, "EMAIL_URL must look like"),
    "a redirect in words": ({"SECURE_SSL_REDIRECT": "maybe"}, "SECURE_SSL_REDIRECT is 'maybe'; write 1 or 0"),
    "a proxy in words": ({"BEHIND_PROXY": "nginx"}, "BEHIND_PROXY is 'nginx'; write 1 or 0"),
    "an unknown mode": ({"TACTUS_MODE": "prod"}, "must be one of"),
}


@pytest.fixture(autouse=True)
def _keys_of_the_clinic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("keys")
    start.signing_key_file(folder, "production").write_text("a key")
    start.signing_key_file(folder, "production").chmod(0o600)
    monkeypatch.setitem(GOOD, "SIGNING_KEYS", str(folder))


def test_production_starts_with_good_settings() -> None:
    start.refuse_bad_settings(GOOD)


@of_each("case", BAD, ids=str)
def test_production_refuses_a_bad_setting_and_says_which(case: str) -> None:
    change, sentence = BAD[case]
    with pytest.raises(BadSetting, match=sentence):
        start.refuse_bad_settings(GOOD | change)


def test_a_key_that_everybody_can_read_signs_nothing(tmp_path: Path) -> None:
    key = start.signing_key_file(tmp_path, "production")
    key.write_text("a key")
    key.chmod(0o604)
    with pytest.raises(BadSetting, match="chmod o-rwx"):
        start.refuse_bad_settings(GOOD | {"SIGNING_KEYS": str(tmp_path)})


def test_every_refusal_begins_with_the_name_of_its_setting() -> None:
    said = {case: start.faults(GOOD | change) for case, (change, _words) in BAD.items() if case != "an unknown mode"}
    named = {case: {sentence.split(" ")[0] for sentence in sentences} for case, sentences in said.items()}
    assert {case: names for case, names in named.items() if not names & {*BAD[case][0], "PUBLIC_URL", "SMS_TOKEN"}} == {}
    assert len(set().union(*named.values())) >= 12


def test_every_reason_is_given_at_once() -> None:
    with pytest.raises(BadSetting) as refusal:
        start.refuse_bad_settings(GOOD | {"SECRET_KEY": "", "DEBUG": "1", "ALLOWED_HOSTS": ""})
    assert all(name in str(refusal.value) for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"))


def test_other_modes_start_with_nothing_set() -> None:
    start.refuse_bad_settings({})
    start.refuse_bad_settings({"TACTUS_MODE": "demo"})


def test_one_machine_may_run_production_on_its_own_sqlite_file() -> None:
    start.refuse_bad_settings(GOOD | {"DATABASE_URL": ""})


@pytest.mark.parametrize(
    ("env", "is_public", "before"),
    [
        ({"ALLOWED_HOSTS": "tactus.clinic.example"}, True, "https://tactus.clinic.example"),
        (
            {"ALLOWED_HOSTS": ".clinic.example,a.example", "PUBLIC_URL": "https://links.clinic.example/"},
            True,
            "https://links.clinic.example",
        ),
        ({}, False, "http://127.0.0.1:8000"),
        ({"PUBLIC_URL": "http://192.168.0.4:9000"}, False, "http://192.168.0.4:9000"),
    ],
)
def test_links_in_messages_begin_with_the_address_that_patients_open(env: dict[str, str], is_public: bool, before: str) -> None:
    assert environment.public_url(env, is_public=is_public) == before


def test_a_kept_key_is_made_once_and_is_readable_only_by_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "demo.key"
    made = start.kept_key(file)
    assert start.kept_key(file) == made
    assert len(made) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_two_processes_that_start_together_keep_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "demo.key"
    link = os.link

    def other_was_first(source: Path, target: Path) -> None:
        target.write_text("the other one's key")
        link(source, target)

    monkeypatch.setattr(os, "link", other_was_first)
    assert start.kept_key(file) == "the other one's key"
    assert list(tmp_path.iterdir()) == [file]


def test_a_database_address_is_taken_apart() -> None:
    found = environment.postgresql("postgresql://anna:p%40ss%2Fword@db.example:6432/clinic%20one?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("anna", "p@ss/word", "db.example", "6432")
    assert (found["NAME"], found["OPTIONS"]) == ("clinic one", {"sslmode": "require"})


def test_a_database_address_may_name_a_socket_folder() -> None:
    found = environment.postgresql("postgresql:///tactus?host=/run/postgresql")
    assert (found["HOST"], found["PORT"], found["NAME"], found["OPTIONS"]) == ("/run/postgresql", "", "tactus", {})


def test_a_port_that_is_no_number_is_refused() -> None:
    with pytest.raises(BadSetting, match="not a number"):
        environment.postgresql("postgresql://db.example:many/tactus")


def test_sqlite_waits_for_its_turn_and_lets_readers_read_on(tmp_path: Path) -> None:
    options = environment.database({}, sqlite_file=tmp_path / "x.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 5
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("env", "backend"),
    [
        ({}, "DatabaseCache"),
        ({"CELERY_BROKER_URL": "redis://broker.example/0"}, "RedisCache"),
        ({"CACHE_URL": "rediss://cache.example/1"}, "RedisCache"),
    ],
)
def test_the_cache_is_shared_by_all_processes(env: dict[str, str], backend: str) -> None:
    assert environment.caches(env)["default"]["BACKEND"].endswith(backend)


def test_tasks_of_a_killed_worker_come_back_on_redis_and_memory_needs_no_options() -> None:
    assert environment.broker_options("redis://broker.example/0")["visibility_timeout"] == 600
    assert environment.broker_options(environment.broker({})) == {}
