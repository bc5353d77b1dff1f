"""The life of courses walked through at random, and an independent reader of the database that looks after every step."""
