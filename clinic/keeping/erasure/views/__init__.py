"""The pages of keeping and erasing."""
