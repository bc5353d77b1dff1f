"""Of the schedule."""
