"""A plain mail server: it takes what it is given, however often, and now and then it has no time."""

import socketserver
from email.parser import BytesHeaderParser

from clinic.reminders.faults.receipts import Receipts


class PostOffice(socketserver.ThreadingTCPServer):
    """Knows no second try: the same letter given twice lies in the box twice, with the same Message-ID."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, receipts: Receipts) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.receipts = receipts

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A sender that was killed hangs up in the middle; that is what the proof does."""
        self.receipts.note("hung up")

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Counter(socketserver.StreamRequestHandler):
    """One connection: as much of SMTP as it takes to receive letters."""

    disable_nagle_algorithm = True
    server: PostOffice

    def handle(self) -> None:
        """Answers word for word until the other side says good-bye or is gone."""
        self._say("220 sink ready")
        self.to: list[str] = []
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"RCPT":
                self.to.append(line.decode().split("<")[1].split(">")[0])
            if word == b"DATA":
                self._say("354 go on")
                self._take(self._letter())
                self.to = []
            elif word == b"QUIT":
                return self._say("221 good-bye")
            else:
                self._say("250 sink" if word in {b"EHLO", b"HELO"} else "250 well")
        return None

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if not line:
            raise ConnectionResetError("gone in the middle of a letter")  # which then was not given
        return b"".join(lines)

    def _take(self, letter: bytes) -> None:
        receipts = self.server.receipts
        receipts.note("letters tried")
        receipts.linger()
        if receipts.goes_wrong():
            receipts.note("answered with 451")
            return self._say("451 busy, come again")
        for to in self.to:
            receipts.take(to, str(BytesHeaderParser().parsebytes(letter)["Message-ID"]))
        receipts.linger()
        return self._say("250 taken")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())
