"""How a variant becomes an edition: the doctor's signature, what a clinic works with since when, what is overdue for review."""
