"""Numbers of a clinic: who came, what was given, what it brought. Counts, never names."""
