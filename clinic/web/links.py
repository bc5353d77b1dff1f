"""Links that let somebody in once: what goes into the address, and what alone is kept of it.

A link has one purpose, one object, an expiry and a single use; whoever keeps one keeps the digest, so that reading the
database opens nothing. Opening a link (GET) changes nothing: mail scanners open every link.
"""

import hashlib
import secrets
from typing import Final

TOKEN_BYTES: Final = 32


def new_token() -> str:
    """A secret of 256 bits for an address: 43 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """SHA-256 (64 hex digits) of a token, as it is kept. Any text has one; text that is no token of ours matches nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
