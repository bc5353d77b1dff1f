"""Patients from a file: shown with what is wrong, taken over, taken back."""
