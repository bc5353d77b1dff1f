"""Protocols and rules as one file with its digest, out of one clinic and into another."""
