"""Editions of the knowledge: what one consists of, how it is kept, and which one a clinic works with."""
