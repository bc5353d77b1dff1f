"""A clinic's own stricter rules and course rules, and each rule tried on answers."""
