"""Where a day begins: what waits for a role, the search over everything, help, and the first steps of a new clinic."""
