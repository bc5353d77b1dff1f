"""What the environment says, as plain values: no Django here, so that every refusal can be tested with a dictionary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})
MEMORY = "memory://localhost/"


class BadSetting(Exception):
    """One setting cannot be used; the text is a sentence for whoever runs the program."""


def text(env: Mapping[str, str], name: str, default: str = "") -> str:
    """The setting without blanks around it, or the default where it is missing or empty."""
    return env.get(name, "").strip() or default


def switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    """A yes or no; anything else is refused rather than guessed."""
    said = env.get(name)
    if said is None:
        return default
    word = said.strip().lower()
    if word not in YES | NO:
        raise BadSetting(f"{name} is {said!r}; write 1 or 0.")
    return word in YES


def minutes(env: Mapping[str, str], name: str, *, default: int, longest: int) -> int:
    """A whole number of minutes from 1 to ``longest``; anything else is refused: no way to turn it off by a slip."""
    said = text(env, name, str(default))
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= longest):
        raise BadSetting(f"{name} is {said!r}; write a whole number of minutes from 1 to {longest}.")
    return int(said)


LOG_LEVELS = ("INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("json", "plain")


def log_level(env: Mapping[str, str], *, default: str) -> str:
    """How much is logged. ``DEBUG`` writes what is asked of the database, so production refuses it (see ``clinic.start``)."""
    said = text(env, "LOG_LEVEL", default).upper()
    if said not in {"DEBUG", *LOG_LEVELS}:
        raise BadSetting(f"LOG_LEVEL is {said!r}; write one of {', '.join(LOG_LEVELS)}.")
    return said


def log_format(env: Mapping[str, str], *, default: str) -> str:
    """How each line of the log is written: one JSON object, or words for people."""
    said = text(env, "LOG_FORMAT", default)
    if said not in LOG_FORMATS:
        raise BadSetting(f"LOG_FORMAT is {said!r}; write one of {', '.join(LOG_FORMATS)}.")
    return said


def words(env: Mapping[str, str], name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list written with commas."""
    found = [word.strip() for word in env.get(name, "").split(",")]
    return [word for word in found if word] or list(default)


def database(env: Mapping[str, str], *, sqlite_file: Path) -> dict[str, Any]:
    """Django's description of the database: PostgreSQL by DATABASE_URL, else the given SQLite file."""
    url = text(env, "DATABASE_URL")
    return postgresql(url) if url else sqlite(sqlite_file)


def sqlite(file: Path) -> dict[str, Any]:
    """SQLite for several processes: deferred transactions that turn into writers fail at once as locked, immediate ones wait."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?option=value`; a host in the query is a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting("DATABASE_URL must begin with postgresql://; without it Tactus uses an SQLite file.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise BadSetting("DATABASE_URL names no database: postgresql://user:password@host:5432/name.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(_port(url) or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _port(url: str, setting: str = "DATABASE_URL") -> int | None:
    try:
        return urlsplit(url).port
    except ValueError as wrong:
        raise BadSetting(f"{setting} has a port that is not a number.") from wrong


def is_redis(url: str) -> bool:
    """Whether this address is a Redis server's."""
    return url.startswith(("redis://", "rediss://"))


def broker(env: Mapping[str, str]) -> str:
    """Celery's broker: Redis when CELERY_BROKER_URL names one, else the memory of the one worker process."""
    url = text(env, "CELERY_BROKER_URL", MEMORY)
    if url != MEMORY and not is_redis(url):
        raise BadSetting("CELERY_BROKER_URL must begin with redis:// or rediss://; without it the worker keeps its queue in memory.")
    return url


def broker_options(url: str) -> dict[str, Any]:
    """On Redis a task that a killed worker had taken comes back after ten minutes; Celery looks for such tasks every ten seconds."""
    if not is_redis(url):
        return {}
    taken_back = {"visibility_timeout": 600, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}
    return taken_back | {"socket_connect_timeout": 10, "socket_keepalive": True}  # a broker that is gone is noticed


def send_often(url: str) -> dict[str, Any]:
    """How often the clock calls the drain of messages: every few seconds where one process does it all, each minute on Redis.

    A call that nobody took up before the next one is forgotten: one drain sends everything.
    """
    seconds = 60 if is_redis(url) else 5
    return {"task": "clinic.reminders.tasks.send_due_messages", "schedule": float(seconds), "options": {"expires": seconds}}


def caches(env: Mapping[str, str]) -> dict[str, Any]:
    """Sign-in limits live in the cache, so it must be shared by all processes: Redis where there is one, else a table."""
    url = text(env, "CACHE_URL") or text(env, "CELERY_BROKER_URL")
    # With Django's 300 entries whoever guesses at many accounts would push the counts of his guesses out.
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    if is_redis(url):
        # Asked in every sign-in: a server that is gone is noticed within a second, and the table serves (see clinic.web.spare_cache).
        redis = {"BACKEND": "clinic.web.spare_cache.SparedRedisCache", "LOCATION": url, "KEY_PREFIX": "tactus"}
        return {"default": redis | {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}, "spare": table}
    if text(env, "CACHE_URL"):
        raise BadSetting("CACHE_URL must begin with redis:// or rediss://; without it the cache is a table of the database.")
    return {"default": table}


THIS_COMPUTER = "http://127.0.0.1:8000"


def public_url(env: Mapping[str, str], *, is_public: bool) -> str:
    """The address before the links in messages, as patients open them: PUBLIC_URL, else the one host that ALLOWED_HOSTS names.

    Where nobody outside is written to (``is_public`` false) this machine's own address will do. Without a slash at its end.
    """
    url, hosts = text(env, "PUBLIC_URL").rstrip("/"), words(env, "ALLOWED_HOSTS")
    if not url:
        one = hosts[0] if len(hosts) == 1 and not hosts[0].startswith((".", "*")) else ""
        if is_public and not one:
            raise BadSetting("PUBLIC_URL is missing; links in messages begin with it, for example https://tactus.your-clinic.example.")
        return f"https://{one}" if is_public else THIS_COMPUTER
    parts = urlsplit(url)
    if (
        parts.scheme not in ({"https"} if is_public else {"http", "https"})
        or not parts.hostname
        or url != f"{parts.scheme}://{parts.netloc}"
    ):
        raise BadSetting("PUBLIC_URL must be https:// and a host name, with nothing after it; links in messages begin with it.")
    if is_public and not any(_lets_in(host, parts.hostname) for host in hosts):
        raise BadSetting("PUBLIC_URL names a host that ALLOWED_HOSTS does not let in, so that no link in a message would open.")
    return url


def _lets_in(allowed: str, host: str) -> bool:
    return host == allowed.lower() or (allowed.startswith(".") and f".{host}".endswith(allowed.lower()))


@dataclass(frozen=True)
class Mail:
    """How messages leave: by a mail server, or as files in a folder (nobody gets them there)."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


LOCAL_MAIL = "smtp://localhost:25"
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def mail(env: Mapping[str, str], *, sends: bool) -> Mail:
    """`smtp://user:password@host:587` or `smtps://`; without EMAIL_URL this machine's own mail server where ``sends``, else files.

    Only to this machine itself do messages go unencrypted: a link that sets a password must not be read on its way.
    """
    url = text(env, "EMAIL_URL", LOCAL_MAIL if sends else "")
    if not url:
        return Mail("django.core.mail.backends.filebased.EmailBackend")
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting("EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465.")
    tls = parts.scheme == "smtps"
    return Mail(
        "clinic.staff.mail.BackgroundBackend",
        host=parts.hostname,
        port=_port(url, "EMAIL_URL") or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=not tls and parts.hostname not in THIS_MACHINE,
        tls=tls,
    )


@dataclass(frozen=True)
class Sms:
    """How text messages leave: ``backend`` is the way of sending (empty: none is set up), the rest is for a gateway."""

    backend: str = ""
    url: str = ""
    token: str = field(default="", repr=False)
    sender: str = ""
    per_minute: int = 0


CHANNELS = "clinic.reminders.channels."
MAILBOX = f"{CHANNELS}mailbox.MailboxBackend"
NOBODY_GETS_IT = {"file:": f"{CHANNELS}sms_file.FileBackend", "console:": f"{CHANNELS}sms_console.ConsoleBackend"}
LONGEST_SENDER = 16
MOST_A_MINUTE = 60_000


def sms(env: Mapping[str, str], *, is_public: bool) -> Sms:
    """A gateway by SMS_URL, SMS_TOKEN and SMS_FROM; without it none where patients are written to (``is_public``), else the mailbox.

    SMS_PER_MINUTE is the most that the gateway takes. Only to this machine itself does anything go unencrypted.
    """
    url = text(env, "SMS_URL")
    if not url:
        return Sms("" if is_public else MAILBOX)
    if url in NOBODY_GETS_IT:
        if is_public:
            raise BadSetting(f"SMS_URL is {url}: nobody would get the messages; name a gateway or leave it out.")
        return Sms(NOBODY_GETS_IT[url])
    _refuse_gateway(url, text(env, "SMS_TOKEN"), text(env, "SMS_FROM"), is_public=is_public)
    return Sms(f"{CHANNELS}sms_http.GatewayBackend", url, text(env, "SMS_TOKEN"), text(env, "SMS_FROM"), _per_minute(env))


def _refuse_gateway(url: str, token: str, sender: str, *, is_public: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment:
        raise BadSetting("SMS_URL must look like https://gateway.example/messages.")
    _port(url, "SMS_URL")
    if parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
        raise BadSetting("SMS_URL must begin with https://: numbers and messages must not be read on their way.")
    if parts.username is not None or parts.password is not None:
        raise BadSetting("SMS_URL holds a password, which logs might show; put the secret into SMS_TOKEN.")
    if not token and is_public and parts.hostname not in THIS_MACHINE:
        raise BadSetting("SMS_TOKEN is missing; the gateway of SMS_URL knows your clinic by it.")
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise BadSetting("SMS_TOKEN holds a blank or a letter that cannot be sent; write it as the gateway gave it.")
    if not (sender.isascii() and sender.isprintable() and len(sender) <= LONGEST_SENDER):
        raise BadSetting(f"SMS_FROM may hold up to {LONGEST_SENDER} Latin letters and digits: a name or a number.")


def _per_minute(env: Mapping[str, str]) -> int:
    said = text(env, "SMS_PER_MINUTE", "0")
    if not (said.isascii() and said.isdigit() and int(said) <= MOST_A_MINUTE):
        raise BadSetting(f"SMS_PER_MINUTE is {said!r}; write a whole number up to {MOST_A_MINUTE}, or 0 for no limit.")
    return int(said)


def message_backends(env: Mapping[str, str], *, is_public: bool) -> dict[str, str]:
    """The way of sending behind each channel of messages to patients and staff: the mailbox page unless a server is named."""
    mails = is_public or bool(text(env, "EMAIL_URL"))
    return {"email": f"{CHANNELS}mail.MailBackend" if mails else MAILBOX, "sms": sms(env, is_public=is_public).backend}
