"""What changes here: one transaction, one audit line each, actor last."""
