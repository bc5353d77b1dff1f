"""Signatures of doctors: canonical content, a key outside the database, a chain that shows what was changed."""
