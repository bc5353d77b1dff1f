"""Orders to erase: signed entries that name what was removed. Asks no page; without an order that holds nothing may be missing.

An order lists the entries of its clinic whose document was removed, and the lines of the audit whose details were, each with a digest of
all that is left of it. So what was removed is the only thing that nobody can check any more.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Final

from clinic.audit.emptied import Emptied
from clinic.signing.keys import Keyring, keyring
from clinic.signing.models import Meaning, Signature
from clinic.signing.statements import PLAIN, fault_of

KIND: Final = "order-to-erase"
ENTRIES: Final = "entries"
LINES: Final = "lines"
Orders = Mapping[int, str]  # number of an entry -> digest of what is left of it


def emptied(row: Signature) -> Signature:
    """The same entry as an order leaves it, not saved: no document, no note. The statement goes where it repeats the note."""
    if row.note:
        row.statement = ""
    row.content, row.note = "", ""
    return row


def digest_of_the_rest(row: Signature) -> str:
    """SHA-256 (hex) of everything that an emptied entry still says."""
    said: dict[str, Any] = {name: getattr(row, name) for name in PLAIN if name != "note"}
    said |= {
        "clinic": row.clinic_id,
        "signer": row.signer_id,
        "signed_at": row.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "statement": row.statement,
        "digest": row.digest,
        "signature": row.signature,
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def is_emptied(row: Signature) -> bool:
    """Whether the document of this entry is gone."""
    return row.content == ""


def fault_of_emptied(row: Signature, ring: Keyring, orders: Orders) -> str:
    """What is wrong with an entry whose document is gone, or that is to be, as the end of a sentence; empty for a sound one."""
    said = orders.get(row.sequence)
    if said is None:
        return "has lost its document, and no order in the chain says so"
    if not is_emptied(row) or row.note:
        return "is there again, although an order removed it"
    if said != digest_of_the_rest(row):
        return "was changed after its document was removed by order"
    return ""


def orders_of(clinic: int, ring: Keyring) -> dict[int, str]:
    """What the orders of this clinic's chain say about its entries. An order that does not hold says nothing."""
    found: dict[int, str] = {}
    for order in _sound(Signature.objects.filter(clinic_id=clinic, meaning=Meaning.ERASED).order_by("sequence"), ring):
        said = json.loads(order.content)["body"][ENTRIES]
        found |= {int(number): digest for number, digest in said.items() if int(number) < order.sequence}
    return found


def lines_emptied() -> Emptied:
    """What the orders of all clinics say about lines of the audit: each may name those of its own clinic only."""
    orders = Signature.objects.filter(meaning=Meaning.ERASED)
    if not orders.exists():
        return {}
    return {
        (order.clinic_id, int(number)): digest
        for order in _sound(orders, keyring())
        for number, digest in json.loads(order.content)["body"][LINES].items()
    }


def _sound(orders: Iterable[Signature], ring: Keyring) -> Iterable[Signature]:
    return (order for order in orders if order.kind == KIND and not fault_of(order, ring))
