"""Parts of the numbers by layer."""
