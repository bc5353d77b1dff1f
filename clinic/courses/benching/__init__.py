"""A case for the test bench out of a real course: its plan's question without whose it was."""
