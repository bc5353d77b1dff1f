"""The next course of a patient who comes back: prefilled from the referral and the last course, with its dates."""
