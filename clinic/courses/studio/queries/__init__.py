"""What pages of this package read."""
