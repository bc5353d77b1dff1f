"""A process that has loaded Tactus once, and for each order forks a child that can be killed at any moment: ``python -m`` this module.

Reads one order as JSON in each line; answers with the number of the child, and at its end with how it ended.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from clinic.bootstrap.folders import ROOT


class Victims:
    """The other side: has deeds done, and kills them."""

    def __init__(self, env: Mapping[str, str], seed: int) -> None:
        self.env, self.chance = dict(env), random.Random(seed)  # noqa: S311  # moments, no secrets

    def __enter__(self) -> "Victims":
        command = [sys.executable, "-m", "clinic.keeping.backups.proving.victims"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=self.env, cwd=ROOT, text=True
        )
        return self

    def __exit__(self, _kind: type[BaseException] | None, _wrong: BaseException | None, _where: TracebackType | None) -> None:
        self.process.communicate()

    def do(self, **order: Any) -> float:
        """Has it done to the end; answers the seconds that it took. Raises ``RuntimeError`` where it ended with trouble."""
        self._order(order)
        began = time.monotonic()
        if self._answer() != "0":
            raise RuntimeError(f"{order['deed']} ended with trouble")
        return time.monotonic() - began

    def killed(self, within: float, **order: Any) -> bool:
        """Has it begun, and killed with all its own children after a moment by chance within so many seconds; whether that met it alive."""
        child = self._order(order)
        time.sleep(self.chance.uniform(0, within))
        for kill in (os.killpg, os.kill):  # it may not lead its group yet
            try:
                kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return self._answer() == str(signal.SIGKILL.value)

    def _order(self, order: Mapping[str, Any]) -> int:
        assert self.process.stdin is not None  # noqa: S101  # for the types
        self.process.stdin.write(json.dumps(order, default=str) + "\n")
        self.process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self.process.stdout is not None  # noqa: S101  # for the types
        return self.process.stdout.readline().strip()


def main() -> None:
    """Until there are no more orders."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    import django

    django.setup()
    deeds = _deeds()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_victim(deeds, order)
        _say(child)
        _child, status = os.waitpid(child, 0)
        _say(status & 0x7F or os.waitstatus_to_exitcode(status))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _be_victim(deeds: Mapping[str, Callable[..., None]], order: dict[str, Any]) -> None:
    os.setpgid(0, 0)
    code = 1
    try:
        deeds[order.pop("deed")](**order)
        code = 0
    finally:
        os._exit(code)  # nothing of the parent is ended twice


def _deeds() -> Mapping[str, Callable[..., None]]:
    from django.core.management import call_command
    from django.db import connection

    from clinic.keeping.backups.crypt import recipients
    from clinic.keeping.backups.places import place_of
    from clinic.keeping.backups.restoring import Orders, restore
    from clinic.keeping.backups.taking import take_backup
    from clinic.keeping.backups.wishes import wish_for
    from clinic.keeping.one_by_one import back_to

    def backup(folder: str, key: str) -> None:
        take_backup(wish_for(Path(folder), recipients([key])))

    def bring_back(file: str, identity: str, into: str, media: str, keys: str) -> None:
        place = place_of(into, media=Path(media), data=Path(os.environ["TACTUS_DATA"]))
        restore(Orders(Path(file), Path(identity), place, Path(keys)))

    def migrate(name: str, to: list[str]) -> None:
        connection.settings_dict["NAME"] = name
        if to:
            back_to(*to)
        else:
            call_command("migrate", verbosity=0, interactive=False)

    return {"backup": backup, "restore": bring_back, "migrate": migrate}


if __name__ == "__main__":
    main()
