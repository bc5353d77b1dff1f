"""Courses and editions: which course keeps to which, what another edition would change, and how one is moved."""
