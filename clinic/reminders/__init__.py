"""Messages to patients and staff: rows that are sent once, and the links that answer them."""
