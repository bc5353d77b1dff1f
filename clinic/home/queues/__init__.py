"""What waits for an administrator, a clinical lead and an auditor: one list for each kind of work, one button for each line."""
