"""What courses have to tell patients and staff by messages: when it is posted, and what it says at the moment of sending."""
