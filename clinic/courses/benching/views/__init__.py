"""Pages that make cases of courses."""
