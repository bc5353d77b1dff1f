"""What pages of this package answer."""
