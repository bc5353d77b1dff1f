"""Checks of the content: references, sums, limits and safety of every protocol. Each module notes its faults in one list."""

from typing import TYPE_CHECKING

from protocols.method.parsing import FaultList

if TYPE_CHECKING:
    from protocols.method.library import Library


def inspect_library(library: "Library", faults: FaultList) -> None:
    """Note every fault of the content in ``faults``."""
