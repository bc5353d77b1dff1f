"""``manage.py verify audit``: no line of the audit and no sealed look was changed, removed or put in."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, Final

from clinic.audit.actions import verify_chain
from clinic.audit.emptied import emptied_lines
from clinic.audit.models import AuditLine, ReadLine
from clinic.audit.verifying import sealed_counts

HELP = "every line of the audit against its neighbours and every sealed look against its seal"
REDUCED: Final[Mapping[str, Any]] = {}


def add_arguments(_parser: ArgumentParser) -> None:
    """This proof takes no options."""


def run(_options: Mapping[str, Any], write: Callable[[str], object]) -> bool:
    """Checks the whole audit and writes what was found; says whether it holds."""
    broken = verify_chain()
    write(f"The audit is broken: {broken.sentence}." if broken else f"The audit holds: {figures()}.")
    return broken is None


def figures() -> str:
    """How much there is, in one sentence: looks that wait for a seal are not protected yet."""
    sealed, seals = sealed_counts()
    emptied = len(emptied_lines())
    by_order = f", {emptied} of them emptied by order" if emptied else ""
    return (
        f"{AuditLine.objects.count()} lines{by_order}; {sealed} looks in {seals} seals, {ReadLine.objects.count() - sealed} wait for theirs"
    )
