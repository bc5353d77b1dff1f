"""What the delivered files of servers and units promise; a mistake in them breaks silently. Tried for real: docs/production.md."""

import re
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parent.parent.parent / "docs" / "deploy"
pytestmark = pytest.mark.same_everywhere


def directives(name: str) -> str:
    return re.sub(r"#.*", "", (DEPLOY / name).read_text(encoding="utf-8"))


def test_no_server_of_nginx_keeps_addresses_or_compresses_a_page() -> None:
    servers = re.split(r"^server \{", directives("nginx.conf"), flags=re.MULTILINE)[1:]
    assert len(servers) == 2
    assert all("access_log off;" in each and re.search(r"error_log \S+ crit;", each) for each in servers)
    # Debian's own settings say "gzip on" for every site; a page's length would tell what stands in it.
    assert all("gzip off;" in each for each in servers if "proxy_pass" in each)


def test_the_worker_may_write_the_backups_of_the_night() -> None:
    folder = re.search(r"manage\.py backup (\S+)", directives("tactus-backup.service"))
    assert folder
    writes = re.search(r"^ReadWritePaths=(.*)$", directives("tactus-worker.service"), flags=re.MULTILINE)
    assert writes
    assert folder[1] in {path.lstrip("-") for path in writes[1].split()}
