"""What the numbers count. Every query starts at a clinic and asks a fixed number of times."""
