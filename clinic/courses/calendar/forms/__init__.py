"""What people enter on the pages of the calendar."""
