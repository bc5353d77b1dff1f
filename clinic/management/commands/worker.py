"""`manage.py worker`: due work, in the background."""

from datetime import timedelta
from typing import Any

from celery.beat import EmbeddedService
from celery.signals import worker_shutting_down
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from clinic import checks
from clinic.celery import app
from clinic.environment import MEMORY
from clinic.reminders.watch import PATIENCE, Watch


class Command(BaseCommand):
    """Without a broker this one process keeps the clock, the queue and the work; with Redis start as many as needed, one with --beat."""

    help = "Run background work. With CELERY_BROKER_URL=redis://... start any number, exactly one of them with --beat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--beat", action="store_true", help="keep the clock too (always so without Redis)")
        parser.add_argument("--concurrency", type=int, default=2, help="how many tasks at once (default 2)")
        words = "seconds without a look at the outbox after which this worker sends by itself (default %(default)s)"
        parser.add_argument("--max-wait", type=float, default=PATIENCE.total_seconds(), help=words)

    def handle(self, *, beat: bool, concurrency: int, max_wait: float, **_options: Any) -> None:
        checks.refuse_demo_accounts()
        if beat or settings.CELERY_BROKER_URL == MEMORY:
            clock: Any = EmbeddedService(app, thread=True)
            clock.start()
        watch = Watch(patience=timedelta(seconds=max_wait))
        watch.start()
        worker_shutting_down.connect(watch.stop_soon)
        worker = app.Worker(
            pool="threads",
            concurrency=concurrency,
            loglevel=settings.LOG_LEVEL,
            quiet=True,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        try:
            worker.start()
        finally:
            watch.stop()
        raise SystemExit(worker.exitcode or 0)
