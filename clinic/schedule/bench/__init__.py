"""What proposing dates costs, measured on invented calendars beside a bare sketch of the same search."""
