"""What people enter here."""
