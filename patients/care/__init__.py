"""Who is in a patient's care, and how somebody else opens the record with a reason, for a while, and reported."""
