"""What is sent to the studio, read."""
