"""Collecting the words of pages and programs, and keeping their translations, without any program but Python."""
