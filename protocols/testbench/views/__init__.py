"""Pages of the test bench."""
