"""The pages of variants."""
