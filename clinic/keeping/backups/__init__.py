"""A copy of everything in one encrypted file, and the proof that it comes back."""
