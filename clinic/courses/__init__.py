"""Courses: planned, signed, dated, given, recorded and looked back on. Where the method meets patient and calendar."""
