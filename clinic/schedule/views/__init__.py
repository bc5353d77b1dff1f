"""Pages of the schedule, one module for each part."""
