"""What ``verify backup`` works with: a clinic filled with rows, somebody who goes on writing, and processes that are killed."""
