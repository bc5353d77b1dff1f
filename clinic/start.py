"""Whether Tactus may start with these settings. Pure but for the kept key; the database is asked in `clinic.checks`."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from clinic import environment
from clinic.environment import BadSetting

DEMO_DOMAIN = "demo.example"  # reserved by RFC 2606: no message sent there ever arrives
DEMO_FILE = "demo.sqlite3"
NOT_SECRET = ("django-insecure", "only-for-tests", "changeme")
LEAST_KEY = 50
LEAST_DIFFERENT = 12
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
SERVED = tuple(Path(__file__).resolve().parent.parent / name for name in ("static", "staticfiles"))
MODES = ("development", "demo", "test", "production")


def mode(env: Mapping[str, str]) -> str:
    """One of `MODES`; a misspelt one is refused, since it would silently mean fewer checks."""
    said = environment.text(env, "TACTUS_MODE", "development")
    if said not in MODES:
        raise BadSetting(f"TACTUS_MODE is {said!r}; it must be one of {', '.join(MODES)}.")
    return said


def kept_key(file: Path, *, characters: int = 64) -> str:
    """A secret of this machine's development or demo data: made once, readable only by its owner, never committed."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_private(file, secrets.token_urlsafe(characters)[:characters])
    return file.read_text(encoding="ascii").strip()


def signing_key_file(folder: Path, mode: str) -> Path:
    """Where the key that signs lies in this folder: each mode has its own, so that a demo never signs for a clinic."""
    return folder / f"{mode}-signing.key"


def private_folder(folder: Path) -> None:
    """Makes the folder where it is missing, closed to other people of this machine. One that was made by hand stays as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def close_to_others(path: Path) -> None:
    """Takes from a file or folder of ours what everybody on this machine may do with it; owner and group keep theirs."""
    found = path.stat() if path.exists() else None
    if found and found.st_uid == os.getuid() and found.st_mode & 0o007:
        path.chmod(found.st_mode & 0o7770)


def _write_private(file: Path, words: str) -> None:
    # Written aside and linked into place: two processes that start together must end with the same key.
    aside = file.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(words)
    try:
        os.link(aside, file)
    except FileExistsError:
        return
    finally:
        aside.unlink()


def refuse_bad_settings(env: Mapping[str, str]) -> None:
    """Raises `BadSetting` with every reason why production may not start; silent in the other modes."""
    if mode(env) == "production" and (reasons := faults(env)):
        raise BadSetting("Tactus does not start in production: " + " ".join(reasons))


def faults(env: Mapping[str, str]) -> list[str]:
    """Every sentence that speaks against starting in production with this environment."""
    found = []
    for look in (
        _key_faults,
        _debug_faults,
        _host_faults,
        _database_faults,
        _transport_faults,
        _queue_faults,
        _link_faults,
        _signing_faults,
        _backup_faults,
        _lock_faults,
        _log_faults,
        _folder_faults,
        _second_step_faults,
    ):
        try:
            found += look(env)
        except BadSetting as unreadable:
            found.append(str(unreadable))
    return found


def _key_faults(env: Mapping[str, str]) -> list[str]:
    key = environment.text(env, "SECRET_KEY")
    if not key:
        return ["SECRET_KEY is missing; set it to at least 50 random characters."]
    if key.startswith(NOT_SECRET):
        return ["SECRET_KEY is one that was made for development or tests; set a random one of your own."]
    return [fault for name, each in _keys(env, key) for fault in _weakness(name, each)]


def _keys(env: Mapping[str, str], key: str) -> list[tuple[str, str]]:
    """The present key and those before it: whoever guesses an old one makes links as well as by the present one."""
    return [("SECRET_KEY", key), *(("SECRET_KEY_FALLBACKS", old) for old in environment.words(env, "SECRET_KEY_FALLBACKS"))]


def _weakness(name: str, key: str) -> list[str]:
    if len(key) < LEAST_KEY:
        return [f"{name} has {len(key)} characters; it needs at least {LEAST_KEY} random ones."]
    if len(set(key)) < LEAST_DIFFERENT:
        return [f"{name} has only {len(set(key))} different characters; it must be random."]
    return []


def _debug_faults(env: Mapping[str, str]) -> list[str]:
    if environment.switch(env, "DEBUG", default=False):
        return ["DEBUG is on and would show the program and its data to strangers; unset it."]
    return []


def _host_faults(env: Mapping[str, str]) -> list[str]:
    hosts = environment.words(env, "ALLOWED_HOSTS")
    if not hosts:
        return ["ALLOWED_HOSTS is missing; name the host names under which your clinic opens Tactus."]
    if any(host.startswith("*") for host in hosts):
        return ["ALLOWED_HOSTS lets every host name in; name your own."]
    if LOCAL.issuperset(hosts):
        return ["ALLOWED_HOSTS names only this machine; name the host names under which your clinic opens Tactus."]
    return []


def _database_faults(env: Mapping[str, str]) -> list[str]:
    environment.database(env, sqlite_file=Path("tactus.sqlite3"))
    if not environment.text(env, "DATABASE_URL") and Path(environment.text(env, "SQLITE_FILE")).name == DEMO_FILE:
        return ["SQLITE_FILE is the demo's database; name another file or set DATABASE_URL."]
    return []


def _transport_faults(env: Mapping[str, str]) -> list[str]:
    found = []
    if any(not origin.startswith("https://") for origin in environment.words(env, "CSRF_TRUSTED_ORIGINS")):
        found.append("CSRF_TRUSTED_ORIGINS holds an address that does not begin with https://.")
    redirects = environment.switch(env, "SECURE_SSL_REDIRECT", default=True)
    behind_proxy = environment.switch(env, "BEHIND_PROXY", default=False)
    if not redirects and not behind_proxy:
        found.append("SECURE_SSL_REDIRECT is off and BEHIND_PROXY is not on, so passwords could travel unencrypted.")
    return found


def _queue_faults(env: Mapping[str, str]) -> list[str]:
    # Each raises where the address is of a kind that Tactus does not speak.
    environment.broker(env)
    environment.caches(env)
    environment.mail(env, sends=True)
    environment.sms(env, is_public=True)
    return []


def _link_faults(env: Mapping[str, str]) -> list[str]:
    if environment.words(env, "ALLOWED_HOSTS"):  # without one there is a sentence about that already
        environment.public_url(env, is_public=True)  # raises
    return []


def _lock_faults(env: Mapping[str, str]) -> list[str]:
    environment.minutes(env, "IDLE_LOCK_MINUTES", default=15, longest=120)  # raises
    return []


def _second_step_faults(env: Mapping[str, str]) -> list[str]:
    if environment.switch(env, "SECOND_STEP_REQUIRED", default=True):
        return []
    return ["SECOND_STEP_REQUIRED is off; in production doctors, administrators and leads always need a second step: unset it."]


def _backup_faults(env: Mapping[str, str]) -> list[str]:
    """At night nobody is there to read that no backup could be taken."""
    found, said = [], environment.words(env, "BACKUP_RECIPIENTS")
    if environment.text(env, "BACKUP_FOLDER") and not said:
        found.append(
            "BACKUP_RECIPIENTS is missing, so that nobody could open a backup in BACKUP_FOLDER; make a key by manage.py new_backup_key."
        )
    if any(word.upper().startswith("AGE-SECRET-KEY-") for word in said):
        found.append(
            "BACKUP_RECIPIENTS holds the secret key; write the public one, which begins with age1, and keep the secret one elsewhere."
        )
    if not re.fullmatch(r"\d+\s*,\s*\d+\s*,\s*\d+", environment.text(env, "BACKUP_KEEP", "7,4,12"), re.ASCII):
        found.append("BACKUP_KEEP must be three whole numbers, days, weeks and months, for example 7,4,12.")
    return found


def _signing_faults(env: Mapping[str, str]) -> list[str]:
    folder = environment.text(env, "SIGNING_KEYS")
    if not folder:
        # With a database server there may be several machines; each would make a key of its own and trust no other's.
        shared = environment.text(env, "DATABASE_URL")
        return ["SIGNING_KEYS is missing; name the folder with the key that signs, outside the database."] if shared else []
    key = signing_key_file(Path(folder), "production")
    if not key.is_file():
        make = f"TACTUS_MODE=development python manage.py new_signing_key --folder {folder} --mode production"
        return [f"SIGNING_KEYS names a folder without {key.name}; make one with: {make}"]
    if key.stat().st_mode & 0o007:
        return [f"SIGNING_KEYS names a key that everybody on this machine can read; close it with: chmod o-rwx {key}"]
    return []


def _log_faults(env: Mapping[str, str]) -> list[str]:
    environment.log_format(env, default="json")  # raises
    if environment.log_level(env, default="INFO") == "DEBUG":
        return ["LOG_LEVEL is DEBUG, which writes what is asked of the database, names of patients among it; write INFO."]
    return []


def _folder_faults(env: Mapping[str, str]) -> list[str]:
    """What lies in a folder that every browser may read would be given to everybody."""
    found = []
    for name in ("TACTUS_DATA", "SQLITE_FILE", "SIGNING_KEYS"):
        said = environment.text(env, name)
        served = next((folder for folder in SERVED if said and folder in (Path(said).resolve(), *Path(said).resolve().parents)), None)
        if served:
            found.append(
                f"{name} lies in {served}, which every browser may read; name a folder outside of it, for example /srv/tactus/data."
            )
    return found
