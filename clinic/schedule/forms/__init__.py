"""Forms of the schedule. Only the fields named here can be set by a request."""
