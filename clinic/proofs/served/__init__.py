"""Tactus as production serves it, in a process and a database of its own: what ``verify web`` asks it."""

from typing import Final

HOST: Final = "tactus.proof.example"
FEW: Final = 50  # tries; of fewer nothing is told about time, so that passwords may be hashed cheaply
