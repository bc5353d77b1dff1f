# ruff: noqa: INP001
"""gunicorn -c docs/deploy/gunicorn.conf.py clinic.wsgi: the web processes of one machine. No access log: Tactus writes a line itself."""

import gc
import multiprocessing
import os
from typing import Any

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")  # a socket that systemd opened comes before this
workers = int(os.environ.get("WEB_PROCESSES", min(2 * multiprocessing.cpu_count() + 1, 9)))
preload_app = True  # loaded once, then parted: starts with a fifth of the work, and the processes share what was loaded
worker_class = "gthread"
threads = 4
timeout = 60  # longer than the longest page; a process that hangs is started anew
graceful_timeout = 30  # requests under way may end when the process is told to stop
keepalive = 5
max_requests, max_requests_jitter = 20_000, 2_000
limit_request_line, limit_request_fields = 4094, 60
forwarded_allow_ips = os.environ.get("PROXY_ADDRESS", "127.0.0.1")
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108  # the sign of life must not wait for a disk
control_socket_disable = True
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "clinic.web.logs.JsonLines"}},
    "filters": {"without_tokens": {"()": "clinic.web.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_tokens"]}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False, "qualname": "gunicorn.error"}},
}


def when_ready(_server: Any) -> None:
    """Loads what the first pages would load, before the processes part. Nothing of it opens a connection, and ``wsgi`` closed its own."""
    from django.urls import get_resolver  # only now is the application set up

    from protocols.shelf import shipped_library

    shipped_library()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()  # a collector that touches an object copies the page of memory that it lies in
