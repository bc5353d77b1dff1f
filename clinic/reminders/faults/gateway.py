"""A gateway for text messages that knows a second try by its key: slow by chance, failing by chance, at times gone after taking one."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from clinic.reminders.faults.receipts import Receipts


class Gateway(ThreadingHTTPServer):
    """The first try under a key has an effect; all others are answered like it and have none."""

    daemon_threads = True

    def __init__(self, receipts: Receipts) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.receipts = receipts
        self.keys: set[str] = set()
        self.one_at_a_time = threading.Lock()

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A sender that was killed hangs up in the middle; that is what the proof does."""
        self.receipts.note("hung up")

    def is_first(self, key: str) -> bool:
        """Whether this key was never seen; from now on it was."""
        with self.one_at_a_time:
            is_first = key not in self.keys
            self.keys.add(key)
            return is_first

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/messages"


class Answering(BaseHTTPRequestHandler):
    """One connection. Kept open, as a gateway would."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Gateway

    def do_POST(self) -> None:
        """Takes one message, or fails in one of the ways in which gateways fail."""
        receipts, said = self.server.receipts, json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        receipts.note("text messages tried")
        receipts.linger()
        if receipts.goes_wrong():
            receipts.note("answered with 503")
            self._answer(503, {"error": "busy"})
            return
        key = self.headers["Idempotency-Key"]
        if self.server.is_first(key):
            receipts.take(said["to"], key)
        else:
            receipts.note("known to the gateway by their key")
        if receipts.goes_wrong():
            receipts.note("cut off after the gateway had taken it")
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        receipts.linger()
        self._answer(200, {"id": key})

    def _answer(self, status: int, said: dict[str, str]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the receipts say it all."""
