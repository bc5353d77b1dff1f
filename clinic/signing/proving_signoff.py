"""``manage.py verify signoff``: every signature of every clinic, against the trusted keys, its neighbours and the heads kept in files.

The audit is compared with its heads too: its own digests (``verify audit``) do not show that all of it was written anew.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from clinic.audit.models import AuditLine
from clinic.signing.heads import AUDIT, BadHead, Head, audit_heads_file, heads_file, read_heads
from clinic.signing.keys import Keyring, keyring
from clinic.signing.verifying import Verdict, verify_all

HELP = "every doctor's signature: by the trusted keys, in an unbroken chain, and against the heads that were kept in files"
REDUCED: Final[Mapping[str, Any]] = {}

Write = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify signoff``."""
    parser.add_argument("--head", action="append", default=[], type=Path, metavar="FILE", help="also these heads, kept elsewhere")


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Checks, writes one line for each clinic, and says whether all chains hold."""
    ring = keyring()
    try:
        kept = _heads([file for file in (heads_file(), audit_heads_file()) if file.exists()] + options["head"], ring)
    except (BadHead, OSError, UnicodeDecodeError) as wrong:
        write(f"The heads cannot be used: {wrong}.")
        return False
    heads = [head for head in kept if head.clinic != AUDIT]
    if not heads:
        write("No head has been kept yet, so an end that was cut off would not be seen.")
    verdicts = verify_all(ring, heads)
    for verdict in verdicts:
        write(_sentence(verdict, heads))
    fault = _fault_of_the_audit([head for head in kept if head.clinic == AUDIT])
    if fault:
        write(fault)
    holds = not fault and not any(verdict.broken for verdict in verdicts)
    write(f"{'All signatures hold' if holds else 'The signatures do NOT hold'}: {sum(each.entries for each in verdicts)} entries.")
    return holds


def _heads(files: list[Path], ring: Keyring) -> list[Head]:
    return [head for file in files for head in read_heads(file.read_text(encoding="utf-8").splitlines(), ring)]


def _fault_of_the_audit(heads: list[Head]) -> str:
    """Each line names the digest of the one before it, so the newest head speaks for all lines up to it."""
    newest = max(heads, key=lambda head: head.sequence, default=None)
    if newest is None:
        return ""
    digest = AuditLine.objects.filter(sequence=newest.sequence).values_list("digest", flat=True).first()
    if digest == newest.digest:
        return ""
    what = "is missing" if digest is None else "is not the one that stood there: the audit was written anew"
    return f"Audit: line {newest.sequence} {what} (head of {newest.at})."


def _sentence(verdict: Verdict, heads: list[Head]) -> str:
    if verdict.broken:
        return f"Clinic {verdict.clinic}: broken at entry {verdict.broken.sequence}: {verdict.broken.sentence}."
    known = max((head.sequence for head in heads if head.clinic == verdict.clinic), default=0)
    erased = f", {verdict.erased} of them erased by order" if verdict.erased else ""
    return f"Clinic {verdict.clinic}: {verdict.entries} entries hold{erased}; heads kept up to entry {known}."
