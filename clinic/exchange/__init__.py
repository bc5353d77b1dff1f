"""What other programs give us and get from us: lists of patients as CSV, courses as FHIR."""
