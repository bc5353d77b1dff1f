"""Keeping and erasing: what changes, each in one transaction."""
