"""A way of sending that leads nowhere and takes no time, so that what is measured is ours."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from clinic.reminders.channels.backend import Backend, Letter, Trouble


class Nowhere(Backend):
    """Takes everything at once."""

    is_idempotent: ClassVar[bool] = True
    at_once: ClassVar[int] = 500

    def send(self, letter: Letter) -> None:
        """Nothing."""

    def send_all(self, letters: Sequence[Letter]) -> Mapping[str, Trouble]:
        """Nothing, for all of them."""
        return {}
