"""Forms of the test bench."""
