"""The test bench: worked cases of a variant, trying it on a test patient, cases made from real courses."""
