"""What becomes of records in the long run: kept, handed out, erased, backed up and brought back."""
