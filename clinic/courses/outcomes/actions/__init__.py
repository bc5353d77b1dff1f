"""Parts of the outcomes by layer."""
