"""Whether the chains of signatures hold: every entry alone, each against the one before, and all against the heads kept elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime

from clinic.signing.heads import Head
from clinic.signing.keys import Keyring
from clinic.signing.models import GENESIS, ChainHead, Signature
from clinic.signing.orders import Orders, fault_of_emptied, is_emptied, orders_of
from clinic.signing.statements import fault_of


@dataclass(frozen=True)
class Break:
    """The first entry at which a chain does not hold, and a sentence that says how."""

    sequence: int
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What was found about one clinic: so many entries hold, up to the break if there is one."""

    clinic: int
    entries: int
    broken: Break | None
    erased: int = 0  # of these have no document any more, by order


def verify_all(ring: Keyring, heads: Sequence[Head]) -> list[Verdict]:
    """One verdict for every clinic that has entries, a head in the database, or a head in ``heads``."""
    clinics = {*Signature.objects.values_list("clinic_id", flat=True), *ChainHead.objects.values_list("clinic_id", flat=True)}
    clinics |= {head.clinic for head in heads}
    return [_verify_clinic(clinic, ring, heads) for clinic in sorted(clinics)]


def first_break(
    rows: Iterable[Signature], ring: Keyring, heads: Iterable[Head] = (), orders: Orders | None = None
) -> tuple[Break | None, int, str]:
    """Walks one clinic's entries in order: the first break or ``None``, then number and digest of the last entry that holds.

    ``heads`` are those of this clinic; a chain that is shorter than one of them, or has another entry there, is broken. ``orders`` name
    the entries whose document was removed by order: these and no others may have lost it.
    """
    kept = {head.sequence: head for head in heads}
    sequence, digest = 0, GENESIS
    for row in rows:
        sentence = _fault_in_chain(row, (sequence, digest), ring, orders or {}) or _fault_against(kept.get(row.sequence), row)
        if sentence:
            return Break(min(row.sequence, sequence + 1), sentence), sequence, digest
        sequence, digest = row.sequence, row.digest
    cut = [kept[number] for number in sorted(kept) if number > sequence]
    if cut:
        sentence = f"the entries after {sequence} were cut off: {_said(cut[0])} there were {cut[0].sequence}"
        return Break(sequence + 1, sentence), sequence, digest
    return None, sequence, digest


def _fault_in_chain(row: Signature, before: tuple[int, str], ring: Keyring, orders: Orders) -> str:
    sequence, digest = before
    if row.sequence <= sequence:
        return f"entry {row.sequence} is there twice"
    if row.sequence != sequence + 1:
        return f"entry {sequence + 1} is missing"
    if fault := _fault_alone(row, ring, orders):
        return f"entry {row.sequence} {fault}"
    if row.previous_digest != digest:
        return f"entry {row.sequence} does not follow the entry before it"
    return ""


def _fault_alone(row: Signature, ring: Keyring, orders: Orders) -> str:
    if is_emptied(row) or row.sequence in orders:
        return fault_of_emptied(row, ring, orders)
    return fault_of(row, ring)


def _fault_against(head: Head | None, row: Signature) -> str:
    if head is None or head.digest == row.digest:
        return ""
    return f"entry {row.sequence} is not the one that stood there {_said(head)}: the chain was written anew"


def _said(head: Head) -> str:
    at = parse_datetime(head.at)
    return f"on {at:%Y-%m-%d at %H:%M} UTC" if at else f"on {head.at}"


def _verify_clinic(clinic: int, ring: Keyring, heads: Sequence[Head]) -> Verdict:
    # The head before and after: an entry may be signed while the others are read.
    before = _head(clinic)
    rows = Signature.objects.filter(clinic_id=clinic).order_by("sequence", "pk").iterator()
    orders = orders_of(clinic, ring)
    broken, sequence, digest = first_break(rows, ring, [each for each in heads if each.clinic == clinic], orders)
    fault = broken or _fault_of_heads(before, _head(clinic), sequence, digest)
    return Verdict(clinic, sequence, fault, sum(number <= sequence for number in orders))


def _head(clinic: int) -> ChainHead:
    return ChainHead.objects.filter(clinic_id=clinic).first() or ChainHead(clinic_id=clinic)


def _fault_of_heads(before: ChainHead, now: ChainHead, sequence: int, digest: str) -> Break | None:
    if sequence < before.sequence:
        return Break(sequence + 1, f"the entries after {sequence} were cut off: the head of the chain knows {before.sequence}")
    if now.sequence < sequence:
        return Break(now.sequence + 1, f"there are entries after {now.sequence}, where the head of the chain says it ends")
    if now.sequence == sequence and now.digest != digest:
        return Break(sequence, f"the head of the chain was changed: it does not fit entry {sequence}")
    return None
