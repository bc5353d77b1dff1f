"""The library for people: reference pages without a patient, and the review of its entries."""
