"""What a course brings about: measures over time, the body marked, the review half-way, the report, and what is done at home."""
