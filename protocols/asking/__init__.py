"""Questions about a patient as form fields, in the words of the library: for the intake, the day, and the test bench."""
