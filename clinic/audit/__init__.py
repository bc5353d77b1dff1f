"""Who did what and who saw what: lines that are only ever added, in a chain."""
