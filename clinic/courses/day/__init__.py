"""The session day: who comes, the minute before, the session itself, its record, and what it means for the next one."""
