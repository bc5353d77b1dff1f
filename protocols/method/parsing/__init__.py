"""From parsed TOML tables to typed, frozen rows. Every fault is noted with its file and place; nothing is guessed."""

from protocols.method.parsing.faults import FaultList, LibraryFaults
from protocols.method.parsing.reader import Spot, read_entry
from protocols.method.parsing.tables import read_conditions, read_list, read_table

__all__ = ["FaultList", "LibraryFaults", "Spot", "read_conditions", "read_entry", "read_list", "read_table"]
