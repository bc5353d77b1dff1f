"""Forms of the rulebook. What is stricter is decided by ``changing_*``; a form only reads and words."""
