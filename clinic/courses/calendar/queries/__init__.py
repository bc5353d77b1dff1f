"""Of the calendar."""
