"""Text messages on the terminal of whoever develops: nobody gets them."""

import sys

from clinic.reminders.channels.backend import Backend, Letter


class ConsoleBackend(Backend):
    """Writes the words and only the end of the number."""

    def send(self, letter: Letter) -> None:
        sys.stdout.write(f"SMS to …{letter.sent_to[-2:]}:\n{letter.body}\n")
        sys.stdout.flush()
