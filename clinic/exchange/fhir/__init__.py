"""Courses and patients in the words of FHIR R4B, for other programs to read."""
