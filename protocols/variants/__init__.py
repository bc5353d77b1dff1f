"""A clinic's own variants of protocols and tables: what one changes, how it is checked, and what may be done with it."""
