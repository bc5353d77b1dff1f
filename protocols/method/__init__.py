"""The method: pure Python, no framework, clock, chance or I/O. Same input, same plan."""
