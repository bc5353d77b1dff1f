"""Parts of the session day by layer."""
